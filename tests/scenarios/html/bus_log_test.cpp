// What a report knows of the frames of a run: who sent them to whom, what they say, and which answer belongs
// to which request.
#include "scenarios/html/bus_log.hpp"

#include "catch2/catch.hpp"
#include "protocols/trace/candump_log.hpp"
#include "protocols/trace/record.hpp"

namespace canstage::scenarios::html::testing {

namespace {

using namespace std::chrono_literals;
using kind = logged_message::kind;

ecu ecu_at(std::string name, std::uint16_t request, std::uint16_t response) {
  ecu one;
  one.name = std::move(name);
  one.address.rx = can::identifier::standard(request);
  one.address.tx = can::identifier::standard(response);
  one.address.functional_rx = can::identifier::standard(0x7DF);
  auto settings = std::make_shared<uds::server_config>();
  settings->timing.p2 = 25ms;
  one.uds = settings;
  return one;
}

scenario two_ecus() {
  scenario play;
  play.buses = {{.name = "can0", .rates = can::bit_rates{500'000, 0}, .where = {}}};
  play.ecus = {ecu_at("engine", 0x7E0, 0x7E8), ecu_at("gearbox", 0x7E1, 0x7E9)};
  tester from;
  from.name = "tester";
  from.functional = can::identifier::standard(0x7DF);
  from.ecus = {0, 1};
  play.testers = {from};
  return play;
}

/// Frames as candump writes them, each at its time of the stage.
class hearer {
 public:
  explicit hearer(bus_log& log) : log_(log) {}

  void hear(std::chrono::microseconds at, const std::string& frame) {
    text_error problem;
    const auto read = trace::parse_line("(0.000000) can0 " + frame, problem);
    REQUIRE(read);
    std::string nothing;
    log_.add(nothing, {.time = instant{at} + trace::clock_at_start, .content = read->content});
    CHECK(nothing.empty());
  }

 private:
  bus_log& log_;
};

std::string name(const bus_log& log, std::uint32_t who) {
  return log.texts().texts()[log.participants().at(who).name];
}

std::string text(const bus_log& log, std::uint32_t number) { return log.texts().texts()[number]; }

}  // namespace

TEST_CASE("a segmented answer is one message of its ECU, with the request that it answers") {
  const scenario play = two_ecus();
  bus_log log{play};
  hearer bus{log};
  bus.hear(1000us, "7DF#0322F190CCCCCCCC");
  bus.hear(4000us, "7E8#101462F190575657");
  bus.hear(4300us, "7E0#300000CCCCCCCCCC");
  bus.hear(4600us, "7E8#215A5A5A314A5A58");
  bus.hear(4900us, "7E8#2257303030303031");

  REQUIRE(log.messages().size() == 2);
  const auto& request = log.messages()[0];
  CHECK(request.what == kind::request);
  CHECK(name(log, request.from) == "tester");
  CHECK(name(log, request.to) == "all");
  CHECK(text(log, request.text) == "ReadDataByIdentifier: F190 VIN");

  const auto& answer = log.messages()[1];
  CHECK(answer.what == kind::positive);
  CHECK(answer.whole);
  CHECK(name(log, answer.from) == "engine");
  CHECK(answer.first == 1);
  CHECK(answer.last == 4);
  CHECK(answer.length == 20);
  CHECK(answer.request == 0);
  CHECK(answer.since == 0);
  CHECK(text(log, answer.text) == "ReadDataByIdentifier answered: F190 VIN \"WVWZZZ1JZXW000001\"");

  // The flow control belongs to no message, but is somebody's.
  CHECK(log.frames()[2].message == none);
  CHECK(name(log, log.frames()[2].from) == "tester");
  CHECK(log.frames()[1].end == instant{4ms});
  CHECK(log.frames()[1].on_wire > 200us);
}

TEST_CASE("after a 0x78 the time counts from its end, and an answer belongs to one request") {
  const scenario play = two_ecus();
  bus_log log{play};
  hearer bus{log};
  bus.hear(1ms, "7E0#043101FF00CCCCCC");
  bus.hear(20ms, "7E8#037F3178CCCCCCCC");
  bus.hear(90ms, "7E8#057101FF0000CCCC");
  bus.hear(95ms, "7E8#057101FF0000CCCC");

  REQUIRE(log.messages().size() == 4);
  CHECK(log.messages()[1].what == kind::pending);
  CHECK(log.messages()[1].since == 0);
  CHECK(log.messages()[2].what == kind::positive);
  CHECK(log.messages()[2].request == 0);
  CHECK(log.messages()[2].since == 1);
  // Nobody asked for this one.
  CHECK(log.messages()[3].request == none);
}

TEST_CASE("the later of a physical and a functional request is the one that is answered") {
  const scenario play = two_ecus();
  bus_log log{play};
  hearer bus{log};
  bus.hear(1ms, "7DF#023E00CCCCCCCCCC");
  bus.hear(2ms, "7E1#023E00CCCCCCCCCC");
  bus.hear(3ms, "7E8#027E00CCCCCCCCCC");
  bus.hear(4ms, "7E9#037F3E22CCCCCCCC");
  REQUIRE(log.messages().size() == 4);
  CHECK(log.messages()[2].request == 0);
  CHECK(log.messages()[3].request == 1);
  CHECK(log.messages()[3].what == kind::negative);
}

TEST_CASE("a message that breaks off is not whole, and says why") {
  const scenario play = two_ecus();
  bus_log log{play};
  hearer bus{log};
  bus.hear(1ms, "7E8#101462F190575657");
  bus.hear(2ms, "7E8#225A5A5A314A5A58");
  REQUIRE(log.messages().size() == 1);
  CHECK_FALSE(log.messages()[0].whole);
  CHECK(text(log, log.messages()[0].text) == "CF  SN 2, expected 1: the message is not whole");
}

TEST_CASE("somebody unknown who speaks UDS is called by the identifier, as in verdicts") {
  const scenario play = two_ecus();
  bus_log log{play};
  hearer bus{log};
  bus.hear(1ms, "7EE#037F2231CCCCCCCC");
  bus.hear(2ms, "123#0102030405060708");
  REQUIRE(log.messages().size() == 1);
  CHECK(name(log, log.messages()[0].from) == "7EE");
  CHECK(log.frames()[1].from == none);
}

TEST_CASE("what comes when a limit is reached is counted and not kept") {
  const scenario play = two_ecus();
  bus_log log{play, {.frames = 2, .data = 1000, .texts = 1000}};
  hearer bus{log};
  for (int i = 0; i < 5; ++i) bus.hear(1ms * i, "7E0#023E00CCCCCCCCCC");
  CHECK(log.heard() == 5);
  CHECK(log.frames().size() == 2);
  CHECK(log.data().size() == 16);
  CHECK(log.rest_of({.frames = 10, .data = 100, .texts = 10}).frames == 8);
  CHECK(log.rest_of({.frames = 1, .data = 100, .texts = 10}).frames == 0);
}

TEST_CASE("remarks and P2 are kept") {
  const scenario play = two_ecus();
  bus_log log{play};
  std::string nothing;
  log.remark(nothing, instant{1500ms}, "engine: wrong_sn");
  REQUIRE(log.remarks().size() == 1);
  CHECK(log.remarks()[0].at == instant{500ms});
  CHECK(log.participants()[1].p2 == 25ms);
}

}  // namespace canstage::scenarios::html::testing

// When answers go out, 0x78, and what happens to a second request.
#include <algorithm>

#include "catch2/catch.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

namespace {

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("UDS-105 an answer goes out after the response time") {
  server_stage s;
  s.request("22 F1 90");
  CHECK(s.machine().deadline() == s.now() + 2ms);
  s.run(2ms - 1ns);
  CHECK(s.log().empty());
  s.run(1ns);
  CHECK(s.log() == lines{"+2ms 62 F1 90 41 42 43"});
  auto config = usual_config();
  config.response_time = {};
  server_stage at_once{config};
  at_once.request("3E 00");
  CHECK(at_once.log() == lines{"+0ms 7E 00"});
}

TEST_CASE("a range of response times draws from the stream, once per answer") {
  auto config = usual_config();
  config.response_time = {1ms, 9ms};
  auto fixed = rule_reply("31 *", "71");
  fixed.after = time_range{3ms, 3ms};
  config.rules.push_back(fixed);
  const auto delays = [&](std::uint64_t seed, bool with_others) {
    server_stage s{config, seed};
    std::vector<duration> result;
    for (int i = 0; i < 50; ++i) {
      s.request("3E 00");
      result.push_back(s.machine().deadline() - s.now());
      s.run(10ms);
      if (!with_others) continue;
      s.request("31 01");  // a fixed delay draws nothing,
      s.request("3E 00");  // nor does 0x21,
      s.run(10ms);
      s.request("3E 80");  // nor does silence
    }
    return result;
  };
  const auto first = delays(1, false);
  CHECK(first == delays(1, true));
  CHECK(first != delays(2, false));
  CHECK(*std::min_element(first.begin(), first.end()) >= 1ms);
  CHECK(*std::max_element(first.begin(), first.end()) <= 9ms);
  CHECK(first[0] != first[1]);
}

TEST_CASE("a literal delay is kept also if it is too late, without a 0x78") {
  auto config = usual_config();
  auto late = rule_reply("31 01", "71 01");
  late.after = time_range{400ms, 400ms};
  config.rules.push_back(late);
  server_stage s{config};
  s.request("31 01");
  s.run(1s);
  CHECK(s.log() == lines{"+400ms 71 01"});
}

TEST_CASE("UDS-100 UDS-106 long work reports 0x78 before P2 and within each P2*") {
  server_stage s{working_config()};
  s.request("31 01 FF 00");
  s.run(20s);
  CHECK(s.log() == lines{"+40ms 7F 31 78", "+4040ms 7F 31 78", "+8040ms 7F 31 78", "+12000ms 71 01"});
  CHECK_FALSE(s.machine().busy());
}

TEST_CASE("UDS-100 work that fits into P2 reports nothing") {
  server_stage s{working_config()};
  s.request("31 02");
  s.run(1s);
  CHECK(s.log() == lines{"+30ms 71 02"});
  auto config = working_config();
  config.timing.p2 = 30ms;
  server_stage exactly{config};
  exactly.request("31 02");
  exactly.run(1s);
  CHECK(exactly.log() == lines{"+30ms 71 02"});
  config.timing.p2 = 30ms - 1ns;
  server_stage longer{config};
  longer.request("31 02");
  longer.run(1s);
  CHECK(longer.log().size() == 2);
}

TEST_CASE("UDS-100 P2* counts from the confirmation of a 0x78, and the answer does not overtake it") {
  server_stage s{working_config()};
  s.confirm_by_hand();
  s.request("31 01");
  s.run(100ms);
  CHECK(s.log() == lines{"+40ms 7F 31 78"});
  CHECK(s.machine().deadline() == never);
  s.confirm();
  CHECK(s.machine().deadline() == s.now() + 4s);
  s.run(4s);
  CHECK(s.log() == lines{"+4100ms 7F 31 78"});
  s.run(20s);
  CHECK(s.log().empty());
  s.confirm();
  CHECK(s.log() == lines{"+24100ms 71 01"});
  CHECK(s.machine().busy());
  s.confirm();
  CHECK_FALSE(s.machine().busy());
}

TEST_CASE("a P2* of zero does not stop time") {
  auto config = working_config();
  config.timing.p2_star = 0ms;
  config.rules[0].takes = time_range{52ms, 52ms};
  server_stage s{config};
  s.request("31 01");
  s.run(1s);
  CHECK(s.log().size() == 13);
}

TEST_CASE("UDS-101 after a 0x78 the final answer is sent in spite of SPRMIB") {
  server_stage s{working_config()};
  CHECK(s.ask("3E 80") == "7F 3E 78 | 7E 00");
}

TEST_CASE("UDS-102 after a 0x78 a functional request gets its 31") {
  server_stage s{working_config()};
  s.functional("31 03");
  s.run(20s);
  CHECK(s.log().back() == "+12000ms 7F 31 31");
  CHECK(s.ask_functional("31 04") == "");
  CHECK(s.ask("31 04") == "7F 31 31");
}

TEST_CASE("UDS-102 a late host does not change whether a suppressed answer is sent") {
  server_stage s{working_config()};
  s.functional("31 03");
  s.run(0ms);
  auto& machine = s.machine();
  machine.on_time(s.now() + 60s);
  const auto first = machine.poll();
  REQUIRE(first);
  CHECK(to_hex(std::get<respond>(*first).message) == "7F 31 78");
  machine.on_response_sent(s.now() + 60s);
  const auto second = machine.poll();
  REQUIRE(second);
  CHECK(to_hex(std::get<respond>(*second).message) == "7F 31 31");
}

TEST_CASE("UDS-103 a second request gets 21 and the first one completes") {
  server_stage s{working_config()};
  s.request("31 01");
  s.run(1s);
  s.request("22 F1 90");
  s.functional("3E 00");
  s.functional("BA");
  s.request("50 03");
  CHECK(s.log() == lines{"+40ms 7F 31 78", "+0ms 7F 22 21", "+0ms 7F 3E 21", "+0ms 7F BA 21"});
  s.run(11s);
  CHECK(s.log().back() == "+11000ms 71 01");
}

TEST_CASE("UDS-103 confirmations of 21 are not taken for those of the first request") {
  server_stage s{working_config()};
  s.confirm_by_hand();
  s.request("31 01");
  s.run(10ms);
  s.request("22 F1 90");  // 21 ahead of the 0x78
  s.run(30ms);
  s.request("22 F1 90");  // 21 behind it
  REQUIRE(s.unconfirmed() == 3);
  s.run(1s);
  s.confirm();
  CHECK(s.machine().deadline() == never);
  s.confirm();  // the 0x78
  CHECK(s.machine().deadline() == s.now() + 4s);
  s.confirm();
  CHECK(s.machine().deadline() == s.now() + 4s);
  s.confirm();  // nothing is outstanding
  CHECK(s.machine().deadline() == s.now() + 4s);
}

TEST_CASE("UDS-103 the answer is not confirmed by a 21 that went out before it") {
  server_stage s;
  s.confirm_by_hand();
  go_extended(s);
  s.request("22 F1 90");
  s.request("3E 00");
  s.run(2ms);
  s.request("3E 00");
  CHECK(s.log() == lines{"+0ms 7F 3E 21", "+2ms 62 F1 90 41 42 43", "+0ms 7F 3E 21"});
  s.confirm();
  CHECK(s.machine().busy());
  s.run(1ms);
  s.confirm();
  CHECK_FALSE(s.machine().busy());
  CHECK(s.machine().deadline() == s.now() + 5s);
  s.run(1ms);
  s.confirm();  // the 21 was the last answer of all
  CHECK(s.machine().deadline() == s.now() + 5s);
}

TEST_CASE("UDS-104 functional 3E 80 is accepted while another request is worked on") {
  server_stage s{working_config()};
  s.request("31 01");
  s.functional("3E 80");
  s.run(1ms);
  CHECK(s.log().empty());
  s.request("3E 80");  // physically it is a second request like any other
  CHECK(s.log() == lines{"+0ms 7F 3E 21"});
  s.run(20s);
  CHECK(s.log().back() == "+11999ms 71 01");
}

}  // namespace canstage::uds::testing

// Who is judged in a step, and in which order.
#include <string>
#include <vector>

#include "catch2/catch.hpp"
#include "scenarios/verdict.hpp"
#include "tests/scenarios/exchanges.hpp"

namespace canstage::scenarios::test {
namespace {

const bytes read_vin{0x22, 0xF1, 0x90};

/// A tester that reaches all of the ECUs but the first, so that keys are not indices by accident.
scenario stage() {
  scenario play;
  for (const char* name : {"elsewhere", "engine", "gearbox", "abs", "airbag"}) {
    play.ecus.emplace_back().name = name;
  }
  play.testers.emplace_back().ecus = {1, 2, 3, 4};
  play.endpoints.emplace_back().name = "raw";
  return play;
}

std::vector<std::string> lines(const std::vector<verdict>& verdicts) {
  std::vector<std::string> result;
  for (const verdict& v : verdicts) result.push_back(v.who + ": " + std::string(to_string(v.what)));
  return result;
}

std::vector<verdict> judged(const functional_step& step, const uds::exchange_report& report) {
  uds::captures caught;
  return judge_functional(stage(), step, read_vin, report, caught);
}

using text = std::vector<std::string>;

TEST_CASE("named ECUs come in the order of the file, then the others, then strangers") {
  functional_step step;
  step.window = 200ms;
  step.expect.ecus = {{3, reply("62 *")}, {1, reply_within("62 *", 50ms)}};
  step.expect.others = silence();
  auto report = exchange({reactions({answer(60ms, "62 F1 90")}, 0), reactions({}, 1),
                          reactions({answer(3ms, "62 F1 90")}, 2), reactions({answer(4ms, "62 F1 90")}, 3)});
  report.unknown = {{can::identifier::standard(0x7EE), answer(7ms, "62 F1 90 41")},
                    {can::identifier::extended(0x18DAF10A), answer(8ms, "62 F1 90 42")}};
  const auto verdicts = judged(step, report);
  CHECK(lines(verdicts) == text{"abs: as expected", "engine: late", "gearbox: as expected",
                                "airbag: not expected", "7EE: unknown responder",
                                "18DAF10A: unknown responder"});
  CHECK_FALSE(verdicts[0].other);
  CHECK(verdicts[2].other);
  CHECK(verdicts[4].detail == "nobody owns this identifier: 62 F1 90 41 after 7 ms");
  CHECK(verdicts[4].answer == hex("62 F1 90 41"));
}

TEST_CASE("short identifiers are written with all their digits") {
  auto report = exchange({});
  report.unknown = {{can::identifier::standard(0x9), answer(7ms, "62")},
                    {can::identifier::extended(0x9), answer(8ms, "62")}};
  const auto verdicts = judged({}, report);
  CHECK(verdicts.at(4).who == "009");
  CHECK(verdicts.at(5).who == "00000009");
}

TEST_CASE("one stranger has one verdict, whatever it sent") {
  auto report = exchange({});
  const auto id = can::identifier::standard(0x7EE);
  report.unknown = {{id, answer(7ms, "7F 22 78")},
                    {id, answer(8ms, "62 F1 90")},
                    {id, broken(9ms, 1s, isotp::n_result::n_timeout_cr)}};
  const auto verdicts = judged({}, report);
  REQUIRE(verdicts.size() == 5);
  CHECK(verdicts[4].pendings == std::vector<duration>{7ms});
  CHECK(verdicts[4].answer == hex("62 F1 90"));
  CHECK(verdicts[4].detail ==
        "nobody owns this identifier: one 0x78 after 7 ms; 62 F1 90 after 8 ms; "
        "an answer broke off with N_TIMEOUT_Cr after 9 ms");
}

TEST_CASE("who is neither named nor among the others is only shown") {
  functional_step step;
  step.expect.ecus = {{1, reply("62 *")}};
  const auto verdicts = judged(
      step, exchange({reactions({answer(2ms, "62 F1 90")}, 0), reactions({answer(3ms, "7F 22 31")}, 1)}));
  CHECK(lines(verdicts) ==
        text{"engine: as expected", "gearbox: not judged", "abs: not judged", "airbag: not judged"});
  CHECK(verdicts[1].answer == hex("7F 22 31"));
  CHECK_FALSE(is_failure(verdicts[2].what));
}

TEST_CASE("an order is broken by who answers before somebody that comes first") {
  functional_step step;
  step.expect.others = reply("62 *");
  step.expect.order = {1, 2, 3};
  const auto began = [&](duration engine, duration gearbox, duration abs) {
    return lines(judged(step, exchange({reactions({answer(engine, 90ms, "62 F1 90")}, 0),
                                        reactions({answer(gearbox, 90ms, "62 F1 90")}, 1),
                                        reactions({answer(abs, 90ms, "62 F1 90")}, 2),
                                        reactions({answer(1ms, 90ms, "62 F1 90")}, 3)})));
  };
  CHECK(began(2ms, 3ms, 4ms)[2] == "abs: as expected");
  CHECK(began(2ms, 2ms, 2ms)[1] == "gearbox: as expected");
  CHECK(began(5ms, 3ms, 4ms) ==
        text{"engine: as expected", "gearbox: out of order", "abs: out of order", "airbag: as expected"});
  CHECK(began(2ms, 5ms, 4ms)[2] == "abs: out of order");

  SECTION("it is the final answer that counts, not its 0x78") {
    const auto verdicts =
        judged(step, exchange({reactions({answer(2ms, "7F 22 78"), answer(9ms, "62 F1 90")}, 0),
                               reactions({answer(4ms, "62 F1 90")}, 1)}));
    CHECK(verdicts[1].what == outcome::out_of_order);
    CHECK(verdicts[1].detail == "began to answer 5 ms before engine, expected after it");
  }
  SECTION("who never answers holds up nobody") {
    CHECK(judged(step, exchange({reactions({}, 0), reactions({answer(4ms, "62 F1 90")}, 1)}))[1].what ==
          outcome::as_expected);
  }
  SECTION("a worse outcome stays, the order is mentioned") {
    const auto verdicts = judged(
        step, exchange({reactions({answer(9ms, "62 F1 90")}, 0), reactions({answer(4ms, "7F 22 31")}, 1)}));
    CHECK(verdicts[1].what == outcome::wrong_answer);
    CHECK_THAT(verdicts[1].detail, Catch::Contains("; began to answer 5 ms before engine"));
  }
}

TEST_CASE("UDS-104 a late answer is late although the exchange waited for another ECU") {
  functional_step step;
  step.window = 200ms;
  step.expect.others = reply("62 *");
  const auto verdicts =
      judged(step, exchange({reactions({answer(40ms, "7F 22 78"), answer(4s, "62 F1 90")}, 0),
                             reactions({answer(250ms, "62 F1 90")}, 1)},
                            4s));
  CHECK(verdicts[0].what == outcome::as_expected);
  CHECK(verdicts[1].what == outcome::late);
  CHECK(verdicts[1].late_by == 50ms);
}

TEST_CASE("a physical request judges whom it was sent to") {
  request_step step;
  step.to = {party::kind::ecu, 2};
  step.expect = reply("62 *");
  uds::captures caught;
  const auto report = exchange({reactions({answer(2ms, "62 F1 90")}, 77)});
  CHECK(lines(judge_request(stage(), step, read_vin, report, caught)) == text{"gearbox: as expected"});

  step.to = {party::kind::endpoint, 0};
  CHECK(lines(judge_request(stage(), step, read_vin, exchange({}), caught)) == text{"raw: silent"});

  SECTION("without an expectation the answer is only shown") {
    step.expect.reset();
    const auto shown = judge_request(stage(), step, read_vin, report, caught);
    CHECK(lines(shown) == text{"raw: not judged"});
    CHECK(shown[0].answer == hex("62 F1 90"));
    CHECK(judge_request(stage(), step, read_vin, exchange({}), caught)[0].detail == "no reaction in 200 ms");
  }
  SECTION("but the request has to get through all the same") {
    step.expect.reset();
    auto lost = exchange({});
    lost.request_result = isotp::n_result::n_timeout_bs;
    CHECK(lines(judge_request(stage(), step, read_vin, lost, caught)) == text{"raw: not sent"});
  }
}

}  // namespace
}  // namespace canstage::scenarios::test

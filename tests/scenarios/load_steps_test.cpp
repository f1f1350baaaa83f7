// Steps and expectations as the loader makes them.
#include <chrono>

#include "catch2/catch.hpp"
#include "tests/scenarios/loaded.hpp"

namespace canstage::scenarios {
namespace {

using namespace std::chrono_literals;
using kind = responder_expectation::kind;

template <class Step>
const Step& as(const step& s) {
  REQUIRE(std::holds_alternative<Step>(s.what));
  return std::get<Step>(s.what);
}

TEST_CASE("a functional step is read", "[loader]") {
  const scenario play = loaded_steps(
      "  - functional: { request: 22 F1 90 }\n"
      "  - name: named\n    stop: true\n"
      "    functional: { from: tester, request: \"3E 80\", window: 60ms }\n"
      "    expect: { gearbox: \"7E 00\", engine: silence, \"node[1]\": { nrc: 11 }, others: any }\n"
      "    order: [gearbox, \"node[1]\"]\n"
      "  - functional: { request: \"3E 00\" }\n    expect: { engine: any }\n");
  const auto& plain = as<functional_step>(play.steps.at(0));
  CHECK(play.steps.at(0).name == "functional 22 F1 90 from tester");
  CHECK_FALSE(play.steps.at(0).stop);
  CHECK(plain.window == 200ms);
  CHECK(plain.expect.ecus.empty());
  CHECK_FALSE(plain.expect.others);
  CHECK(play.steps.at(1).name == "named");
  CHECK(play.steps.at(1).stop);
  const auto& full = as<functional_step>(play.steps.at(1));
  CHECK(full.window == 60ms);
  REQUIRE(full.expect.ecus.size() == 3);
  CHECK(full.expect.ecus[0].ecu == 1);
  CHECK(full.expect.ecus[0].what.what == kind::reply);
  CHECK(full.expect.ecus[1].what.what == kind::silence);
  CHECK(full.expect.ecus[2].ecu == 2);
  CHECK(full.expect.ecus[2].what.nrc_code == 0x11);
  REQUIRE(full.expect.others);
  CHECK(full.expect.others->what == kind::anything);
  CHECK(full.expect.order == std::vector<std::uint32_t>{1, 2});
  const auto& others = as<functional_step>(play.steps.at(2)).expect.others;
  REQUIRE(others);
  CHECK(others->what == kind::silence);
}

TEST_CASE("a window lasts as long as the longest within", "[loader]") {
  const scenario play = loaded_steps(
      "  - functional: { request: 3E 00, window: 50ms }\n"
      "    expect: { engine: { within: 70ms }, others: { within: 300ms, final_within: 9s } }\n"
      "  - request: { to: engine, bytes: 3E 00 }\n    expect: { within: 2s }\n"
      "  - request: { to: engine, bytes: 3E 00, window: 10ms }\n"
      "  - request: { to: engine, bytes: 3E 00 }\n");
  CHECK(as<functional_step>(play.steps.at(0)).window == 300ms);
  CHECK(as<request_step>(play.steps.at(1)).window == 2s);
  CHECK(as<request_step>(play.steps.at(2)).window == 10ms);
  CHECK(as<request_step>(play.steps.at(3)).window == 1s);
  CHECK_FALSE(as<request_step>(play.steps.at(3)).expect);
}

TEST_CASE("a physical request goes from a tester to an ECU or between endpoints", "[loader]") {
  const scenario play = loaded_steps(
      "  - request: { to: \"node[1]\", bytes: 10 03 }\n    expect: \"50 03 *\"\n"
      "  - request: { from: peer, to: raw, bytes: \"01 02\" }\n    expect: any\n");
  const auto& first = as<request_step>(play.steps.at(0));
  CHECK(play.steps.at(0).name == "request 10 03 to node[1]");
  CHECK(first.from.what == party::kind::tester);
  CHECK(first.to.what == party::kind::ecu);
  CHECK(first.to.index == 2);
  REQUIRE(first.expect);
  CHECK(first.expect->reply.matches(bytes{0x50, 0x03, 0x00}));
  const auto& second = as<request_step>(play.steps.at(1));
  CHECK(second.from.what == party::kind::endpoint);
  CHECK(second.from.index == 1);
  CHECK(second.to.index == 0);
  CHECK(second.expect->what == kind::anything);
}

TEST_CASE("the tester that reaches the ECU is found among many", "[loader]") {
  const scenario play = loaded(
      "canstage: 1\nbuses: { a: {}, b: {} }\n"
      "ecus: { x: { bus: b, address: { request: 7E0, response: 7E8 } } }\n"
      "testers: { p: { bus: a }, q: { bus: b } }\nsteps: [ { request: { to: x, bytes: 3E 00 } } ]\n");
  CHECK(as<request_step>(play.steps.at(0)).from.index == 1);
}

TEST_CASE("expectations have limits of time and number", "[loader]") {
  const scenario play = loaded_steps(
      "  - request: { to: engine, bytes: 3E 00 }\n"
      "    expect: { reply: 7E 00, within: 50ms, final_within: 6s, pending: { count: 1..2, first_within: "
      "40ms, each_within: 5s } }\n"
      "  - request: { to: engine, bytes: 3E 00 }\n    expect: { pending: { first_within: 40ms } }\n"
      "  - request: { to: engine, bytes: 3E 00 }\n    expect: { pending: 2 }\n");
  const responder_expectation& full = *as<request_step>(play.steps.at(0)).expect;
  CHECK(full.within == 50ms);
  CHECK(full.final_within == 6s);
  REQUIRE(full.pending);
  CHECK(full.pending->at_least == 1);
  CHECK(full.pending->at_most == 2);
  CHECK(full.pending->first_within == 40ms);
  CHECK(full.pending->each_within == 5s);
  const responder_expectation& open = *as<request_step>(play.steps.at(1)).expect;
  CHECK(open.what == kind::reply);
  CHECK(open.reply.matches(bytes{0x7F, 0x3E, 0x12}));
  CHECK(open.pending->at_least == 1);
  CHECK_FALSE(open.pending->at_most);
  const responder_expectation& two = *as<request_step>(play.steps.at(2)).expect;
  CHECK(two.pending->at_least == 2);
  CHECK(two.pending->at_most == 2);
}

TEST_CASE("the other steps are read and named", "[loader]") {
  const scenario play = loaded_steps(
      "  - advance: 5100ms\n  - reset: gearbox\n  - send_frame: { id: 18DAF1EE, data: 03 7F 22 31 }\n"
      "  - send_frame: { id: \"012\" }\n"
      "  - parallel:\n      - - advance: 1ms\n        - advance: 2ms\n      - []\n"
      "  - repeat: { times: 1000000000, steps: [ { repeat: { times: 2, steps: [] } } ] }\n");
  CHECK(as<advance_step>(play.steps.at(0)).time == 5100ms);
  CHECK(play.steps.at(0).name == "advance 5100ms");
  CHECK(as<reset_step>(play.steps.at(1)).ecu == 1);
  CHECK(play.steps.at(1).name == "reset gearbox");
  const can::frame& frame = as<send_frame_step>(play.steps.at(2)).frame;
  CHECK(frame.id == can::identifier::extended(0x18DAF1EE));
  CHECK(frame.length == 4);
  CHECK(play.steps.at(2).name == "send_frame 18DAF1EE on can");
  CHECK(as<send_frame_step>(play.steps.at(3)).frame.length == 0);
  CHECK(play.steps.at(3).name == "send_frame 012 on can");
  CHECK(as<parallel_step>(play.steps.at(4)).branches.at(0).size() == 2);
  CHECK(as<parallel_step>(play.steps.at(4)).branches.at(1).empty());
  CHECK(as<repeat_step>(play.steps.at(5)).times == 1'000'000'000);
  CHECK(play.steps.at(5).name == "repeat 1000000000 times");
}

TEST_CASE("an FD frame is padded to a length that there is", "[loader]") {
  const scenario play = loaded(
      "canstage: 1\nbuses: { can: { bitrate: 500k, data_bitrate: 2M } }\n"
      "steps: [ { send_frame: { id: 1, data: 01 02 03 04 05 06 07 08 09, fd: true } } ]\n");
  const can::frame& frame = as<send_frame_step>(play.steps.at(0)).frame;
  CHECK(frame.length == 12);
  CHECK(frame.flags.fd);
  CHECK(frame.flags.bit_rate_switch);
}

TEST_CASE("what was captured can be used later, also after branches and repetitions", "[loader]") {
  const scenario play = loaded_steps(
      "  - parallel:\n      - - functional: { request: 27 01 }\n"
      "          expect: { engine: \"67 01 {seed:4}\" }\n"
      "        - request: { to: engine, bytes: \"27 02 {seed}\" }\n"
      "  - repeat: { times: 2, steps: [ { request: { to: engine, bytes: 22 F1 90 }, expect: \"62 F1 90 {v:2} "
      "*\" } ] }\n"
      "  - request: { to: engine, bytes: \"2E {seed} {v}\" }\n");
  CHECK(as<request_step>(play.steps.at(2)).request.names() == std::vector<std::string>{"seed", "v"});
}

}  // namespace
}  // namespace canstage::scenarios

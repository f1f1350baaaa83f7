// The tester's side: who is awaited for how long.
#include "protocols/uds/exchange.hpp"

#include <chrono>

#include "catch2/catch.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

namespace {

using isotp::n_result;

/// Drives one exchange; times are those since the end of the request, which is sent at 1 s.
class tester {
 public:
  explicit tester(exchange_spec spec) : machine(std::move(spec)) {
    CHECK(machine.deadline() == never);
    machine.on_request_sent(sent, n_result::n_ok);
  }

  void started(duration at, std::uint32_t key) { machine.on_reaction_started(sent + at, key); }
  void answer(duration at, std::uint32_t key, std::string_view text) {
    machine.on_reaction(sent + at, key, from_hex(text), n_result::n_ok);
  }
  void broken(duration at, std::uint32_t key) {
    machine.on_reaction(sent + at, key, {}, n_result::n_timeout_cr);
  }
  void unknown(duration at, std::string_view text) {
    machine.on_unknown_reaction(sent + at, can::identifier::standard(0x7EF), from_hex(text), n_result::n_ok);
  }

  /// The deadline, or -1 ms for never.
  duration deadline() const {
    return machine.deadline() == never ? duration{-1ms} : machine.deadline() - sent;
  }

  /// Meets the deadline, which ends it then and not a nanosecond before.
  void ends_at(duration at) {
    REQUIRE(deadline() == at);
    machine.on_time(sent + at - 1ns);
    REQUIRE_FALSE(machine.finished());
    machine.on_time(sent + at);
    ended(at);
  }
  void ended(duration at) const {
    REQUIRE(machine.finished());
    CHECK(machine.deadline() == never);
    CHECK(machine.report().finished == sent + at);
  }

  const responder_report& of(std::size_t place) const { return machine.report().responders.at(place); }
  duration begin(const reaction& r) const { return r.started - sent; }
  duration end(const reaction& r) const { return r.finished - sent; }

  static constexpr instant sent{1s};
  exchange machine;
};

/// Three ECUs (keys 30, 10, 20), 50 ms each, P2* 5 s.
exchange_spec functional() {
  exchange_spec spec;
  spec.request = from_hex("22 F1 90");
  spec.window = 200ms;
  for (const std::uint32_t key : {30U, 10U, 20U}) spec.responders.push_back({key, 50ms, 5s});
  return spec;
}

exchange_spec physical() {
  exchange_spec spec = functional();
  spec.kind = exchange_kind::physical;
  spec.window = 0ms;
  spec.responders = {{7, 50ms, 5s}};
  return spec;
}

}  // namespace

TEST_CASE("an answer to somebody else's request gives back the time that its begin took") {
  exchange_spec spec;
  spec.kind = exchange_kind::functional;
  spec.request = {0x3E, 0x00};
  spec.window = 50ms;
  spec.responders = {{0, 50ms, 5s}};
  exchange machine{spec};
  machine.on_request_sent(instant{}, isotp::n_result::n_ok);
  machine.on_reaction_started(instant{10ms}, 0);
  CHECK(machine.deadline() == never);
  SECTION("before the window's end") {
    machine.on_reaction_elsewhere(instant{20ms}, 0);
    CHECK(machine.deadline() == instant{50ms});
    machine.on_time(instant{50ms});
  }
  SECTION("after it") { machine.on_reaction_elsewhere(instant{80ms}, 0); }
  CHECK(machine.finished());
  CHECK(machine.report().responders[0].reactions.empty());
  CHECK_FALSE(machine.report().responders[0].unfinished_since);
}

TEST_CASE("a functional exchange listens for the whole window, also if all have answered") {
  tester t{functional()};
  t.answer(3ms, 10, "62 F1 90 01");
  t.answer(4ms, 30, "62 F1 90 03");
  t.answer(5ms, 20, "7F 22 22");
  t.ends_at(200ms);
  const auto& report = t.machine.report();
  CHECK(report.request_result == n_result::n_ok);
  CHECK(report.request_sent == t.sent);
  REQUIRE(report.responders.size() == 3);
  CHECK(t.of(0).key == 30);
  CHECK(t.of(1).key == 10);
  REQUIRE(t.of(1).reactions.size() == 1);
  CHECK(to_hex(t.of(1).reactions[0].message) == "62 F1 90 01");
  CHECK(t.begin(t.of(1).reactions[0]) == 3ms);
  CHECK(t.end(t.of(1).reactions[0]) == 3ms);
  CHECK(to_hex(t.of(2).reactions.at(0).message) == "7F 22 22");
}

TEST_CASE("silence ends with the window, or with the longest deadline") {
  tester t{functional()};
  t.ends_at(200ms);
  CHECK(t.of(0).reactions.empty());
  auto spec = functional();
  spec.responders[1].deadline = 300ms;
  tester longer{spec};
  longer.ends_at(300ms);
  tester answered{spec};
  answered.answer(10ms, 10, "62");
  answered.ends_at(200ms);
  // Also if the last one who was awaited answers after the window.
  tester late{spec};
  late.answer(250ms, 10, "62");
  late.ended(250ms);
}

TEST_CASE("an answer that began in the window is received to its end") {
  tester t{functional()};
  t.started(190ms, 20);
  CHECK(t.deadline() == -1ms);
  t.machine.on_time(t.sent + 200ms);
  CHECK_FALSE(t.machine.finished());
  t.answer(900ms, 20, "62 F1 90 01 02 03 04 05 06");
  t.ended(900ms);
  CHECK(t.begin(t.of(2).reactions.at(0)) == 190ms);
  CHECK(t.end(t.of(2).reactions.at(0)) == 900ms);
  CHECK_FALSE(t.of(2).unfinished_since);
}

TEST_CASE("what begins exactly at the deadline is in time") {
  tester t{functional()};
  t.started(200ms, 20);
  t.machine.on_time(t.sent + 200ms);
  CHECK_FALSE(t.machine.finished());
  t.answer(300ms, 20, "62");
  t.ended(300ms);
  tester single{functional()};
  single.answer(200ms, 20, "62");
  CHECK_FALSE(single.machine.finished());
  single.ends_at(200ms);
  CHECK(single.of(2).reactions.size() == 1);
}

TEST_CASE("a 0x78 extends the deadline of its own ECU and of no other") {
  tester t{functional()};
  t.answer(40ms, 10, "7F 22 78");
  t.answer(41ms, 20, "62");
  CHECK(t.deadline() == 5040ms);
  CHECK(t.of(1).reactions.at(0).response_pending);
  // A late answer of another ECU is written down and prolongs nothing.
  t.answer(900ms, 30, "7F 22 78");
  CHECK(t.deadline() == 5040ms);
  CHECK(t.of(0).reactions.size() == 1);
  t.started(1000ms, 30);
  CHECK(t.deadline() == 5040ms);
  t.answer(2000ms, 10, "62 F1 90 01");
  t.ended(2000ms);
  CHECK(t.of(1).reactions.size() == 2);
  CHECK(t.of(0).unfinished_since == t.sent + 1000ms);
}

TEST_CASE("each 0x78 extends from its own end, and no answer after it ends the wait") {
  tester t{functional()};
  t.answer(40ms, 10, "7F 22 78");
  t.answer(4040ms, 10, "7F 22 78");
  CHECK(t.deadline() == 9040ms);
  t.answer(9040ms, 10, "62");
  t.ended(9040ms);
  CHECK(t.of(1).reactions.size() == 3);
  tester silent{functional()};
  silent.answer(40ms, 10, "7F 22 78");
  silent.ends_at(5040ms);
  // Two ECUs: the later deadline counts, then the other's.
  tester two{functional()};
  two.answer(40ms, 10, "7F 22 78");
  two.answer(45ms, 20, "7F 22 78");
  CHECK(two.deadline() == 5045ms);
  two.answer(50ms, 20, "62");
  CHECK(two.deadline() == 5040ms);
  two.ends_at(5040ms);
}

TEST_CASE("a 0x78 with a short P2* does not end before the window") {
  auto spec = functional();
  spec.responders[1].p2_star = 10ms;
  tester t{spec};
  t.answer(40ms, 10, "7F 22 78");
  t.answer(190ms, 10, "7F 22 78");
  CHECK(t.deadline() == 200ms);
  t.ends_at(200ms);
  auto one = physical();
  one.window = 300ms;
  one.responders[0].p2_star = 10ms;
  tester p{one};
  p.answer(40ms, 7, "7F 22 78");
  p.ends_at(300ms);
}

TEST_CASE("a 0x78 after the final answer gives no more time") {
  tester t{functional()};
  t.answer(3ms, 10, "62");
  t.answer(4ms, 10, "7F 22 78");
  t.answer(5ms, 20, "7F 22 78");
  t.started(300ms, 10);
  t.answer(400ms, 20, "62");
  t.ended(400ms);
  CHECK(t.of(1).unfinished_since == t.sent + 300ms);
}

TEST_CASE("another request's 0x78 is a final answer") {
  tester t{physical()};
  t.answer(1ms, 7, "7F 2E 78");
  t.ended(1ms);
  CHECK_FALSE(t.of(0).reactions.at(0).response_pending);
}

TEST_CASE("more messages of one ECU are recorded while the exchange listens") {
  tester t{functional()};
  t.answer(3ms, 10, "62 F1 90 01");
  t.answer(5ms, 10, "62 F1 90 02");
  t.answer(6ms, 10, "7F 22 78");  // after the final answer: no extension
  CHECK(t.deadline() == 200ms);
  t.started(199ms, 10);
  CHECK(t.deadline() == -1ms);
  t.answer(250ms, 10, "62 F1 90 03");
  t.ended(250ms);
  CHECK(t.of(1).reactions.size() == 4);
}

TEST_CASE("an answer that breaks off is recorded and leaves the deadline as it was") {
  tester t{functional()};
  t.started(3ms, 10);
  t.broken(100ms, 10);
  CHECK(t.deadline() == 200ms);
  const reaction& first = t.of(1).reactions.at(0);
  CHECK(first.result == n_result::n_timeout_cr);
  CHECK(first.message.empty());
  CHECK(t.begin(first) == 3ms);
  t.started(110ms, 10);
  t.broken(1100ms, 10);
  t.ended(1100ms);
  CHECK(t.of(1).reactions.size() == 2);
  // After a 0x78 as well.
  tester pending{physical()};
  pending.answer(40ms, 7, "7F 22 78");
  pending.started(1s, 7);
  CHECK(pending.deadline() == -1ms);
  pending.broken(2s, 7);
  pending.ends_at(5040ms);
}

TEST_CASE("unknown responders are recorded and prolong nothing") {
  tester t{functional()};
  t.unknown(150ms, "7F 22 78");
  CHECK(t.deadline() == 200ms);
  const auto& unknown = t.machine.report().unknown;
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].id == can::identifier::standard(0x7EF));
  CHECK(to_hex(unknown[0].what.message) == "7F 22 78");
  CHECK(t.end(unknown[0].what) == 150ms);
  t.answer(160ms, 99, "62");
  t.started(160ms, 99);
  t.ends_at(200ms);
  t.unknown(300ms, "62");
  CHECK(unknown.size() == 1);
}

TEST_CASE("a physical exchange ends with the final answer") {
  tester t{physical()};
  CHECK(t.deadline() == 50ms);
  t.answer(3ms, 7, "62 F1 90 01");
  t.ended(3ms);
  tester at_once{physical()};
  at_once.answer(0ms, 7, "62");
  at_once.ended(0ms);
  tester segmented{physical()};
  segmented.started(50ms, 7);
  segmented.answer(2s, 7, "62");
  segmented.ended(2s);
  tester silent{physical()};
  silent.ends_at(50ms);
}

TEST_CASE("a physical exchange listens for the whole window if it has to") {
  auto spec = physical();
  spec.window = 100ms;
  spec.whole_window = true;
  tester t{spec};
  t.answer(3ms, 7, "62");
  t.answer(4ms, 7, "62");
  t.ends_at(100ms);
  CHECK(t.of(0).reactions.size() == 2);
  spec.whole_window = false;
  tester silent{spec};
  silent.ends_at(100ms);
  spec.responders.clear();
  tester nobody{spec};
  nobody.ends_at(100ms);
}

TEST_CASE("a physical answer that comes late is recorded as it came") {
  tester t{physical()};
  t.answer(60ms, 7, "62");  // the host was late to say so
  t.ended(60ms);
  CHECK(t.begin(t.of(0).reactions.at(0)) == 60ms);
  tester unfinished{physical()};
  unfinished.started(60ms, 7);
  CHECK(unfinished.deadline() <= 60ms);
  unfinished.machine.on_time(unfinished.sent + 60ms);
  unfinished.ended(60ms);
  CHECK(unfinished.of(0).unfinished_since == unfinished.sent + 60ms);
}

TEST_CASE("a request that could not be sent ends the exchange") {
  exchange e{functional()};
  e.on_request_sent(instant{3s}, n_result::n_timeout_a);
  CHECK(e.finished());
  CHECK(e.report().request_result == n_result::n_timeout_a);
  CHECK(e.report().request_sent == instant{3s});
  CHECK(e.report().finished == instant{3s});
  CHECK(e.report().responders.size() == 3);
  e.on_reaction(instant{4s}, 10, from_hex("62"), n_result::n_ok);
  CHECK(e.report().responders[1].reactions.empty());
}

TEST_CASE("the end of the run ends an exchange with what there is") {
  tester t{functional()};
  t.answer(3ms, 10, "7F 22 78");
  t.started(10ms, 20);
  t.machine.on_abort(t.sent + 20ms);
  t.ended(20ms);
  CHECK(t.of(2).unfinished_since == t.sent + 10ms);
  t.machine.on_abort(t.sent + 30ms);
  t.ended(20ms);
  exchange unsent{functional()};
  unsent.on_abort(instant{1s});
  CHECK(unsent.finished());
  CHECK(unsent.report().request_result == n_result::n_error);
}

TEST_CASE("an exchange with many ECUs ends with the last of them, whatever their order") {
  auto spec = functional();
  spec.responders.clear();
  for (std::uint32_t key = 0; key < 500; ++key) spec.responders.push_back({key, 50ms, 5s});
  tester t{spec};
  for (std::uint32_t key = 0; key < 500; ++key) t.answer(40ms + key * 1us, key, "7F 22 78");
  for (std::uint32_t key = 500; key-- > 1;) {
    t.answer(1s + (500 - key) * 1ms, key, "62");
    REQUIRE(t.deadline() == 5040ms + (key - 1) * 1us);
  }
  t.answer(2s, 0, "62");
  t.ended(2s);
}

}  // namespace canstage::uds::testing

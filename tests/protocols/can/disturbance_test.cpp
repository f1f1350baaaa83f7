// A bus whose frames are disturbed: what arrives, what is confirmed, and what becomes of the nodes.
#include <chrono>
#include <vector>

#include "catch2/catch.hpp"
#include "protocols/can/arbiter.hpp"
#include "tests/protocols/can/frames.hpp"

namespace canstage::can {

namespace {

using namespace std::chrono_literals;

constexpr bit_rates rates{.nominal = 500'000};
constexpr duration bit = 2us;  // at 500 kbit/s

instant at(duration time) { return instant{time}; }

frame frame_of(std::uint32_t id, std::uint8_t first = 0) {
  const std::uint8_t data[] = {first};
  return data_frame(identifier::standard(id), data);
}

frame_fault always(frame_action what) {
  frame_fault made;
  made.number = 7;
  made.action = what;
  made.when.times = fault_trigger::always;
  return made;
}

frame_fault once(frame_action what) {
  auto made = always(what);
  made.when.times = 1;
  return made;
}

arbiter bus_with(frame_fault fault, std::optional<bit_rates> speed = rates) {
  return arbiter{speed, {{std::move(fault), {random_stream{1, "test"}, nullptr}}}};
}

/// What is sent until nothing more is, or the time is over.
std::vector<sent_frame> run(arbiter& bus, instant end) {
  std::vector<sent_frame> all;
  instant now{};
  for (int rounds = 0; rounds < 10'000; ++rounds) {
    bus.on_time(now);
    bus.on_arbitrate(now);
    while (auto sent = bus.poll()) all.push_back(*sent);
    const instant next = std::max(now, bus.deadline());
    if (bus.deadline() == never || next > end) break;
    now = next;
  }
  return all;
}

std::vector<incident> of_kind(arbiter& bus, incident::kind what) {
  std::vector<incident> found;
  for (const auto& one : bus.take_incidents())
    if (one.what == what) found.push_back(one);
  return found;
}

}  // namespace

TEST_CASE("faults: a dropped frame takes its time, is confirmed, and nobody hears it") {
  auto bus = bus_with(once(frame_action::drop));
  bus.on_transmit(1, 10, frame_of(0x123));
  bus.on_transmit(1, 11, frame_of(0x124));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].lost);
  CHECK_FALSE(sent[0].unconfirmed);
  CHECK(sent[0].end - sent[0].start == wire_time(frame_of(0x123), rates));
  CHECK_FALSE(sent[1].lost);
  const auto told = of_kind(bus, incident::kind::fault);
  REQUIRE(told.size() == 1);
  CHECK(told[0].fault == 7);
  CHECK(told[0].occasion == 1);
  CHECK(told[0].content == frame_of(0x123));
}

TEST_CASE("faults: a destroyed frame ends in an error frame of 14 bits and is sent again") {
  auto bus = bus_with(once(frame_action::corrupt));
  bus.on_transmit(1, 10, frame_of(0x123));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 1);
  // From the CRC delimiter on 9 bits are not sent, but 6 of error flag and 8 of delimiter, and 3 of
  // intermission.
  CHECK(sent[0].start == at(wire_time(frame_of(0x123), rates) - 9 * bit + 14 * bit + 3 * bit));
  CHECK_FALSE(sent[0].unconfirmed);
  const auto told = bus.take_incidents();
  REQUIRE(told.size() == 2);
  CHECK(told[0].what == incident::kind::fault);
  CHECK(told[1].what == incident::kind::error_frame);
  CHECK(told[1].at == at(wire_time(frame_of(0x123), rates) + 5 * bit));
}

TEST_CASE("faults: a destroyed frame takes part in the arbitration again") {
  auto bus = bus_with(once(frame_action::corrupt));
  bus.on_transmit(1, 10, frame_of(0x123));
  bus.on_arbitrate(at(0us));
  bus.on_transmit(2, 20, frame_of(0x001));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].token == 20);
  CHECK(sent[1].token == 10);
}

TEST_CASE("faults: 16 destroyed frames make a sender error passive, 32 bus off") {
  auto bus = bus_with(always(frame_action::corrupt));
  bus.on_transmit(1, 10, frame_of(0x123));
  CHECK(run(bus, at(1s)).empty() == true);
  std::size_t errors = 0;
  std::vector<std::pair<error_state, std::size_t>> states;
  for (const auto& one : bus.take_incidents()) {
    if (one.what == incident::kind::error_frame) ++errors;
    if (one.what == incident::kind::state && states.size() < 3) states.emplace_back(one.state, errors);
  }
  REQUIRE(states.size() == 3);
  CHECK(states[0] == std::pair{error_state::passive, std::size_t{16}});
  CHECK(states[1] == std::pair{error_state::bus_off, std::size_t{32}});
  CHECK(states[2] == std::pair{error_state::active, std::size_t{32}});
}

TEST_CASE("faults: a node is bus off until 128 times 11 recessive bits have passed") {
  auto fault = once(frame_action::bus_off);
  fault.by = 0ms;
  auto bus = bus_with(fault);
  bus.on_transmit(1, 10, frame_of(0x123));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].start == at(128 * 11 * bit));
  CHECK_FALSE(sent[0].unconfirmed);
  const auto states = of_kind(bus, incident::kind::state);
  REQUIRE(states.size() == 2);
  CHECK(states[0].state == error_state::bus_off);
  CHECK(states[1].state == error_state::active);
  CHECK(states[1].tec == 0);
}

TEST_CASE("faults: frames of others count for the recovery of a node that is bus off") {
  auto fault = once(frame_action::bus_off);
  fault.match.ids = {filter::exactly(identifier::standard(0x123))};
  auto bus = bus_with(fault);
  bus.on_transmit(1, 10, frame_of(0x123));
  for (transmit_token i = 0; i < 200; ++i) bus.on_transmit(2, i, frame_of(0x200));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 201);
  // Each frame ends with 11 recessive bits, and the bus is never idle for as long.
  std::size_t before = 0;
  while (sent[before].node == 2) ++before;
  CHECK(before == 128);
}

TEST_CASE("faults: what a node that is bus off wanted to send can be withdrawn") {
  auto bus = bus_with(once(frame_action::bus_off));
  bus.on_transmit(1, 10, frame_of(0x123));
  bus.on_arbitrate(at(0us));
  bus.on_transmit(1, 11, frame_of(0x124));
  CHECK(bus.on_withdraw(1, 10));
  CHECK_FALSE(bus.on_withdraw(1, 10));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].token == 11);
}

TEST_CASE("faults: an error-passive sender waits for 8 bits behind the intermission") {
  auto fault = once(frame_action::corrupt);
  fault.when.times = 18;
  auto bus = bus_with(fault);
  bus.on_transmit(1, 10, frame_of(0x123));
  bus.on_transmit(1, 11, frame_of(0x100));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 2);
  CHECK(sent[1].start - sent[0].end == (3 + 8) * bit);
}

TEST_CASE("faults: an altered frame has the bytes that are said, and is confirmed as if it had its own") {
  auto fault = once(frame_action::alter);
  fault.altered = {{0xA0, 0xF0}};
  auto bus = bus_with(fault);
  bus.on_transmit(1, 10, frame_of(0x123, 0x57));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].content == frame_of(0x123, 0xA7));
}

TEST_CASE("faults: without bytes one bit is altered") {
  auto bus = bus_with(once(frame_action::alter));
  bus.on_transmit(1, 10, frame_of(0x123, 0x57));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 1);
  const unsigned different = sent[0].content.data[0] ^ 0x57U;
  CHECK(different != 0);
  CHECK((different & (different - 1)) == 0);
}

TEST_CASE("faults: a duplicate is a frame of its own that nobody is confirmed for") {
  auto fault = once(frame_action::duplicate);
  fault.copies = 2;
  auto bus = bus_with(fault);
  bus.on_transmit(1, 10, frame_of(0x123));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 3);
  CHECK_FALSE(sent[0].unconfirmed);
  CHECK(sent[1].unconfirmed);
  CHECK(sent[2].unconfirmed);
  CHECK(sent[2].content == frame_of(0x123));
}

TEST_CASE("faults: a delayed frame is confirmed at once and on the wire later") {
  auto fault = once(frame_action::delay);
  fault.by = 5ms;
  auto bus = bus_with(fault);
  bus.on_transmit(1, 10, frame_of(0x123));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].lost);
  CHECK(sent[0].end == at(0us));
  CHECK(sent[1].unconfirmed);
  CHECK(sent[1].start == at(5ms));
}

TEST_CASE("faults: a reordered frame is behind the next one of its node") {
  auto fault = once(frame_action::reorder);
  fault.by = 100ms;
  auto bus = bus_with(fault);
  bus.on_transmit(1, 10, frame_of(0x123, 1));
  bus.on_transmit(1, 11, frame_of(0x123, 2));
  bus.on_transmit(1, 12, frame_of(0x123, 3));
  std::vector<std::uint8_t> heard;
  for (const auto& one : run(bus, at(1s)))
    if (!one.lost) heard.push_back(one.content.data[0]);
  // The one that was there first had its place in the queue when the other came back.
  CHECK(heard == std::vector<std::uint8_t>{2, 3, 1});
}

TEST_CASE("faults: a reordered frame without a next one comes when its time is over") {
  auto fault = once(frame_action::reorder);
  fault.by = 100ms;
  auto bus = bus_with(fault);
  bus.on_transmit(1, 10, frame_of(0x123));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 2);
  CHECK(sent[1].start == at(100ms));
}

TEST_CASE("faults: an ideal bus drops, alters, repeats and delays, too") {
  auto fault = once(frame_action::delay);
  fault.by = 5ms;
  auto bus = bus_with(fault, std::nullopt);
  bus.on_transmit(1, 10, frame_of(0x123));
  const auto sent = run(bus, at(1s));
  REQUIRE(sent.size() == 2);
  CHECK(sent[1].start == at(5ms));
}

TEST_CASE("faults: nth counts the CFs of each message anew") {
  auto fault = always(frame_action::drop);
  fault.match.pci = 2;
  fault.match.begins_message = {filter::everything()};
  fault.when.nth = 2;
  fault.when.times = 2;
  auto bus = bus_with(fault);
  transmit_token token = 0;
  const auto send = [&](std::uint8_t pci) { bus.on_transmit(1, token++, frame_of(0x123, pci)); };
  for (int message = 0; message < 2; ++message) {
    send(0x10);
    send(0x21);
    send(0x22);
  }
  std::vector<bool> lost;
  for (const auto& one : run(bus, at(1s))) lost.push_back(one.lost);
  CHECK(lost == std::vector<bool>{false, false, true, false, false, true});
}

TEST_CASE("faults: a schedule confines a fault to its occasions, and shifts none") {
  const auto lost_with = [](std::shared_ptr<const fault_schedule> only) {
    auto fault = always(frame_action::drop);
    fault.when.per_million = 500'000;
    arbiter bus{rates, {{fault, {random_stream{42, "fault 1"}, std::move(only)}}}};
    for (transmit_token i = 0; i < 20; ++i) bus.on_transmit(1, i, frame_of(0x123));
    fault_schedule lost;
    for (const auto& one : run(bus, at(1s)))
      if (one.lost) lost.push_back(one.token + 1);
    return lost;
  };
  const auto all = lost_with(nullptr);
  REQUIRE(all.size() > 4);
  REQUIRE(all.size() < 16);
  const fault_schedule some{all[1], all[3]};
  CHECK(lost_with(std::make_shared<const fault_schedule>(some)) == some);
}

TEST_CASE("error counters: a REC above 127 falls to 119 with the first good frame") {
  error_counters counters;
  counters.on_sent(2);
  for (int i = 0; i < 15; ++i) counters.on_error(2);  // 2 has sent: it is known
  CHECK(counters.of(2).tec == 120);
  CHECK(counters.of(2).rec == 0);
  CHECK(counters.of(1).rec == 15);
  error_counters many;
  for (int i = 0; i < 130; ++i) many.on_error(100 + static_cast<node_id>(i));
  CHECK(many.of(1).rec == 130);
  CHECK(many.state(1) == error_state::passive);
  many.on_sent(500);
  CHECK(many.of(1).rec == 119);
  CHECK(many.state(1) == error_state::active);
}

}  // namespace canstage::can

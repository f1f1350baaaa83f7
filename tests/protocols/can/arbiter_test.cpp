#include "protocols/can/arbiter.hpp"

#include <chrono>

#include "catch2/catch.hpp"
#include "tests/protocols/can/frames.hpp"

using namespace canstage;
using namespace canstage::can;
using namespace std::chrono_literals;
using canstage::can::test::hex;

namespace {

constexpr bit_rates classic_500k{500'000, 0};

/// 109 bits whatever its identifier: 123 and 124 have no stuff bits that differ.
const duration frame_time = 218us;
const duration gap = 6us;

frame frame_of(std::uint32_t id) { return data_frame(identifier::standard(id), hex("1122334455667788")); }

instant at(duration since_start) { return instant{since_start}; }

/// Brings an arbiter into each of its states. In all of them node 1 sends 123, token 10.
arbiter idle_bus() { return arbiter{classic_500k}; }

arbiter sending() {
  arbiter bus{classic_500k};
  bus.on_transmit(1, 10, frame_of(0x123));
  bus.on_arbitrate(at(0us));
  return bus;
}

arbiter in_intermission() {
  arbiter bus = sending();
  bus.on_time(at(frame_time));
  REQUIRE(bus.poll());
  return bus;
}

std::vector<std::uint32_t> drain_tokens(arbiter& bus) {
  std::vector<std::uint32_t> tokens;
  while (const auto sent = bus.poll()) tokens.push_back(sent->token);
  return tokens;
}

/// Lets the bus work until nobody waits any more, as its host does.
std::vector<sent_frame> run(arbiter& bus, instant now) {
  std::vector<sent_frame> all;
  for (;;) {
    bus.on_time(now);
    bus.on_arbitrate(now);
    while (const auto sent = bus.poll()) all.push_back(*sent);
    if (bus.deadline() == never) return all;
    now = std::max(now, bus.deadline());
  }
}

std::vector<std::uint32_t> tokens_of(const std::vector<sent_frame>& all) {
  std::vector<std::uint32_t> tokens;
  for (const sent_frame& sent : all) tokens.push_back(sent.token);
  return tokens;
}

using tokens = std::vector<std::uint32_t>;

}  // namespace

// Idle.

TEST_CASE("arbiter: idle, nothing is due") {
  arbiter bus = idle_bus();
  CHECK(bus.pending() == 0);
  CHECK(bus.deadline() == never);
  CHECK_FALSE(bus.wants_arbitration(at(0us)));
  CHECK_FALSE(bus.poll());
}

TEST_CASE("arbiter: idle x time, arbitrate, withdraw, detach change nothing") {
  arbiter bus = idle_bus();
  bus.on_time(at(1ms));
  bus.on_arbitrate(at(1ms));
  CHECK_FALSE(bus.on_withdraw(1, 10));
  bus.on_detach(1);
  CHECK(bus.deadline() == never);
  CHECK_FALSE(bus.poll());
}

TEST_CASE("arbiter: idle x transmit waits for the arbitration of this instant") {
  arbiter bus = idle_bus();
  bus.on_transmit(1, 10, frame_of(0x123));
  CHECK(bus.pending() == 1);
  CHECK(bus.wants_arbitration(at(1ms)));
  CHECK(bus.deadline() <= at(1ms));
  CHECK_FALSE(bus.poll());

  bus.on_arbitrate(at(1ms));
  CHECK(bus.pending() == 0);
  CHECK(bus.deadline() == at(1ms + frame_time));
}

TEST_CASE("arbiter: idle x transmit x withdraw leaves the bus idle") {
  arbiter bus = idle_bus();
  bus.on_transmit(1, 10, frame_of(0x123));
  CHECK_FALSE(bus.on_withdraw(1, 11));
  CHECK_FALSE(bus.on_withdraw(2, 10));
  CHECK(bus.on_withdraw(1, 10));
  CHECK_FALSE(bus.on_withdraw(1, 10));
  CHECK(bus.deadline() == never);
  CHECK(run(bus, at(1ms)).empty());
}

TEST_CASE("arbiter: idle x transmit x detach leaves the bus idle") {
  arbiter bus = idle_bus();
  bus.on_transmit(1, 10, frame_of(0x123));
  bus.on_transmit(1, 11, frame_of(0x124));
  bus.on_detach(1);
  CHECK(bus.pending() == 0);
  CHECK(run(bus, at(1ms)).empty());
}

// Sending.

TEST_CASE("arbiter: sending, the frame is sent and confirmed at the end of its EOF") {
  arbiter bus = sending();
  bus.on_time(at(frame_time - 1ns));
  CHECK_FALSE(bus.poll());
  CHECK(bus.deadline() == at(frame_time));

  bus.on_time(at(frame_time));
  const auto sent = bus.poll();
  REQUIRE(sent);
  CHECK(sent->content == frame_of(0x123));
  CHECK(sent->node == 1);
  CHECK(sent->token == 10);
  CHECK(sent->start == at(0us));
  CHECK(sent->end == at(frame_time));
  CHECK_FALSE(sent->unconfirmed);
  CHECK_FALSE(bus.poll());
  CHECK(bus.deadline() == never);
}

TEST_CASE("arbiter: sending x transmit and arbitrate let even a lower identifier wait") {
  arbiter bus = sending();
  bus.on_transmit(2, 20, frame_of(0x001));
  CHECK_FALSE(bus.wants_arbitration(at(100us)));
  bus.on_arbitrate(at(100us));
  bus.on_arbitrate(at(frame_time));
  CHECK(bus.pending() == 1);
  CHECK(bus.deadline() == at(frame_time));
}

TEST_CASE("arbiter: sending x withdraw is too late") {
  arbiter bus = sending();
  CHECK_FALSE(bus.on_withdraw(1, 10));
  CHECK(tokens_of(run(bus, at(frame_time))) == tokens{10});
}

TEST_CASE("arbiter: sending x detach finishes the frame and confirms it to nobody") {
  arbiter bus = sending();
  bus.on_transmit(1, 11, frame_of(0x100));
  bus.on_transmit(2, 20, frame_of(0x200));
  bus.on_detach(1);
  CHECK(bus.pending() == 1);
  const auto all = run(bus, at(frame_time));
  REQUIRE(tokens_of(all) == tokens{10, 20});
  CHECK(all[0].unconfirmed);
  CHECK(all[0].end == at(frame_time));
  CHECK_FALSE(all[1].unconfirmed);
}

TEST_CASE("arbiter: sending x detach of another node does not touch the frame") {
  arbiter bus = sending();
  bus.on_detach(2);
  bus.on_time(at(frame_time));
  CHECK_FALSE(bus.poll()->unconfirmed);
}

TEST_CASE("arbiter: a node that left and came back is not confirmed for its former life") {
  arbiter bus = sending();
  bus.on_detach(1);
  bus.on_transmit(1, 10, frame_of(0x123));
  const auto all = run(bus, at(frame_time));
  REQUIRE(all.size() == 2);
  CHECK(all[0].unconfirmed);
  CHECK_FALSE(all[1].unconfirmed);
}

TEST_CASE("arbiter: sending x late time still ends the frame when it ended") {
  arbiter bus = sending();
  bus.on_time(at(1s));
  const auto sent = bus.poll();
  REQUIRE(sent);
  CHECK(sent->end == at(frame_time));
}

// Intermission.

TEST_CASE("arbiter: intermission x transmit waits for its end") {
  arbiter bus = in_intermission();
  CHECK(bus.deadline() == never);
  bus.on_transmit(2, 20, frame_of(0x124));
  CHECK(bus.deadline() == at(frame_time + gap));
  CHECK_FALSE(bus.wants_arbitration(at(frame_time)));
  CHECK_FALSE(bus.wants_arbitration(at(frame_time + gap - 1ns)));
  bus.on_arbitrate(at(frame_time + gap - 1ns));
  CHECK(bus.pending() == 1);

  CHECK(bus.wants_arbitration(at(frame_time + gap)));
  bus.on_arbitrate(at(frame_time + gap));
  CHECK(bus.pending() == 0);
  CHECK(bus.deadline() > at(frame_time + gap));
}

TEST_CASE("arbiter: intermission x time changes nothing") {
  arbiter bus = in_intermission();
  bus.on_time(at(frame_time));
  bus.on_time(at(frame_time + gap));
  CHECK_FALSE(bus.poll());
  CHECK(bus.deadline() == never);
}

TEST_CASE("arbiter: intermission x withdraw and detach") {
  arbiter bus = in_intermission();
  CHECK_FALSE(bus.on_withdraw(1, 10));
  bus.on_transmit(2, 20, frame_of(0x124));
  bus.on_transmit(3, 30, frame_of(0x125));
  CHECK(bus.on_withdraw(2, 20));
  bus.on_detach(3);
  CHECK(bus.deadline() == never);
  bus.on_arbitrate(at(frame_time + gap));
  CHECK(bus.deadline() == never);
}

TEST_CASE("arbiter: after the intermission a frame starts at once") {
  arbiter bus = in_intermission();
  bus.on_transmit(2, 20, frame_of(0x124));
  bus.on_arbitrate(at(1s));
  bus.on_time(at(2s));
  const auto sent = bus.poll();
  REQUIRE(sent);
  CHECK(sent->start == at(1s));
}

// Who wins.

TEST_CASE("arbiter: the lower identifier wins, whoever asked first") {
  arbiter bus = idle_bus();
  bus.on_transmit(1, 10, frame_of(0x7E8));
  bus.on_transmit(2, 20, frame_of(0x7DF));
  bus.on_transmit(3, 30, data_frame(identifier::extended(0x18DAF110), {}));
  CHECK(tokens_of(run(bus, at(0us))) == tokens{30, 20, 10});
}

TEST_CASE("arbiter: data wins against remote, base against extended") {
  arbiter bus = idle_bus();
  bus.on_transmit(1, 10, data_frame(identifier::extended(0x123U << 18), {}));
  bus.on_transmit(2, 20, test::remote_frame(identifier::standard(0x123), 0));
  bus.on_transmit(3, 30, data_frame(identifier::standard(0x123), {}));
  CHECK(tokens_of(run(bus, at(0us))) == tokens{30, 20, 10});
}

TEST_CASE("arbiter: between equal keys the lower node, then its older request") {
  arbiter bus = idle_bus();
  bus.on_transmit(2, 20, frame_of(0x123));
  bus.on_transmit(1, 11, frame_of(0x123));
  bus.on_transmit(1, 10, frame_of(0x123));
  bus.on_transmit(1, 12, frame_of(0x122));
  CHECK(tokens_of(run(bus, at(0us))) == tokens{12, 11, 10, 20});
}

TEST_CASE("arbiter: a lower identifier that comes during a frame goes next") {
  arbiter bus = sending();
  bus.on_transmit(2, 20, frame_of(0x200));
  bus.on_transmit(3, 30, frame_of(0x100));
  CHECK(tokens_of(run(bus, at(0us))) == tokens{10, 30, 20});
}

TEST_CASE("arbiter: identical frames of two nodes are both sent") {
  arbiter bus = idle_bus();
  bus.on_transmit(2, 20, frame_of(0x123));
  bus.on_transmit(1, 10, frame_of(0x123));
  const auto all = run(bus, at(0us));
  REQUIRE(tokens_of(all) == tokens{10, 20});
  CHECK(all[1].start == all[0].end + gap);
}

TEST_CASE("arbiter: a busy bus sends frame, intermission, frame") {
  arbiter bus = idle_bus();
  for (std::uint32_t token = 0; token < 3; ++token) bus.on_transmit(1, token, frame_of(0x123));
  const auto all = run(bus, at(1ms));
  REQUIRE(all.size() == 3);
  CHECK(all[0].start == at(1ms));
  CHECK(all[1].start == at(1ms + frame_time + gap));
  CHECK(all[2].end == at(1ms + 3 * frame_time + 2 * gap));
}

TEST_CASE("arbiter: with bit rates a node hands over one frame at a time") { CHECK(idle_bus().burst() == 1); }

// Ideal bus.

TEST_CASE("arbiter: an ideal bus grants everything at once, in the same order, in no time") {
  arbiter bus{std::nullopt};
  CHECK(bus.burst() == 64);
  bus.on_transmit(2, 20, frame_of(0x123));
  bus.on_transmit(1, 10, frame_of(0x123));
  bus.on_transmit(3, 30, frame_of(0x100));
  CHECK(bus.deadline() == never);
  CHECK(bus.wants_arbitration(at(5us)));
  CHECK_FALSE(bus.poll());

  bus.on_arbitrate(at(5us));
  CHECK(bus.pending() == 0);
  CHECK(bus.deadline() == never);
  CHECK_FALSE(bus.wants_arbitration(at(5us)));
  const auto first = bus.poll();
  REQUIRE(first);
  CHECK(first->token == 30);
  CHECK(first->start == at(5us));
  CHECK(first->end == at(5us));
  CHECK(drain_tokens(bus) == tokens{10, 20});
}

TEST_CASE("arbiter: an ideal bus arbitrates again at the same instant, for the next round") {
  arbiter bus{std::nullopt};
  bus.on_transmit(1, 10, frame_of(0x123));
  bus.on_arbitrate(at(5us));
  bus.on_transmit(2, 20, frame_of(0x001));
  CHECK(bus.wants_arbitration(at(5us)));
  bus.on_arbitrate(at(5us));
  CHECK(drain_tokens(bus) == tokens{10, 20});
}

TEST_CASE("arbiter: an ideal bus takes requests back, too") {
  arbiter bus{std::nullopt};
  for (std::uint32_t token = 0; token < 5; ++token) bus.on_transmit(token % 2, token, frame_of(0x123));
  CHECK(bus.on_withdraw(0, 2));
  bus.on_detach(1);
  bus.on_arbitrate(at(0us));
  CHECK_FALSE(bus.on_withdraw(0, 0));
  CHECK(drain_tokens(bus) == tokens{0, 4});
}

TEST_CASE("arbiter: 100,000 requests on an ideal bus") {
  arbiter bus{std::nullopt};
  constexpr std::uint32_t count = 100'000;
  for (std::uint32_t node = count; node-- > 0;) {
    bus.on_transmit(node, 0, data_frame(identifier::extended(node * 7919), {}));
  }
  CHECK(bus.pending() == count);
  bus.on_arbitrate(at(0us));
  std::uint32_t seen = 0;
  identifier last = identifier::extended(0);
  while (const auto sent = bus.poll()) {
    if (sent->content.id < last) FAIL("out of order: " << sent->content.id << " after " << last);
    last = sent->content.id;
    ++seen;
  }
  CHECK(seen == count);
}

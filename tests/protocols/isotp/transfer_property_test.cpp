// ISOTP-107 and the like: whatever two endpoints are set to, what one sends the other receives, byte
// by byte, in both directions at once, on buses with and without wire time.
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <deque>
#include <optional>

#include "catch2/catch.hpp"
#include "protocols/can/arbiter.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

namespace {

/// Two endpoints on one bus, run until nothing is left to do.
class pair_on_bus {
 public:
  struct side {
    endpoint machine;
    std::vector<n_result> confirmed;
    std::vector<indication> received;
  };

  /// `address`: of the first one.
  pair_on_bus(std::optional<can::bit_rates> rates, const addressing& address, const parameters& first,
              const parameters& second, unsigned burst)
      : bus_(rates),
        sides_{side{endpoint{address, std::make_shared<const parameters>(first), burst}, {}, {}},
               side{endpoint{mirrored(address), std::make_shared<const parameters>(second), burst}, {}, {}}} {
  }

  side& operator[](std::size_t index) { return sides_[index]; }

  /// `after`: what the side waits since its request before.
  void request(std::size_t index, bytes sdu, duration after = {}) {
    auto& requests = requests_[index];
    const instant before = requests.empty() ? now_ : requests.back().at;
    requests.push_back({before + after, std::move(sdu)});
  }

  void run() {
    while (true) {
      for (std::size_t i = 0; i < 2; ++i) begin_requests(i);
      for (can::node_id node = 0; node < 2; ++node) drain(node);
      if (bus_.wants_arbitration(now_)) bus_.on_arbitrate(now_);
      if (deliver()) continue;
      const instant next = std::min({bus_.deadline(), sides_[0].machine.deadline(),
                                     sides_[1].machine.deadline(), next_request(0), next_request(1)});
      if (next == never) return;
      now_ = std::max(now_, next);
      bus_.on_time(now_);
      if (deliver()) continue;
      for (side& s : sides_) s.machine.on_time(now_);
    }
  }

 private:
  struct planned {
    instant at;
    bytes sdu;
  };

  static addressing mirrored(const addressing& a) {
    return {a.tx, a.rx, {}, {}, a.tx_address_byte, a.rx_address_byte, {}, {}};
  }

  instant next_request(std::size_t index) const {
    return requests_[index].empty() ? never : requests_[index].front().at;
  }

  void begin_requests(std::size_t index) {
    while (next_request(index) <= now_) {
      sides_[index].machine.request(now_, std::move(requests_[index].front().sdu));
      requests_[index].pop_front();
    }
  }

  void drain(can::node_id node) {
    side& s = sides_[node];
    while (auto output = s.machine.poll(now_)) {
      if (const auto* t = output->get_if<transmit>()) {
        bus_.on_transmit(node, t->token, t->content);
      } else if (const auto* w = output->get_if<withdraw>()) {
        bus_.on_withdraw(node, w->token);
      } else if (const auto* c = output->get_if<confirm>()) {
        s.confirmed.push_back(c->result);
      } else if (auto* i = output->get_if<indication>()) {
        s.received.push_back(std::move(*i));
      }
    }
  }

  bool deliver() {
    bool any = false;
    while (const auto sent = bus_.poll()) {
      any = true;
      sides_[sent->node].machine.on_confirm(now_, sent->token);
      drain(sent->node);
      sides_[1 - sent->node].machine.on_frame(now_, sent->content);
      drain(1 - sent->node);
    }
    return any;
  }

  can::arbiter bus_;
  std::array<side, 2> sides_;
  std::array<std::deque<planned>, 2> requests_;
  instant now_{};
};

struct message {
  bytes sdu;
  duration after{};
};

struct setup {
  std::optional<can::bit_rates> rates;
  addressing address;
  std::array<parameters, 2> settings;
  unsigned burst = 1;
  std::array<std::vector<message>, 2> messages;
};

/// Any format, and pairs whose directions differ in it.
addressing any_address() {
  const auto pair = [](can::identifier rx, can::identifier tx) { return addressing{rx, tx, {}, {}}; };
  addressing address = *rc::gen::element(
      pair(rx_id, tx_id), pair(can::identifier::extended(0x7E0), can::identifier::extended(0x7E8)),
      pair(rx_id, can::identifier::extended(0x7E0)),
      pair(normal_fixed_physical(0x10, 0xF1), normal_fixed_physical(0xF1, 0x10)),
      pair(mixed_29_physical(0x10, 0xF1), mixed_29_physical(0xF1, 0x10)));
  const auto any_byte = [] { return *rc::gen::element<std::optional<std::uint8_t>>({}, 0x00, 0x5A, 0xFF); };
  address.rx_address_byte = any_byte();
  address.tx_address_byte = any_byte();
  return address;
}

parameters any_parameters() {
  parameters settings;
  settings.tx_dl = *rc::gen::element<std::uint8_t>(8, 8, 8, 12, 16, 20, 24, 32, 48, 64);
  settings.bit_rate_switch = settings.tx_dl > 8 && *rc::gen::arbitrary<bool>();
  settings.flow_control =
      flow_control_policy::wait_first(*rc::gen::weightedElement<std::size_t>({{4, 0}, {1, 1}, {1, 2}}));
  settings.bs = *rc::gen::element<std::uint8_t>(0, 0, 1, 2, 3, 8, 15, 16, 255);
  settings.stmin = st_min::from_code(*rc::gen::element<std::uint8_t>(0, 0, 1, 5, 0x7F, 0xF1, 0xF9));
  settings.padding = *rc::gen::element<std::optional<std::uint8_t>>(std::nullopt, 0x00, 0xCC);
  settings.n_br = *rc::gen::element(0, 0, 3, 500) * 1ms;
  settings.n_cs = *rc::gen::element(0, 0, 0, 2) * 1ms;
  settings.max_sdu = 100'000;
  return settings;
}

setup any_setup() {
  setup result;
  if (*rc::gen::arbitrary<bool>()) result.rates = can::bit_rates{500'000, 2'000'000};
  result.address = any_address();
  result.burst = result.rates ? 1 : *rc::gen::element(1U, 2U, 3U, 64U, 1000U);
  for (std::size_t side = 0; side < 2; ++side) {
    result.settings[side] = any_parameters();
    const auto lengths = *rc::gen::container<std::vector<std::size_t>>(rc::gen::weightedOneOf<std::size_t>(
        {{8, rc::gen::inRange<std::size_t>(1, 200)}, {1, rc::gen::inRange<std::size_t>(4000, 5000)}}));
    for (std::size_t length : lengths) {
      const auto after = *rc::gen::element(0, 0, 0, 1, 700, 30'000) * 1us;
      result.messages[side].push_back({counting(length, *rc::gen::arbitrary<std::uint8_t>()), after});
    }
  }
  return result;
}

void require_transfer(const setup& s) {
  pair_on_bus pair{s.rates, s.address, s.settings[0], s.settings[1], s.burst};
  for (std::size_t side = 0; side < 2; ++side) {
    for (const message& one : s.messages[side]) pair.request(side, one.sdu, one.after);
  }
  pair.run();
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& messages = s.messages[side];
    RC_ASSERT(pair[side].confirmed == std::vector<n_result>(messages.size(), n_result::n_ok));
    const auto& received = pair[1 - side].received;
    RC_ASSERT(received.size() == messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
      RC_ASSERT(received[i].result == n_result::n_ok);
      RC_ASSERT(received[i].sdu == messages[i].sdu);
    }
  }
}

}  // namespace

TEST_CASE("ISOTP-082, 107 what is sent is received, both directions at once, whatever the parameters") {
  REQUIRE(rc::check([] { require_transfer(any_setup()); }));
}

TEST_CASE("ISOTP-107 lengths at the borders of the formats transfer byte-exact") {
  const std::size_t length =
      GENERATE(1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 13U, 14U, 62U, 4095U, 4096U, 65535U, 66000U);
  const unsigned burst = GENERATE(1U, 64U);
  parameters settings;
  settings.max_sdu = 66000;
  pair_on_bus pair{std::nullopt, {rx_id, tx_id, {}, {}}, settings, settings, burst};
  pair.request(0, counting(length));
  pair.run();
  REQUIRE(pair[0].confirmed == std::vector{n_result::n_ok});
  REQUIRE(pair[1].received.size() == 1);
  REQUIRE(pair[1].received[0].sdu == counting(length));
}

TEST_CASE("Whatever frames, confirmations, times and requests come, an endpoint keeps its contract") {
  REQUIRE(rc::check([] {
    parameters settings = any_parameters();
    settings.max_sdu = *rc::gen::element<std::uint32_t>(10, 300, 0xFFFF'FFFF);
    addressing address = usual_address();
    address.rx_address_byte = *rc::gen::weightedElement<std::optional<std::uint8_t>>({{3, {}}, {1, 0x10}});
    dialogue d{settings, *rc::gen::element(1U, 2U, 64U), address};
    if (*rc::gen::arbitrary<bool>()) d.hold_confirmations();
    const auto steps = *rc::gen::arbitrary<std::vector<std::array<std::uint8_t, 4>>>();
    for (const auto& [what, pci, low, more] : steps) {
      const std::size_t length = more % 9;
      bytes data = counting(length, low);
      // Junk is seldom a valid address or N_PCI; most frames get them.
      const std::size_t at = address.rx_address_byte ? 1 : 0;
      if (at < length) data[at] = what & 0x80 ? pci : pci & 0x3F;
      if (at == 1 && length > 0 && (what & 0x40) == 0) data[0] = *address.rx_address_byte;
      switch (what % 8) {
        case 0:
          d.advance(pci * 10ms);
          break;
        case 1:
          d.request(counting(pci % 100), low % 4 == 0 ? target_type::functional : target_type::physical);
          break;
        case 2:
          d.confirm();
          break;
        case 3:
          d.receive(can::data_frame(low % 2 == 0 ? functional_id : rx_id, data));
          break;
        case 4:
          d.advance_unpunctually(pci * 10ms);
          break;
        case 5:
          d.receive(can::fd_frame(rx_id, data, false));
          break;
        default:
          d.receive(can::data_frame(rx_id, data));
      }
    }
    for (std::size_t i = 0; i <= d.requests(); ++i) d.advance(2s);
    RC_ASSERT(d.confirms() == d.requests());
    RC_ASSERT(d.begun() == d.ended());
  }));
}

}  // namespace canstage::isotp::test

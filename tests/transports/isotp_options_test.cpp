// What a connection asks of a CAN_ISOTP socket, in the kernel's own terms, and what it cannot ask.
#include "transports/isotp_options.hpp"

#include <linux/can.h>
#include <linux/can/isotp.h>

#include <cerrno>
#include <functional>

#include "catch2/catch.hpp"

namespace canstage::transports {
namespace {

using namespace std::chrono_literals;
using isotp::error_side;
using isotp::n_result;

constexpr std::uint32_t longest = 66'000;

isotp_wish usual() {
  isotp_wish wish;
  wish.address.rx = can::identifier::standard(0x7E0);
  wish.address.tx = can::identifier::standard(0x7E8);
  return wish;
}

TEST_CASE("the usual connection", "[isotp]") {
  const auto made = options_for(usual());
  CHECK(made.rx_id == 0x7E0);
  CHECK(made.tx_id == 0x7E8);
  CHECK(made.flags == CAN_ISOTP_TX_PADDING);
  CHECK(made.txpad == 0xCC);
  CHECK(made.frame_txtime == CAN_ISOTP_FRAME_TXTIME_ZERO);
  CHECK(made.bs == 0);
  CHECK(made.stmin == 0);
  CHECK(made.wftmax == 10);
  CHECK(made.mtu == CAN_MTU);
  CHECK(made.tx_dl == 8);
  CHECK(made.tx_flags == 0);
  CHECK(beyond_kernel(usual(), longest).empty());
}

TEST_CASE("identifiers of 29 bits carry the flag", "[isotp]") {
  auto wish = usual();
  wish.address.tx = can::identifier::extended(0x18DAF110);
  CHECK(options_for(wish).tx_id == (0x18DAF110 | CAN_EFF_FLAG));
}

TEST_CASE("parameters become options", "[isotp]") {
  auto wish = usual();
  auto& settings = wish.settings;
  SECTION("flow control") {
    settings.bs = 8;
    settings.stmin = isotp::st_min::from_time(500us).value();
    CHECK(options_for(wish).bs == 8);
    CHECK(options_for(wish).stmin == 0xF5);
  }
  SECTION("time between consecutive frames") {
    settings.n_cs = 2ms;
    CHECK(options_for(wish).frame_txtime == 2'000'000);
  }
  SECTION("CAN FD") {
    settings.tx_dl = 64;
    settings.bit_rate_switch = true;
    const auto made = options_for(wish);
    CHECK(made.mtu == CANFD_MTU);
    CHECK(made.tx_dl == 64);
    CHECK(made.tx_flags == CANFD_BRS);
  }
  SECTION("half duplex") {
    settings.duplex = isotp::duplex_mode::half;
    CHECK((options_for(wish).flags & CAN_ISOTP_HALF_DUPLEX) != 0);
  }
  SECTION("functional requests") {
    wish.only_functional = true;
    wish.address.functional_tx = can::identifier::standard(0x7DF);
    CHECK(options_for(wish).tx_id == 0x7DF);
    CHECK((options_for(wish).flags & CAN_ISOTP_SF_BROADCAST) != 0);
  }
  CHECK(beyond_kernel(wish, longest).empty());
}

TEST_CASE("address bytes: one for both directions, or each its own", "[isotp]") {
  constexpr std::uint32_t flags = CAN_ISOTP_EXTEND_ADDR | CAN_ISOTP_RX_EXT_ADDR;
  auto wish = usual();
  wish.address.rx_address_byte = wish.address.tx_address_byte = 0x99;
  CHECK((options_for(wish).flags & flags) == CAN_ISOTP_EXTEND_ADDR);
  CHECK(options_for(wish).ext_address == 0x99);
  wish.address.rx_address_byte = 0x10;
  CHECK((options_for(wish).flags & flags) == flags);
  CHECK(options_for(wish).rx_ext_address == 0x10);
  CHECK(beyond_kernel(wish, longest).empty());
}

TEST_CASE("what is demanded of fillers", "[isotp]") {
  using isotp::padding_check;
  constexpr std::uint32_t tx = CAN_ISOTP_TX_PADDING;
  constexpr std::uint32_t rx = CAN_ISOTP_RX_PADDING;
  constexpr std::uint32_t len = CAN_ISOTP_CHK_PAD_LEN;
  constexpr std::uint32_t data = CAN_ISOTP_CHK_PAD_DATA;
  const auto [padded, check, flags] = GENERATE_COPY(table<bool, padding_check, std::uint32_t>({
      {true, padding_check::none, tx},
      {true, padding_check::length, tx | rx | len},
      {true, padding_check::byte, tx | rx | data},
      {true, padding_check::both, tx | rx | len | data},
      {false, padding_check::none, 0U},
      {false, padding_check::length, len},
      {false, padding_check::byte, rx | data},
  }));
  auto wish = usual();
  if (!padded) wish.settings.padding.reset();
  wish.settings.check_padding = check;
  CHECK(options_for(wish).flags == flags);
  CHECK(beyond_kernel(wish, longest).empty());
}

TEST_CASE("what the kernel cannot do is named", "[isotp]") {
  struct row {
    std::function<void(isotp_wish&)> set;
    const char* why;
  };
  const auto& [set, why] = GENERATE(values<row>({
      {[](auto& w) { w.settings.n_as = 500ms; }, "n_as 500 ms"},
      {[](auto& w) { w.settings.n_ar = 900ms; }, "n_ar 900 ms"},
      {[](auto& w) { w.settings.n_bs = 1500us; }, "n_bs 1.5 ms"},
      {[](auto& w) { w.settings.n_cr = 150ms; }, "n_cr 150 ms"},
      {[](auto& w) { w.settings.n_br = 10ms; }, "n_br 10 ms"},
      {[](auto& w) { w.settings.n_cs = 5s; }, "n_cs 5000 ms"},
      {[](auto& w) { w.settings.max_sdu = 66'001; }, "max_sdu 66001 (there it is 66000)"},
      {[](auto& w) { w.settings.max_sdu = 100; }, "max_sdu 100 (there it is 66000)"},
      {[](auto& w) { w.settings.accepted_waits = 3; }, "accepted_waits (there it is any)"},
      {[](auto& w) { w.settings.flow_control = isotp::flow_control_policy::wait_first(2); },
       "flow_control other than cts"},
      {[](auto& w) { w.settings.compat = isotp::compatibility::python_can_isotp(); },
       "compatibility other than linux"},
      {[](auto& w) {
         w.settings.padding.reset();
         w.settings.check_padding = isotp::padding_check::both;
       },
       "check_padding both without padding"},
      {[](auto& w) { w.address.rx_address_byte = 0x10; }, "an address byte in one direction only"},
      {[](auto& w) { w.address.tx = w.address.rx; }, "one identifier in both directions"},
      {[](auto& w) {
         w.peer_tx_dl = {8, 64};
       },
       "a peer that sends CAN FD frames, with a tx_dl of 8"},
      {[](auto& w) {
         w.peer_tx_dl = {8};
         w.settings.tx_dl = 32;
       },
       "a peer that sends classic frames, with a tx_dl above 8"},
  }));
  auto wish = usual();
  set(wish);
  CHECK(beyond_kernel(wish, longest) == std::vector<std::string>{why});
}

TEST_CASE("timers do not matter where nothing but single frames is sent", "[isotp]") {
  auto wish = usual();
  wish.only_functional = true;
  wish.address.functional_tx = can::identifier::standard(0x7DF);
  wish.settings.n_bs = 100ms;
  wish.settings.max_sdu = 7;
  CHECK(beyond_kernel(wish, longest).empty());
}

TEST_CASE("errors of the kernel are results of ISO 15765-2", "[isotp]") {
  const auto [number, side, result] = GENERATE(table<int, error_side, n_result>({
      {ETIMEDOUT, error_side::receiving, n_result::n_timeout_cr},
      {EILSEQ, error_side::receiving, n_result::n_wrong_sn},
      {EBADMSG, error_side::either, n_result::n_invalid_fs},
      {ECOMM, error_side::sending, n_result::n_timeout_bs},
      {EMSGSIZE, error_side::sending, n_result::n_buffer_ovflw},
      {EIO, error_side::sending, n_result::n_error},
  }));
  CHECK(failure_of(number).side == side);
  CHECK(failure_of(number).result == result);
}

}  // namespace
}  // namespace canstage::transports

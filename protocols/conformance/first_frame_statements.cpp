// ISOTP-020 to 032: first frames.
#include <array>

#include "protocols/conformance/statement.hpp"

namespace canstage::conformance {

namespace {

std::size_t smallest(const setting& known) { return known.longest_single() + 1; }

/// Some CFs, but few.
std::size_t some(const setting& known) { return 3U * known.tx_dl; }

script smallest_first(const setting& known) {
  return script{known}.message(smallest(known)).echo_begins().send("30 00 00").echo_ends().silent();
}

script ff_dl_forms(const setting& known) {
  script play{known};
  play.message(4095).echoed();
  if (known.max_sdu > 4095) play.message(4096).echoed();
  return play;
}

script none_before_cts(const setting& known) {
  return script{known}.message(some(known)).echo_begins().silent(known.n_bs / 2).send("30 00 00").echo_ends();
}

script valid_first(const setting& known) {
  return script{known}.message(some(known)).check(check_step::values).echoed();
}

script ff_dl_too_small(const setting& known) {
  // FF_DL of the largest SF. An FC would come now.
  const std::size_t a = known.address_bytes_out();
  const std::size_t ff_dl = known.tx_dl - a - (known.fd() ? 2U : 1U);
  bytes first{0x10, static_cast<std::uint8_t>(ff_dl)};
  first.resize(known.tx_dl - a, 0x55);
  bytes smaller = first;
  smaller[1] = 1;
  return script{known}.send(to_hex(first)).silent().send(to_hex(smaller)).silent().alive();
}

bytes first_of_4_gib(const setting& known) {
  bytes first{0x10, 0x00, 0xFF, 0xFF, 0xFF, 0xFF};
  first.resize(known.tx_dl - known.address_bytes_out(), 0x55);
  return first;
}

script too_long(const setting& known) {
  return script{known}
      .send(to_hex(first_of_4_gib(known)))
      .receive("32", "FC.OVFLW")
      .send("21 01 02 03 04 05 06")
      .silent()
      .alive();
}

script first_too_short(const setting& known) {
  const std::string_view n_pdu =
      known.address_bytes_out() == 0 ? "10 14 01 02 03 04 05" : "10 14 01 02 03 04";
  return script{known}.send_as_is(n_pdu).silent().alive();
}

script small_32_bit(const setting& known) {
  bytes first{0x10, 0x00, 0x00, 0x00, 0x00, static_cast<std::uint8_t>(some(known))};
  first.resize(known.tx_dl - known.address_bytes_out(), 0x55);
  return script{known}.send(to_hex(first)).silent().alive();
}

script long_message(const setting& known) { return script{known}.message(4096).echoed(); }

script functional_first(const setting& known) {
  bytes first{0x10, static_cast<std::uint8_t>(some(known))};
  first.resize(known.tx_dl - known.address_bytes_out(), 0x55);
  return script{known}.send_astray(to_hex(first), astray::functional).silent().alive();
}

script every_rx_dl(const setting& known) {
  script play{known};
  for (const std::size_t rx_dl : {8, 12, 16, 20, 24, 32, 48, 64})
    play.begin(3 * rx_dl, rx_dl).finish().echoed();
  return play;
}

script first_while_receiving(const setting& known) {
  return script{known}.begin(some(known)).go_on(1).message(some(known)).echoed().silent();
}

constexpr std::array all = std::to_array<statement>({
    {20,
     "the smallest segmented message: an FF, then a CF after FC.CTS",
     certainty::certain,
     need_echo,
     smallest_first,
     {}},
    {21,
     "FF_DL up to 4095 has 12 bits, above it 32",
     certainty::certain,
     need_echo,
     ff_dl_forms,
     {},
     [](const setting& known) -> std::string_view {
       return known.max_sdu < 4095 ? "the stack receives no message of 4095 bytes" : "";
     }},
    {22, "no CF before FC.CTS", certainty::certain, need_echo, none_before_cts, {}},
    {23,
     "a valid FF is answered by FC.CTS in time, with valid values",
     certainty::certain,
     need_nothing,
     valid_first,
     {}},
    {24, "FF_DL below the minimum is ignored", certainty::certain, need_nothing, ff_dl_too_small, {}},
    {25, "FF_DL above the buffer is answered by FC.OVFLW", certainty::certain, need_nothing, too_long, {}},
    {26, "an FF of less than 8 bytes is ignored", certainty::certain, need_nothing, first_too_short, {}},
    {27, "FF_DL up to 4095 in 32 bits is ignored", certainty::uncertain, need_nothing, small_32_bit, {}},
    {28, "FF_DL above 4095 in 32 bits is received", certainty::certain, need_4096, long_message, {}},
    {29,
     "an FF on the functional identifier is ignored",
     certainty::certain,
     need_functional,
     functional_first,
     {}},
    {30,
     "FD: RX_DL is CAN_DL of the FF, whatever the own TX_DL",
     certainty::certain,
     need_fd,
     every_rx_dl,
     {}},
    {31,
     "an FF in the middle of a message begins a new one",
     certainty::certain,
     need_nothing,
     first_while_receiving,
     {}},
    {32, "a functional request that fits no SF is not sent", certainty::certain, need_nothing, nullptr,
     "needs a request of the stack's own application"},
});

}  // namespace

std::span<const statement> first_frame_statements() { return all; }

}  // namespace canstage::conformance

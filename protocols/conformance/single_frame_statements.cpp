// ISOTP-001 to 018: single frames.
#include <algorithm>
#include <array>

#include "protocols/conformance/statement.hpp"

namespace canstage::conformance {

namespace {

constexpr std::array<std::size_t, 8> fd_lengths = {8, 12, 16, 20, 24, 32, 48, 64};

/// `n_pdu` is ignored, and everything goes on as if it had not come.
script ignored(const setting& known, std::string_view n_pdu) {
  return script{known}.send_as_is(n_pdu).silent().alive();
}

script every_short_single(const setting& known) {
  script play{known};
  for (std::size_t length = 1; length <= known.short_single(); ++length) play.single(length).echoed();
  return play.silent();
}

script smallest_segmented(const setting& known) {
  return script{known}.message(known.longest_single()).echoed().message(known.longest_single() + 1).echoed();
}

script fillers_of_singles(const setting& known) {
  return every_short_single(known).check(check_step::lengths);
}

script any_filler(const setting& known) {
  script play{known};
  for (std::size_t length = 1; length <= known.short_single(); ++length)
    play.single(length, static_cast<std::uint8_t>(0x55 * (length % 4))).echoed();
  return play;
}

script sf_dl_zero(const setting& known) {
  script play{known};
  play.send("00 00 00 00 00 00").send("00 03 01 02 03").send_as_is("00").send_as_is("00 01 02").silent();
  // Nor does it disturb a message.
  return play.begin(known.longest_single() + 1).send("00 03 01 02 03").finish().echoed().alive();
}

script sf_dl_too_large(const setting& known) {
  return script{known}.send_as_is("05 01 02").silent().send_as_is("02 01").silent().alive();
}

script sf_dl_7_behind_address(const setting& known) { return ignored(known, "07 01 02 03 04 05 06"); }

script sf_dl_above_7(const setting& known) {
  return script{known}.send("08 01 02 03 04 05 06").send("0F 01 02 03 04 05 06").silent().alive();
}

script can_dl_too_long(const setting& known) { return ignored(known, "02 01 02 03"); }

script no_n_pci(const setting& known) {
  script play{known};
  play.send_as_is("");
  if (known.address_bytes_out() == 0) play.send_as_is("02");
  return play.silent().alive();
}

script short_and_escape(const setting& known) {
  const std::size_t limit = known.short_single();
  return script{known}.single(limit).echoed().single(limit + 1).echoed().check(check_step::lengths);
}

script every_fd_single(const setting& known) {
  script play{known};
  const std::size_t a = known.address_bytes_in();
  for (const std::size_t can_dl : fd_lengths) {
    if (can_dl < 12 || can_dl > known.tx_dl) continue;
    // The longest that the length below holds does not need this one.
    const std::size_t below = *(std::ranges::find(fd_lengths, can_dl) - 1);
    const std::size_t shortest = std::max(below - a - 1, known.short_single() + 1);
    play.single(shortest).echoed().single(can_dl - a - 2).echoed();
  }
  return play.check(check_step::lengths);
}

script missing_escape(const setting& known) {
  return ignored(known, known.address_bytes_out() == 0 ? "03 01 02 03 04 05 06 07 08 09 0A 0B"
                                                       : "03 01 02 03 04 05 06 07 08 09 0A");
}

script escape_too_large(const setting& known) {
  return ignored(known, known.address_bytes_out() == 0 ? "00 0B 01 02 03 04 05 06 07 08 09 0A"
                                                       : "00 0B 01 02 03 04 05 06 07 08 09");
}

script escape_fits_smaller(const setting& known) {
  return ignored(known, known.address_bytes_out() == 0 ? "00 09 01 02 03 04 05 06 07 08 09 CC CC CC CC CC"
                                                       : "00 09 01 02 03 04 05 06 07 08 09 CC CC CC CC");
}

script other_address(const setting& known) {
  return script{known}.send_astray("03 01 02 03", astray::other_address).silent().alive();
}

std::string_view needs_dl_16(const setting& known) {
  return known.tx_dl < 16 ? "only with a TX_DL above 12" : "";
}

constexpr std::array all = std::to_array<statement>({
    {1,
     "a message that fits is one SF, without flow control",
     certainty::certain,
     need_echo,
     every_short_single,
     {}},
    {2,
     "8 bytes are an FF and CF, not an SF",
     certainty::certain,
     need_echo | need_classic | need_no_address,
     smallest_segmented,
     {}},
    {3,
     "with an address byte 6 bytes are an SF, 7 an FF",
     certainty::certain,
     need_echo | need_classic | need_address,
     smallest_segmented,
     {}},
    {4,
     "fillers: in every frame or in none, up to 8 bytes",
     certainty::certain,
     need_echo,
     fillers_of_singles,
     {}},
    {5, "an SF with any fillers gives exactly SF_DL bytes", certainty::certain, need_echo, any_filler, {}},
    {6, "SF_DL 0 in up to 8 bytes is ignored", certainty::certain, need_echo, sf_dl_zero, {}},
    {7, "SF_DL above what CAN_DL holds is ignored", certainty::certain, need_echo, sf_dl_too_large, {}},
    {8,
     "SF_DL 7 behind an address byte in 8 bytes is ignored",
     certainty::certain,
     need_echo | need_address,
     sf_dl_7_behind_address,
     {}},
    {9, "SF_DL 8 to 15 in the low nibble is ignored", certainty::certain, need_echo, sf_dl_above_7, {}},
    {10,
     "CAN_DL below 8 that is not the one for SF_DL is ignored",
     certainty::uncertain,
     need_echo,
     can_dl_too_long,
     {}},
    {11,
     "a frame without N_PCI, or with nothing else, is ignored",
     certainty::certain,
     need_echo,
     no_n_pci,
     {}},
    {12,
     "FD: a short SF in 8 bytes, then the escape form in 12",
     certainty::certain,
     need_echo | need_fd,
     short_and_escape,
     {}},
    {13,
     "FD: the longest SF fills TX_DL, one byte more is an FF",
     certainty::certain,
     need_echo | need_fd,
     smallest_segmented,
     {}},
    {14,
     "FD: an SF takes the shortest CAN_DL that holds it",
     certainty::certain,
     need_echo | need_fd,
     every_fd_single,
     {}},
    {15,
     "FD: CAN_DL above 8 without the escape form is ignored",
     certainty::certain,
     need_echo | need_fd,
     missing_escape,
     {}},
    {16,
     "FD: SF_DL above what CAN_DL holds is ignored",
     certainty::certain,
     need_echo | need_fd,
     escape_too_large,
     {}},
    {17,
     "FD: SF_DL that fits a shorter CAN_DL is ignored",
     certainty::uncertain,
     need_echo | need_fd,
     escape_fits_smaller,
     {},
     needs_dl_16},
    {18,
     "an SF with another address byte is ignored",
     certainty::certain,
     need_echo | need_address,
     other_address,
     {}},
});

}  // namespace

std::span<const statement> single_frame_statements() { return all; }

}  // namespace canstage::conformance

// ISOTP-090 to 107: addressing, timing and results.
#include <algorithm>
#include <array>

#include "protocols/conformance/statement.hpp"

namespace canstage::conformance {

namespace {

std::size_t some(const setting& known) { return 4U * known.tx_dl; }

/// PF of a 29-bit identifier, bits 24 and 25 with it; 0 for any other.
std::uint32_t pf_of(can::identifier id) { return id.is_extended() ? (id.value() >> 16) & 0x3FF : 0; }

/// TA and SA of the one are SA and TA of the other.
bool swapped(can::identifier a, can::identifier b) {
  return (a.value() & 0xFF) == ((b.value() >> 8) & 0xFF) && ((a.value() >> 8) & 0xFF) == (b.value() & 0xFF);
}

bool fixed_pair(const setting& known, std::uint32_t pf) {
  const auto& address = known.address;
  return pf_of(address.tx) == pf && pf_of(address.rx) == pf && swapped(address.tx, address.rx);
}

std::string_view needs_normal_fixed(const setting& known) {
  return fixed_pair(known, 0xDA) ? "" : "the identifiers are not those of normal fixed addressing (18DAttss)";
}

std::string_view needs_functional_fixed(const setting& known) {
  const auto id = known.address.functional_tx;
  return id && pf_of(*id) == 0xDB ? "" : "the functional identifier is not normal fixed (18DBttss)";
}

std::string_view needs_mixed(const setting& known) {
  return fixed_pair(known, 0xCE) ? "" : "the identifiers are not those of mixed addressing (18CEttss)";
}

script there_and_back(const setting& known) {
  return script{known}.single(3).echoed().message(some(known)).echoed();
}

script functional_single(const setting& known) {
  bytes first{0x10, static_cast<std::uint8_t>(some(known))};
  first.resize(known.tx_dl - known.address_bytes_out(), 0x55);
  return script{known}
      .single_astray(3, astray::functional)
      .echoed()
      .send_astray(to_hex(first), astray::functional)
      .silent();
}

script once_only(const setting& known) {
  return script{known}.single(3).echoed().silent().message(some(known)).echoed().silent();
}

script one_after_the_other(const setting& known) {
  // A second message comes while the echo of the first has only begun.
  return script{known}
      .message(some(known))
      .echo_begins()
      .single(3)
      .silent(known.n_bs / 2)
      .send("30 00 0A")
      .echo_ends(std::chrono::milliseconds{10})
      .echoed();
}

script after_aborts(const setting& known) {
  const duration out = known.quiet_time();
  script play{known};
  const auto works = [&] { play.message(some(known)).echoed(); };
  // As a receiver: wrong SN, N_Cr, a buffer that is too small.
  play.begin(some(known)).misnumber(14).silent();
  works();
  play.begin(some(known)).go_on(1).silent(out);
  works();
  // As a sender: FC.OVFLW, N_Bs.
  play.message(some(known)).echo_begins().send("32 00 00").silent();
  works();
  play.message(some(known)).echo_begins().silent(out);
  works();
  return play;
}

script says_nothing(const setting& known) {
  return script{known}
      .message(some(known))
      .echo_begins()
      .silent(known.n_bs + known.allowed.tolerance)
      .silent(known.n_cr)
      .alive();
}

script longest_messages(const setting& known) {
  script play{known};
  for (const std::size_t length : {4095U, 4096U, 65535U, 66000U})
    if (length < known.max_sdu) play.message(length).echoed();
  return play.message(std::min(known.max_sdu, 66000U)).echoed();
}

constexpr std::string_view on_no_bus = "results are told to the stack's own application, not to the bus";
constexpr std::string_view needs_congestion = "needs a bus that holds the stack's frames back";

constexpr std::array all = std::to_array<statement>({
    {90,
     "normal fixed addressing: answers with TA and SA exchanged",
     certainty::certain,
     need_nothing,
     there_and_back,
     {},
     needs_normal_fixed},
    {91,
     "normal fixed, functional: an SF is taken, an FF is not",
     certainty::certain,
     need_echo | need_functional,
     functional_single,
     {},
     needs_functional_fixed},
    {92,
     "mixed addressing: N_AE is byte 0 of every frame, FC among them",
     certainty::certain,
     need_address,
     there_and_back,
     {},
     needs_mixed},
    {93, "other priorities are taken by the configured identifier", certainty::certain, need_nothing, nullptr,
     "masking the priority is as right as not masking it"},
    {94,
     "an address byte is in front of every FC, too",
     certainty::certain,
     need_address,
     there_and_back,
     {}},
    {100, "a frame that cannot be sent for N_As ends the message", certainty::certain, need_nothing, nullptr,
     needs_congestion},
    {101, "an FC that cannot be sent for N_Ar ends the message", certainty::certain, need_nothing, nullptr,
     needs_congestion},
    {102, "one message gives one indication: one echo", certainty::certain, need_echo, once_only, {}},
    {103,
     "messages in one direction follow each other, never interleaved",
     certainty::certain,
     need_echo | need_full_duplex,
     one_after_the_other,
     {}},
    {104, "N_ChangeParameter is refused while receiving", certainty::certain, need_nothing, nullptr,
     on_no_bus},
    {105, "after any abort the next message works", certainty::certain, need_echo, after_aborts, {}},
    {106, "a sender that gives up tells nobody", certainty::certain, need_echo, says_nothing, {}},
    {107,
     "the longest messages come back byte for byte",
     certainty::certain,
     need_echo,
     longest_messages,
     {}},
});

}  // namespace

std::span<const statement> addressing_and_timing_statements() { return all; }

}  // namespace canstage::conformance

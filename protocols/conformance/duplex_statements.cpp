// ISOTP-080 to 089: what comes unexpectedly, and both directions at once.
#include <array>

#include "protocols/conformance/statement.hpp"

namespace canstage::conformance {

namespace {

std::size_t some(const setting& known) { return 4U * known.tx_dl; }

script single_while_receiving(const setting& known) {
  return script{known}.begin(some(known)).go_on(1).single(3).echoed().finish_in_vain().silent().alive();
}

script nothing_while_sending(const setting& known) {
  bytes first{0x10, static_cast<std::uint8_t>(some(known))};
  first.resize(known.tx_dl - known.address_bytes_out(), 0x55);
  return script{known}
      .message(some(known))
      .echo_begins()
      .single(3)
      .forget()
      .send(to_hex(first))
      .silent(known.n_bs / 2)
      .send("30 00 00")
      .echo_ends()
      .silent();
}

script both_directions(const setting& known) {
  return script{known}
      .message(some(known))
      .echo_begins()
      .begin(some(known))
      .go_on(1)
      .send("30 00 00")
      .echo_ends()
      .finish()
      .echoed();
}

script fc_while_receiving(const setting& known) {
  return script{known}.begin(some(known)).go_on(1).send("30 00 00").finish().echoed();
}

script reserved_n_pci(const setting& known) {
  script play{known};
  for (const std::string_view n_pdu :
       {"40 01 02", "53 00 00", "6F 01 02", "70 01 02", "83 01 02 03", "90 08 01 02", "A1 01 02", "B0 00 00",
        "C2 01 02", "D0", "E1 01", "FF FF FF FF FF FF FF"})
    play.send(n_pdu);
  play.silent();
  play.begin(some(known)).go_on(1).send("40 01 02").send("F2 01 02").finish().echo_begins();
  return play.send("50 00 00").silent(known.n_bs / 2).send("30 00 00").echo_ends();
}

script classic_frame(const setting& known) {
  return script{known}.single_astray(3, astray::other_kind).echoed();
}

script remote_frame(const setting& known) {
  return script{known}.send_astray("02 3E 00", astray::remote).silent().alive();
}

script other_format(const setting& known) {
  return script{known}.send_astray("02 3E 00", astray::other_format).silent().alive();
}

constexpr std::array all = std::to_array<statement>({
    {80,
     "an SF in the middle of a message is taken, the message ends",
     certainty::certain,
     need_echo,
     single_while_receiving,
     {}},
    {81,
     "half duplex: SF and FF are ignored while sending",
     certainty::certain,
     need_echo | need_half_duplex,
     nothing_while_sending,
     {}},
    {82,
     "full duplex: messages in both directions at once",
     certainty::certain,
     need_echo | need_full_duplex,
     both_directions,
     {}},
    {83,
     "full duplex: an FC reaches the transmission only",
     certainty::certain,
     need_echo | need_full_duplex,
     both_directions,
     {}},
    {84,
     "half duplex: an FC while receiving is ignored",
     certainty::certain,
     need_echo | need_half_duplex,
     fc_while_receiving,
     {}},
    {85,
     "reserved N_PCI 4 to F is ignored, whatever goes on",
     certainty::certain,
     need_echo,
     reserved_n_pci,
     {}},
    {86, "two pairs interleave frame by frame", certainty::certain, need_nothing, nullptr,
     "needs a second pair of identifiers of the same stack"},
    {87, "FD: a classic frame is taken as well", certainty::certain, need_echo | need_fd, classic_frame, {}},
    {88, "a remote frame is ignored", certainty::certain, need_echo, remote_frame, {}},
    {89,
     "the same number as an identifier of the other format is ignored",
     certainty::certain,
     need_echo,
     other_format,
     {},
     [](const setting& known) -> std::string_view {
       const auto id = known.address.tx;
       return id.is_extended() && id.value() > can::identifier::standard_mask
                  ? "no identifier of 11 bits has this number"
                  : "";
     }},
});

}  // namespace

std::span<const statement> duplex_statements() { return all; }

}  // namespace canstage::conformance

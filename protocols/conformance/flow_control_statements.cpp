// ISOTP-060 to 079: flow control.
#include <array>
#include <chrono>

#include "protocols/conformance/statement.hpp"

namespace canstage::conformance {

namespace {

using namespace std::chrono_literals;

/// FF and so many CFs, all of them full, in what the stack sends.
std::size_t with_cfs(const setting& known, std::size_t count) {
  const std::size_t a = known.address_bytes_in();
  return known.tx_dl - a - 2 + count * (known.tx_dl - a - 1);
}

/// A message of so many CFs is on its way back: its FF was sent, an FC is awaited.
script awaits_fc(const setting& known, std::size_t count) {
  script play{known};
  play.message(with_cfs(known, count)).echo_begins();
  return play;
}

duration just_below(const setting& known, duration timer) { return timer - known.allowed.tolerance; }

script no_flow_control(const setting& known) {
  script play = awaits_fc(known, 3);
  play.silent(just_below(known, known.n_bs)).send("30 00 00").echo_ends();
  play.message(with_cfs(known, 3)).echo_begins().silent(known.n_bs + known.allowed.tolerance);
  return play.send("30 00 00").silent().alive();
}

script no_further_fc(const setting& known) {
  script play = awaits_fc(known, 8);
  // An FC that nobody awaits, with other values.
  return play.send("30 00 0A").echo_goes_on(3, 10ms).send("30 01 7F").echo_ends().silent();
}

script blocks_of_3(const setting& known) {
  script play = awaits_fc(known, 7);
  play.send("30 03 00").echo_goes_on(3).silent(just_below(known, known.n_bs));
  play.send("30 03 00").echo_goes_on(3).silent(known.n_bs / 2);
  return play.send("30 03 00").echo_ends().silent();
}

script blocks_of_1(const setting& known) {
  script play = awaits_fc(known, 3);
  for (int block = 0; block < 2; ++block) play.send("30 01 00").echo_goes_on(1).silent(known.n_bs / 4);
  return play.send("30 01 00").echo_goes_on(1).silent().alive();
}

script gaps(const setting& known) {
  script play = awaits_fc(known, 5);
  play.send("30 00 05").echo_ends(5ms);
  play.message(with_cfs(known, 5)).echo_begins().send("30 00 F3").echo_ends(300us);
  return play.message(with_cfs(known, 5)).echo_begins().send("30 00 00").echo_ends();
}

script reserved_gaps(const setting& known) {
  script play{known};
  for (const std::string_view fc : {"30 00 80", "30 00 F0", "30 00 FA", "30 00 FF"})
    play.message(with_cfs(known, 3)).echo_begins().send(fc).echo_ends(127ms);
  return play;
}

script waiting(const setting& known) {
  script play = awaits_fc(known, 3);
  const duration pause = known.n_bs * 9 / 10;
  play.silent(pause).send("31 00 00").silent(pause).send("31 00 00").silent(pause);
  return play.send("30 00 00").echo_ends().silent();
}

script overflow(const setting& known) {
  return awaits_fc(known, 3).send("32 00 00").silent().send("30 00 00").silent().alive();
}

script late_overflow(const setting& known) {
  script play = awaits_fc(known, 5);
  play.send("30 02 00").echo_goes_on(2).send("32 00 00").silent(known.n_bs / 2);
  return play.send("30 00 00").silent().alive();
}

script reserved_fs(const setting& known) {
  script play{known};
  for (const std::string_view fc : {"33 00 00", "37 00 00", "3F 00 00"}) {
    play.message(with_cfs(known, 3)).echo_begins();
    play.send(fc).silent(known.n_bs / 2).send("30 00 00").silent();
  }
  return play.alive();
}

script short_fc(const setting& known) {
  script play = awaits_fc(known, 3);
  play.send_as_is("30 00").send_as_is("30").silent(known.n_bs / 2);
  return play.send("30 00 00").echo_ends();
}

script foreign_fc(const setting& known) {
  script play = awaits_fc(known, 3);
  const bool by_address = known.address_bytes_out() == 1;
  play.send_astray("30 00 00", by_address ? astray::other_address : astray::other_id).silent(known.n_bs / 2);
  return play.send("30 00 00").echo_ends();
}

script changed_values(const setting& known) {
  script play = awaits_fc(known, 7);
  play.send("30 02 00").echo_goes_on(2);
  play.send("30 03 05").echo_goes_on(3, 5ms).silent(known.n_bs / 2);
  return play.send("30 00 00").echo_ends();
}

/// A length that ends with the second block, if the stack's BS is what it was last time.
script own_blocks(const setting& known) {
  const std::size_t a = known.address_bytes_out();
  const std::size_t blocks = known.bs ? 2U * *known.bs : 0;
  std::size_t length = known.tx_dl - a - 2 + (blocks == 0 ? 20 : blocks) * (known.tx_dl - a - 1);
  // Where that is too long, without FC at the very end.
  length = std::min<std::size_t>(length, std::min(known.max_sdu, 4095U));
  return script{known}.message(length).check(check_step::values).echoed().silent();
}

script prolonged(const setting& known) {
  return script{known}.message(with_cfs(known, 3)).check(check_step::waited).echoed();
}

script length_of_fc(const setting& known) {
  return script{known}.single(2).echoed().message(with_cfs(known, 3)).echoed().check(check_step::lengths);
}

script idle_fc(const setting& known) {
  return script{known}.send("30 00 00").send("31 00 00").send("32 00 00").silent().alive();
}

constexpr std::string_view has_own_limit = "the limit is the stack's own setting, and many have none";

constexpr std::array all = std::to_array<statement>({
    {60,
     "FC just below N_Bs is in time; without one no CF, and a later FC is ignored",
     certainty::certain,
     need_echo,
     no_flow_control,
     {}},
    {61,
     "BS 0: all CFs without further FC; one in between is ignored",
     certainty::certain,
     need_echo,
     no_further_fc,
     {}},
    {62, "BS 3: exactly 3 CFs, then N_Bs for the next FC", certainty::certain, need_echo, blocks_of_3, {}},
    {63, "BS 1: an FC is awaited after each CF but the last", certainty::certain, need_echo, blocks_of_1, {}},
    {64, "gaps of at least STmin: 5 ms, 300 us, 0", certainty::certain, need_echo, gaps, {}},
    {65, "STmin 80, F0, FA, FF is 127 ms", certainty::certain, need_echo, reserved_gaps, {}},
    {66, "FC.WAIT restarts N_Bs, and no CF comes", certainty::certain, need_echo, waiting, {}},
    {67, "FC.WAIT beyond the sender's limit ends the message", certainty::certain, need_nothing, nullptr,
     has_own_limit},
    {68, "FC.OVFLW after the FF ends the message", certainty::certain, need_echo, overflow, {}},
    {69, "FC.OVFLW after a later block ends the message", certainty::uncertain, need_echo, late_overflow, {}},
    {70, "FS 3, 7, F ends the message", certainty::certain, need_echo, reserved_fs, {}},
    {71, "an FC of less than 3 bytes is ignored", certainty::uncertain, need_echo, short_fc, {}},
    {72, "an FC that is for somebody else is ignored", certainty::certain, need_echo, foreign_fc, {}},
    {73, "BS and STmin of a later FC count", certainty::uncertain, need_echo, changed_values, {}},
    {74,
     "FC after the FF and after each block of BS, none after the last CF",
     certainty::certain,
     need_nothing,
     own_blocks,
     {}},
    {75,
     "FC.WAIT comes often enough, and FC.CTS in the end",
     certainty::certain,
     need_nothing,
     prolonged,
     {}},
    {76, "after N_WFTmax FC.WAIT the message is dropped", certainty::certain, need_nothing, nullptr,
     "nothing from outside can make the stack wait, nor tell why it gave up"},
    {77,
     "an FC has 8 bytes if other frames are filled, else 3 and the address",
     certainty::certain,
     need_nothing,
     length_of_fc,
     {}},
    {78, "an FC while idle is ignored", certainty::certain, need_echo, idle_fc, {}},
    {79, "an FC before the FF is on the bus", certainty::certain, need_nothing, nullptr,
     "the standard leaves it to the stack"},
});

}  // namespace

std::span<const statement> flow_control_statements() { return all; }

}  // namespace canstage::conformance

// ISOTP-040 to 052: consecutive frames.
#include <array>

#include "protocols/conformance/statement.hpp"

namespace canstage::conformance {

namespace {

/// FF and so many CFs, all of them full.
std::size_t with_cfs(const setting& known, std::size_t count) {
  const std::size_t a = known.address_bytes_out();
  return known.tx_dl - a - 2 + count * (known.tx_dl - a - 1);
}

script sn_received(const setting& known) { return script{known}.message(with_cfs(known, 20)).echoed(); }

script sn_sent(const setting& known) {
  script play{known};
  play.message(with_cfs(known, 20)).echo_begins();
  for (int block = 0; block < 4; ++block) play.send("30 05 00").echo_goes_on(5);
  return play.echo_ends().message(with_cfs(known, 2)).echoed();
}

script wrong_first_sn(const setting& known) {
  return script{known}
      .begin(with_cfs(known, 3))
      .misnumber(0)
      .finish_in_vain()
      .silent()
      .begin(with_cfs(known, 3))
      .misnumber(2)
      .finish_in_vain()
      .silent()
      .alive();
}

script duplicated(const setting& known) {
  return script{known}.begin(with_cfs(known, 3)).go_on(1).repeat().finish_in_vain().silent().alive();
}

script idle_consecutive(const setting& known) {
  return script{known}.send("21 01 02 03 04 05 06").silent().alive();
}

script padded_last(const setting& known) {
  script play{known};
  // One byte, and one less than full.
  play.message(with_cfs(known, 1) + 1).echoed();
  return play.message(with_cfs(known, 2) - 1).echoed();
}

script short_last(const setting& known) {
  return script{known}.begin(with_cfs(known, 2)).go_on(1).cut(4).silent(known.n_cr / 2).finish().echoed();
}

script short_middle(const setting& known) {
  const duration late = known.n_cr / 2 + known.allowed.tolerance;
  return script{known}
      .begin(with_cfs(known, 3))
      .cut(4)
      .finish()
      .echoed()
      // N_Cr keeps running since the FC.
      .begin(with_cfs(known, 3))
      .silent(known.n_cr / 2)
      .cut(4)
      .silent(late)
      .finish_in_vain()
      .silent()
      .alive();
}

script long_consecutive(const setting& known) {
  return script{known}.begin(40, 12).stretch(16).silent(known.n_cr / 2).finish().echoed();
}

script after_the_end(const setting& known) {
  return script{known}.message(with_cfs(known, 2)).echoed().send("23 01 02 03 04 05 06").silent().alive();
}

script last_of_fd(const setting& known) {
  script play{known};
  for (const std::size_t rest : {1, 9, 15, 25})
    if (rest < known.tx_dl - 1U) play.message(with_cfs(known, 1) + rest).echoed();
  return play.check(check_step::lengths);
}

script gap_around_n_cr(const setting& known) {
  const duration tolerance = known.allowed.tolerance;
  return script{known}
      .begin(with_cfs(known, 3))
      .go_on(1)
      .silent(known.n_cr - tolerance)
      .finish()
      .echoed()
      .begin(with_cfs(known, 3))
      .go_on(1)
      .silent(known.n_cr + tolerance)
      .finish_in_vain()
      .silent()
      .alive();
}

script no_consecutive(const setting& known) {
  const duration tolerance = known.allowed.tolerance;
  return script{known}
      .begin(with_cfs(known, 3))
      .silent(known.n_cr - tolerance)
      .finish()
      .echoed()
      .begin(with_cfs(known, 3))
      .silent(known.n_cr + tolerance)
      .finish_in_vain()
      .silent()
      .alive();
}

constexpr std::array all = std::to_array<statement>({
    {40, "SN 1 to 15, 0, 1 ... is received", certainty::certain, need_echo, sn_received, {}},
    {41,
     "SN 1 to 15, 0, 1 ... is sent, over all blocks, from 1 in each message",
     certainty::certain,
     need_echo,
     sn_sent,
     {}},
    {42, "a first CF with SN 0 or 2 ends the message", certainty::certain, need_echo, wrong_first_sn, {}},
    {43, "the same SN twice ends the message", certainty::certain, need_echo, duplicated, {}},
    {44, "a CF while idle is ignored", certainty::certain, need_echo, idle_consecutive, {}},
    {45, "fillers of the last CF are dropped", certainty::certain, need_echo, padded_last, {}},
    {46, "a last CF that is too short is ignored", certainty::uncertain, need_echo, short_last, {}},
    {47,
     "a shorter CF in the middle is ignored, N_Cr keeps running",
     certainty::uncertain,
     need_echo,
     short_middle,
     {}},
    {48,
     "FD: a CF longer than RX_DL is ignored",
     certainty::certain,
     need_echo | need_fd,
     long_consecutive,
     {}},
    {49, "a further CF behind the last one is ignored", certainty::certain, need_echo, after_the_end, {}},
    {50,
     "FD: the last CF takes the shortest CAN_DL that holds it",
     certainty::certain,
     need_echo | need_fd,
     last_of_fd,
     {}},
    {51,
     "between CFs: in time just below N_Cr, given up just above",
     certainty::certain,
     need_echo,
     gap_around_n_cr,
     {}},
    {52,
     "behind the FC: in time just below N_Cr, given up just above",
     certainty::certain,
     need_echo,
     no_consecutive,
     {}},
});

}  // namespace

std::span<const statement> consecutive_frame_statements() { return all; }

}  // namespace canstage::conformance

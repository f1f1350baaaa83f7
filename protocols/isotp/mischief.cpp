#include "protocols/isotp/mischief.hpp"

#include <algorithm>

namespace canstage::isotp {

void mischief::on_sending() {
  counted(n_pdu_kind::single).in_message = 0;
  counted(n_pdu_kind::first).in_message = 0;
  counted(n_pdu_kind::consecutive).in_message = 0;
}

void mischief::on_receiving() { counted(n_pdu_kind::flow_control).in_message = 0; }

void mischief::count(n_pdu_kind kind) {
  ++counted(kind).in_message;
  ++counted(kind).in_run;
}

bool mischief::applies(const trigger& when, const counter& at) {
  constexpr std::uint32_t certain = 1'000'000;
  const std::uint32_t number = when.counted == trigger::scope::per_message ? at.in_message : at.in_run;
  if (number < when.nth || number - when.nth >= when.times) return false;
  return when.per_million >= certain || chance_.between(1, certain) <= when.per_million;
}

std::uint32_t mischief::ff_dl(std::uint32_t length) {
  const auto& option = options_.wrong_ff_dl;
  const counter& before = counted(n_pdu_kind::first);
  if (!option || !applies(option->when, {before.in_message + 1, before.in_run + 1})) return length;
  fire(fault::wrong_ff_dl);
  constexpr std::int64_t longest = std::numeric_limits<std::uint32_t>::max();
  const std::int64_t wanted = std::clamp(option->delta, -longest, longest) + length;
  return option->value.value_or(static_cast<std::uint32_t>(std::clamp<std::int64_t>(wanted, 0, longest)));
}

duration mischief::gap(duration gap) {
  const counter& before = counted(n_pdu_kind::consecutive);
  const counter next{before.in_message + 1, before.in_run + 1};
  if (options_.early_cf && gap > duration::zero() && applies(*options_.early_cf, next)) {
    fire(fault::early_cf);
    gap = duration::zero();
  }
  if (options_.late_cf && applies(options_.late_cf->when, next)) {
    fire(fault::late_cf);
    const duration delay = options_.late_cf->delay;
    gap = delay > duration::max() - gap ? duration::max() : gap + delay;
  }
  return gap;
}

mischief::cf_fate mischief::consecutive(std::uint8_t sn) {
  count(n_pdu_kind::consecutive);
  const counter& now = counted(n_pdu_kind::consecutive);
  cf_fate fate{sn};
  if (options_.drop_cf && applies(*options_.drop_cf, now)) {
    fire(fault::drop_cf);
    fate.dropped = true;
    return fate;
  }
  if (options_.wrong_sn && applies(*options_.wrong_sn, now)) {
    fire(fault::wrong_sn);
    fate.sn = (sn + 1) & 0x0F;
  }
  if (options_.repeated_sn && applies(*options_.repeated_sn, now)) {
    fire(fault::repeated_sn);
    fate.repeated = true;
  }
  return fate;
}

bool mischief::flow_control(isotp::flow_control& fc) {
  count(n_pdu_kind::flow_control);
  const counter& now = counted(n_pdu_kind::flow_control);
  if (options_.withhold_fc && applies(*options_.withhold_fc, now)) {
    fire(fault::withhold_fc);
    return false;
  }
  if (options_.reserved_fs && applies(options_.reserved_fs->when, now)) {
    fire(fault::reserved_fs);
    fc.fs = static_cast<flow_status>(options_.reserved_fs->code & 0x0F);
  }
  if (options_.reserved_stmin && applies(options_.reserved_stmin->when, now)) {
    fire(fault::reserved_stmin);
    fc.stmin = options_.reserved_stmin->code;
  }
  return true;
}

void mischief::frame(n_pdu_kind kind, can::frame& f) {
  if (kind == n_pdu_kind::single || kind == n_pdu_kind::first) count(kind);
  const auto& option = options_.short_frames;
  if (!option || option->kind != kind || option->length >= f.length) return;
  if (!applies(option->when, counted(kind))) return;
  fire(fault::short_frames);
  f.length = option->length;
  while (!can::is_fd_length(f.length)) --f.length;
}

}  // namespace canstage::isotp

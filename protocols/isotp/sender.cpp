#include "protocols/isotp/sender.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocols/isotp/deadline.hpp"
#include "protocols/isotp/st_min.hpp"

namespace canstage::isotp {

sender::sender(const parameters& settings, unsigned burst)
    : settings_(&settings), burst_(static_cast<std::uint8_t>(std::clamp(burst, 1U, token_window::width))) {}

bool sender::frame_due(instant now, can::transmit_token next_token, mischief* faults) const {
  switch (state_) {
    case state::single:
    case state::first:
      return unconfirmed_.empty();
    case state::block:
      return cf_due(now, next_token, faults);
    case state::idle:
    case state::flow_control_awaited:
    case state::ended:
      return false;
  }
  return false;
}

bool sender::cf_due(instant now, can::transmit_token next_token, mischief* faults) const {
  if (offset_ == sdu_.size() || block_complete()) return false;
  if (unconfirmed_.empty()) return now >= deadline_;
  // One at a time wherever a gap has to be measured from its end.
  if (gap_ > duration::zero() || (faults != nullptr && faults->changes_time())) return false;
  return unconfirmed_.size() < burst_ && unconfirmed_.reaches(next_token);
}

void sender::on_flow_control(instant now, const flow_control& fc, mischief* faults) {
  if (state_ != state::flow_control_awaited) return;
  switch (fc.fs) {
    case flow_status::cts:
      return clear_to_send(now, fc, faults);
    case flow_status::wait:  // BS and STmin of an FC.WAIT mean nothing
      ++waits_;
      if (settings_->accepted_waits && waits_ > *settings_->accepted_waits) return end(n_result::n_wft_ovrn);
      deadline_ = after(now, settings_->n_bs);
      return;
    case flow_status::ovflw: {
      const bool strict = settings_->compat.late_overflow == late_overflow::invalid_fs;
      return end(strict && cleared_ ? n_result::n_invalid_fs : n_result::n_buffer_ovflw);
    }
  }
  end(n_result::n_invalid_fs);
}

void sender::clear_to_send(instant now, const flow_control& fc, mischief* faults) {
  if (!cleared_ || settings_->compat.values == fc_values::of_each_fc) {
    bs_ = fc.bs;
    gap_ = std::max(st_min::from_code(fc.stmin).time(), settings_->n_cs);
  }
  state_ = state::block;
  cleared_ = true;
  sent_in_block_ = 0;
  waits_ = 0;
  const duration gap = settings_->n_cs;
  deadline_ = after(now, faults == nullptr ? gap : faults->gap(gap));
}

void sender::on_short_flow_control() {
  if (state_ == state::flow_control_awaited && settings_->compat.short_fc_aborts) end(n_result::n_error);
}

void sender::on_confirm(instant now, can::transmit_token token, mischief* faults) {
  if (!unconfirmed_.remove(token)) return;  // withdrawn, or not ours
  if (now > deadline_) return end(n_result::n_timeout_a);
  switch (state_) {
    case state::block:
      return on_cf_done(now, faults);
    case state::single:
      return end(n_result::n_ok);
    case state::first:
      return await_flow_control(now);
    case state::idle:
    case state::flow_control_awaited:
    case state::ended:
      return;
  }
}

/// A CF is on the bus, or was dropped.
void sender::on_cf_done(instant now, mischief* faults) {
  if (!unconfirmed_.empty()) {
    deadline_ = after(now, settings_->n_as);
  } else if (offset_ == sdu_.size()) {
    end(n_result::n_ok);  // ISOTP-063: no FC after the last CF, even at the end of a block
  } else if (block_complete()) {
    await_flow_control(now);
  } else {
    deadline_ = after(now, faults == nullptr ? gap_ : faults->gap(gap_));
  }
}

void sender::await_flow_control(instant now) {
  state_ = state::flow_control_awaited;
  deadline_ = after(now, settings_->n_bs);
}

void sender::on_time(instant now) {
  if (now < deadline_) return;
  if (!unconfirmed_.empty()) {
    end(n_result::n_timeout_a);
  } else if (state_ == state::flow_control_awaited) {
    end(n_result::n_timeout_bs);
  }
}

void sender::start(instant now, bytes&& sdu, const n_address& to, target_type target, mischief* faults) {
  assert(idle() && !sdu.empty());
  const bool fits = sdu.size() <= single_capacity(settings_->tx_dl, to.bytes());
  assert(fits || target == target_type::physical);
  state_ = fits ? state::single : state::first;
  sdu_ = std::move(sdu);
  offset_ = 0;
  to_ = to;
  target_ = target;
  waits_ = 0;
  sn_ = 1;
  cleared_ = false;
  deadline_ = now;
  if (faults != nullptr) faults->on_sending();
}

void sender::reject(target_type target) {
  assert(idle());
  target_ = target;
  end(n_result::n_error);
}

void sender::reset() {
  sdu_ = bytes{};
  unconfirmed_ = token_window{};
  deadline_ = never;
  state_ = state::idle;
}

void sender::end(n_result result) {
  state_ = state::ended;
  result_ = result;
  deadline_ = never;
  sdu_ = bytes{};
}

void sender::poll(instant now, can::transmit_token& next_token, mischief* faults, std::optional<event>& out) {
  while (frame_due(now, next_token, faults)) {
    auto& request = std::get<transmit>(out.emplace(std::in_place_type<transmit>));
    if (write_frame(request.content, faults)) {
      // The N_As of older unconfirmed frames keeps running.
      if (unconfirmed_.empty()) deadline_ = after(now, settings_->n_as);
      unconfirmed_.add(next_token);
      request.token = next_token++;
      return;
    }
    out.reset();
    if (unconfirmed_.empty()) on_cf_done(now, faults);
  }
  if (state_ != state::ended) return;
  if (!unconfirmed_.empty()) {
    const can::transmit_token token = unconfirmed_.oldest();
    unconfirmed_.remove(token);
    out = withdraw{token};
    return;
  }
  state_ = state::idle;
  out = confirm{result_, target_};
}

/// False: misbehaviour drops it.
bool sender::write_frame(can::frame& out, mischief* faults) {
  if (state_ == state::block) return write_next_consecutive(out, faults);
  if (state_ == state::single) {
    write_single(out, to_, sdu_, *settings_);
    if (faults != nullptr) faults->frame(n_pdu_kind::single, out);
    return true;
  }
  auto ff_dl = static_cast<std::uint32_t>(sdu_.size());
  if (faults != nullptr) ff_dl = faults->ff_dl(ff_dl);
  write_first(out, to_, ff_dl, sdu_, *settings_);
  offset_ = first_capacity(settings_->tx_dl, to_.bytes(), ff_dl);
  if (faults != nullptr) faults->frame(n_pdu_kind::first, out);
  return true;
}

bool sender::write_next_consecutive(can::frame& out, mischief* faults) {
  const std::size_t capacity = consecutive_capacity(settings_->tx_dl, to_.bytes());
  const byte_view data{sdu_.data() + offset_, std::min(capacity, sdu_.size() - offset_)};
  mischief::cf_fate fate{sn_};
  if (faults != nullptr) fate = faults->consecutive(sn_);
  if (!fate.repeated) {
    offset_ += data.size();
    sn_ = (sn_ + 1) & 0x0F;
  }
  if (bs_ != 0) ++sent_in_block_;
  if (fate.dropped) return false;
  write_consecutive(out, to_, fate.sn, data, *settings_);
  if (faults != nullptr) faults->frame(n_pdu_kind::consecutive, out);
  return true;
}

}  // namespace canstage::isotp

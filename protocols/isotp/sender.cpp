#include "protocols/isotp/sender.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "protocols/isotp/deadline.hpp"
#include "protocols/isotp/st_min.hpp"

namespace canstage::isotp {

namespace {

/// What an idle sender keeps for the next message that is received: enough for an SF.
constexpr std::size_t largest_spare = can::max_fd_length;

}  // namespace

sender::sender(const parameters& settings, const std::array<n_address, 2>& to, unsigned burst)
    : settings_(&settings),
      to_(to),
      burst_(std::clamp(burst, 1U, token_window::width) & 0x7FU),
      always_8_bytes_(settings.padding && settings.tx_dl <= can::max_classic_length && !to[0].byte) {}

bool sender::frame_due(instant now, can::transmit_token next_token, mischief* faults) const {
  switch (state_) {
    case state::usual_single:
      return true;
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

bool sender::on_usual_confirm(instant now, can::transmit_token token) {
  if (state_ != state::single || !unconfirmed_.is_only(token) || now > deadline_) return false;
  unconfirmed_ = token_window{};
  end(n_result::n_ok);
  return true;
}

void sender::on_confirm(instant now, can::transmit_token first, std::uint32_t count, mischief* faults) {
  if (!unconfirmed_.remove(first, count)) return;  // withdrawn, or not ours
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
    case state::usual_single:
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

void sender::start(instant now, bytes&& sdu, target_type target, mischief* faults) {
  assert(idle() && !sdu.empty());
  target_ = target;
  const std::size_t address_bytes = to().bytes();
  const bool fits = address_bytes + sdu.size() < can::max_classic_length ||
                    sdu.size() <= single_capacity(settings_->tx_dl, address_bytes);
  assert(fits || target == target_type::physical);
  state_ = fits ? state::single : state::first;
  sdu_.swap(sdu);
  deadline_ = now;
  if (!fits) {
    waits_ = 0;
    sn_ = 1;
    cleared_ = false;
  }
  if (faults != nullptr) faults->on_sending();
}

bool sender::start_usual_single(instant now, byte_view sdu) {
  assert(idle());
  if (!always_8_bytes_ || sdu.size() - 1 >= can::max_classic_length - 1) return false;
  write_usual_single(usual_single_, sdu, *settings_->padding);
  target_ = target_type::physical;
  state_ = state::usual_single;
  deadline_ = now;
  return true;
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
  if (sdu_.capacity() > largest_spare) sdu_ = bytes{};
}

bool sender::poll(instant now, can::transmit_token& next_token, mischief* faults, event& out) {
  while (frame_due(now, next_token, faults)) {
    auto& request = out.put<transmit>();
    request.token = next_token;
    request.content = can::frame{};
    if (state_ == state::single || state_ == state::usual_single) {
      poll_single(now, next_token, request.content);
      if (faults != nullptr) faults->frame(n_pdu_kind::single, request.content);
      return true;
    }
    if (write_segment(request.content, faults)) {
      hand_over(now, next_token, 1);
      return true;
    }
    if (unconfirmed_.empty()) on_cf_done(now, faults);
  }
  if (state_ != state::ended) return false;
  if (unconfirmed_.empty()) {
    poll_confirm(out);
  } else {
    const can::transmit_token token = unconfirmed_.oldest();
    unconfirmed_.remove(token);
    out.put<withdraw>().token = token;
  }
  return true;
}

void sender::hand_over(instant now, can::transmit_token& next_token, std::size_t count) {
  // The N_As of older unconfirmed frames keeps running.
  if (unconfirmed_.empty()) deadline_ = after(now, settings_->n_as);
  unconfirmed_.add(next_token, static_cast<std::uint32_t>(count));
  next_token += static_cast<can::transmit_token>(count);
}

void sender::poll_single(instant now, can::transmit_token& next_token, can::frame& out) {
  if (usual_single_due()) return poll_usual_single(now, next_token, out);
  write_single(out, to(), sdu_, *settings_);
  hand_over(now, next_token, 1);
}

void sender::poll_usual_single(instant now, can::transmit_token& next_token, can::frame& out) {
  unconfirmed_ = token_window{next_token++};
  deadline_ = after(now, settings_->n_as);
  state_ = state::single;
  out = can::frame{};
  out.id = to_[0].id;
  out.length = can::max_classic_length;
  std::memcpy(out.data.data(), usual_single_.data(), can::max_classic_length);
}

std::size_t sender::poll_block(instant now, can::transmit_token& next_token, std::span<can::frame> out) {
  if (state_ != state::block || !cf_due(now, next_token, nullptr)) return 0;
  std::size_t most = gap_ > duration::zero() ? 1 : burst_ - unconfirmed_.size();
  if (!unconfirmed_.empty()) {  // as far as the window reaches
    most = std::min<std::size_t>(most, token_window::width - (next_token - unconfirmed_.oldest()));
  }
  if (bs_ != 0) most = std::min<std::size_t>(most, bs_ - sent_in_block_);
  most = std::min(most, out.size());
  const n_address to = this->to();
  const std::size_t capacity = consecutive_capacity(settings_->tx_dl, to.bytes());
  byte_view left = byte_view{sdu_}.subspan(offset_);
  std::uint8_t sn = sn_;
  std::size_t count = 0;
  for (; count < most && !left.empty(); ++count) {
    const std::size_t length = std::min(capacity, left.size());
    out[count] = can::frame{};
    write_consecutive(out[count], to, sn, left.first(length), *settings_);
    left = left.subspan(length);
    sn = (sn + 1) & 0x0F;
  }
  sn_ = sn;
  offset_ = static_cast<std::uint32_t>(sdu_.size() - left.size());
  if (bs_ != 0) sent_in_block_ = static_cast<std::uint8_t>(sent_in_block_ + count);
  if (count != 0) hand_over(now, next_token, count);
  return count;
}

void sender::poll_confirm(event& out) {
  state_ = state::idle;
  auto& end = out.put<confirm>();
  end.result = result_;
  end.target = target_;
}

/// False: misbehaviour drops it.
bool sender::write_segment(can::frame& out, mischief* faults) {
  if (state_ == state::block) return write_next_consecutive(out, faults);
  auto ff_dl = static_cast<std::uint32_t>(sdu_.size());
  if (faults != nullptr) ff_dl = faults->ff_dl(ff_dl);
  write_first(out, to(), ff_dl, sdu_, *settings_);
  offset_ = static_cast<std::uint32_t>(first_capacity(settings_->tx_dl, to().bytes(), ff_dl));
  if (faults != nullptr) faults->frame(n_pdu_kind::first, out);
  return true;
}

bool sender::write_next_consecutive(can::frame& out, mischief* faults) {
  const std::size_t capacity = consecutive_capacity(settings_->tx_dl, to().bytes());
  const byte_view data{sdu_.data() + offset_, std::min(capacity, sdu_.size() - offset_)};
  mischief::cf_fate fate{sn_};
  if (faults != nullptr) fate = faults->consecutive(sn_);
  if (!fate.repeated) {
    offset_ += static_cast<std::uint32_t>(data.size());
    sn_ = (sn_ + 1) & 0x0F;
  }
  if (bs_ != 0) ++sent_in_block_;
  if (fate.dropped) return false;
  write_consecutive(out, to(), fate.sn, data, *settings_);
  if (faults != nullptr) faults->frame(n_pdu_kind::consecutive, out);
  return true;
}

}  // namespace canstage::isotp

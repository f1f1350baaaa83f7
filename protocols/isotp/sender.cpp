#include "protocols/isotp/sender.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocols/isotp/deadline.hpp"

namespace canstage::isotp {

sender::sender(const parameters& settings, unsigned burst)
    : settings_(&settings), burst_(static_cast<std::uint8_t>(std::clamp(burst, 1U, token_window::width))) {}

bool sender::has_output(instant now, can::transmit_token next_token) const {
  switch (state_) {
    case state::idle:
    case state::flow_control_awaited:
      return false;
    case state::single:
    case state::first:
      return unconfirmed_.empty();
    case state::block:
      return cf_due(now, next_token);
    case state::ended:
      return true;
  }
  return false;
}

/// How many CFs may be unconfirmed: one wherever a gap has to be measured from its end.
unsigned sender::burst_limit() const {
  const bool gap = stmin_.time() > duration::zero() || settings_->n_cs > duration::zero();
  return gap ? 1 : burst_;
}

bool sender::cf_due(instant now, can::transmit_token next_token) const {
  if (offset_ == sdu_.size() || block_complete()) return false;
  if (unconfirmed_.empty()) return now >= deadline_;
  return unconfirmed_.size() < burst_limit() && unconfirmed_.reaches(next_token);
}

void sender::on_flow_control(instant now, const flow_control& fc) {
  if (state_ != state::flow_control_awaited) return;
  switch (fc.fs) {
    case flow_status::cts:
      state_ = state::block;
      bs_ = fc.bs;
      stmin_ = st_min::from_code(fc.stmin);
      sent_in_block_ = 0;
      waits_ = 0;
      deadline_ = after(now, settings_->n_cs);
      return;
    case flow_status::wait:  // BS and STmin of an FC.WAIT mean nothing
      ++waits_;
      if (settings_->accepted_waits && waits_ > *settings_->accepted_waits) return end(n_result::n_wft_ovrn);
      deadline_ = after(now, settings_->n_bs);
      return;
    case flow_status::ovflw:
      return end(n_result::n_buffer_ovflw);
  }
  end(n_result::n_invalid_fs);
}

void sender::on_confirm(instant now, can::transmit_token token) {
  if (!unconfirmed_.remove(token)) return;  // withdrawn, or not ours
  if (now > deadline_) return end(n_result::n_timeout_a);
  switch (state_) {
    case state::single:
      return end(n_result::n_ok);
    case state::first:
      return await_flow_control(now);
    case state::block:
      return on_cf_confirm(now);
    case state::idle:
    case state::flow_control_awaited:
    case state::ended:
      return;
  }
}

void sender::on_cf_confirm(instant now) {
  if (!unconfirmed_.empty()) {
    deadline_ = after(now, settings_->n_as);
  } else if (offset_ == sdu_.size()) {
    end(n_result::n_ok);  // ISOTP-063: no FC after the last CF, even at the end of a block
  } else if (block_complete()) {
    await_flow_control(now);
  } else {
    deadline_ = after(now, std::max(stmin_.time(), settings_->n_cs));
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

void sender::start(instant now, bytes sdu, can::identifier id, target_type target) {
  assert(idle() && !sdu.empty());
  state_ = sdu.size() <= single_capacity ? state::single : state::first;
  assert(state_ == state::single || target == target_type::physical);
  sdu_ = std::move(sdu);
  offset_ = 0;
  id_ = id;
  target_ = target;
  waits_ = 0;
  sn_ = 1;
  deadline_ = now;
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

std::optional<event> sender::poll(instant now, can::transmit_token& next_token) {
  if (!has_output(now, next_token)) return std::nullopt;
  if (state_ != state::ended) {
    // The N_As of older unconfirmed frames keeps running.
    if (unconfirmed_.empty()) deadline_ = after(now, settings_->n_as);
    unconfirmed_.add(next_token);
    return transmit{next_token++, next_frame()};
  }
  if (!unconfirmed_.empty()) {
    const can::transmit_token token = unconfirmed_.oldest();
    unconfirmed_.remove(token);
    return withdraw{token};
  }
  state_ = state::idle;
  return confirm{result_, target_};
}

can::frame sender::next_frame() {
  const byte_view rest = byte_view{sdu_}.subspan(offset_);
  if (state_ == state::single) return encode_single(id_, rest, settings_->padding);
  if (state_ == state::first) {
    offset_ = first_capacity(sdu_.size());
    return encode_first(id_, rest);
  }
  const std::uint8_t sn = sn_;
  const std::size_t length = std::min(consecutive_capacity, rest.size());
  offset_ += length;
  sn_ = (sn_ + 1) & 0x0F;
  if (bs_ != 0) ++sent_in_block_;
  return encode_consecutive(id_, sn, rest.first(length), settings_->padding);
}

}  // namespace canstage::isotp

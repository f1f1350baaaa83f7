#include "protocols/isotp/receiver.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocols/isotp/deadline.hpp"

namespace canstage::isotp {

namespace {

/// What a first frame alone can make a node allocate. Holds most diagnostic messages.
constexpr std::size_t initial_capacity = 256;

}  // namespace

receiver::receiver(const parameters& settings, can::identifier fc_id) : settings_(&settings), fc_id_(fc_id) {}

instant receiver::deadline() const {
  const instant n_br = fc_unconfirmed_ ? never : n_br_;
  return std::min({n_br, n_ar_, n_cr_});
}

bool receiver::has_output(instant now) const {
  if (withdraw_fc_ || aborted_ || begun_ || is_ready_) return true;
  return fc_due_ && now >= n_br_ && !fc_unconfirmed_;
}

void receiver::on_single(const single_frame& sf, target_type target) {
  assert(!is_ready_ && "poll until empty after each input");
  if (target == target_type::physical) {
    forget_fc();
    if (running_) abort(n_result::n_unexp_pdu);
  }
  ready_.assign(sf.data.begin(), sf.data.end());
  ready_target_ = target;
  is_ready_ = true;
}

void receiver::on_first(instant now, const first_frame& ff) {
  forget_fc();
  if (running_) abort(n_result::n_unexp_pdu);
  if (ff.ff_dl > settings_->max_sdu) return request_fc(now, flow_status::ovflw);  // ISOTP-025
  running_ = true;
  begun_ = true;
  ff_dl_ = ff.ff_dl;
  sn_ = 1;
  append(ff.data);
  request_fc(now, flow_status::cts);
}

void receiver::on_consecutive(instant now, const consecutive_frame& cf) {
  if (!running_ || fc_due_) return;  // ISOTP-044, 049
  const std::size_t missing = ff_dl_ - sdu_.size();
  const std::size_t length = std::min(missing, rx_dl - address_bytes - 1);
  if (cf.data.size() < length) return;  // ISOTP-046, 047
  if (cf.sn != sn_) return abort(n_result::n_wrong_sn);
  append(cf.data.first(length));
  sn_ = (sn_ + 1) & 0x0F;
  if (length == missing) {
    assert(!is_ready_ && "poll until empty after each input");
    ready_ = std::exchange(sdu_, bytes{});
    ready_target_ = target_type::physical;
    is_ready_ = true;
    running_ = false;
    n_cr_ = never;
    return;
  }
  n_cr_ = after(now, settings_->n_cr);
  if (settings_->bs != 0 && ++received_in_block_ == settings_->bs) request_fc(now, flow_status::cts);
}

void receiver::on_confirm(instant now, can::transmit_token token) {
  if (!fc_unconfirmed_ || token != fc_token_) return;
  const bool late = now > std::exchange(n_ar_, never);
  fc_unconfirmed_ = false;
  if (!running_) return;
  if (late) return abort(n_result::n_timeout_a);
  // Unless a CF has overtaken the confirmation and with it N_Cr, or has completed the block.
  if (!fc_due_ && n_cr_ == never) n_cr_ = after(now, settings_->n_cr);
}

void receiver::on_time(instant now) {
  if (now >= n_ar_) {
    forget_fc();
    if (running_) abort(n_result::n_timeout_a);  // ISOTP-101
  } else if (now >= n_cr_) {
    abort(n_result::n_timeout_cr);
  }
}

void receiver::reset() { *this = receiver{*settings_, fc_id_}; }

std::optional<event> receiver::poll(instant now, can::transmit_token& next_token) {
  if (std::exchange(withdraw_fc_, false)) return withdraw{fc_token_};
  if (std::exchange(aborted_, false)) return indication{{}, abort_result_, target_type::physical};
  if (std::exchange(begun_, false)) return first_frame_indication{ff_dl_};
  if (std::exchange(is_ready_, false)) {
    return indication{std::exchange(ready_, bytes{}), n_result::n_ok, ready_target_};
  }
  if (!has_output(now)) return std::nullopt;
  fc_due_ = false;
  fc_unconfirmed_ = true;
  n_br_ = never;
  n_ar_ = after(now, settings_->n_ar);
  fc_token_ = next_token++;
  return transmit{fc_token_, next_fc()};
}

void receiver::request_fc(instant now, flow_status fs) {
  fs_ = fs;
  fc_due_ = true;
  received_in_block_ = 0;
  n_br_ = after(now, settings_->n_br);
  n_cr_ = never;
}

/// The FC that is due or on its way answers a message that is over.
void receiver::forget_fc() {
  if (fc_unconfirmed_) withdraw_fc_ = true;
  fc_due_ = false;
  fc_unconfirmed_ = false;
  n_br_ = never;
  n_ar_ = never;
}

void receiver::abort(n_result result) {
  assert(!aborted_ && "poll until empty after each input");
  forget_fc();
  n_cr_ = never;
  sdu_ = bytes{};
  running_ = false;
  aborted_ = true;
  abort_result_ = result;
}

void receiver::append(byte_view data) {
  const std::size_t size = sdu_.size() + data.size();
  if (size > sdu_.capacity()) {
    const std::size_t wanted = std::max({size, 2 * sdu_.capacity(), initial_capacity});
    sdu_.reserve(std::min<std::size_t>(wanted, ff_dl_));
  }
  sdu_.insert(sdu_.end(), data.begin(), data.end());
}

can::frame receiver::next_fc() const {
  return encode_flow_control(fc_id_, {fs_, settings_->bs, settings_->stmin.code()}, settings_->padding);
}

}  // namespace canstage::isotp

#include "protocols/isotp/receiver.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "protocols/isotp/deadline.hpp"

namespace canstage::isotp {

namespace {

/// What a first frame alone can make a node allocate. Holds most diagnostic messages.
constexpr std::size_t initial_capacity = 256;

template <class Counter>
void count(Counter& counter) {
  if (counter < std::numeric_limits<Counter>::max()) ++counter;
}

}  // namespace

receiver::receiver(const parameters& settings, const n_address& fc_address)
    : settings_(&settings), fc_address_(fc_address), bs_(settings.bs), stmin_(settings.stmin) {}

instant receiver::deadline() const {
  const instant n_br = fc_unconfirmed_ ? never : n_br_;
  return std::min({n_br, n_ar_, n_cr_});
}

void receiver::on_single(byte_view data, target_type target) {
  assert(!is_ready_ && "poll until empty after each input");
  if (target == target_type::physical) interrupt();
  ready_.assign(data.begin(), data.end());
  ready_target_ = target;
  is_ready_ = true;
}

void receiver::on_first(instant now, const first_frame& ff, std::size_t rx_dl, mischief* faults) {
  interrupt();
  if (faults != nullptr) faults->on_receiving();
  answers_ = 0;
  waits_ = 0;
  const bool refused = settings_->flow_control.answer(0) == flow_status::ovflw;
  if (refused || ff.ff_dl > settings_->max_sdu) {  // ISOTP-025
    return request_fc(now, flow_status::ovflw, settings_->n_br);
  }
  running_ = true;
  begun_ = true;
  ff_dl_ = ff.ff_dl;
  rx_dl_ = static_cast<std::uint8_t>(rx_dl);
  sn_ = 1;
  append(ff.data.first(std::min<std::size_t>(ff.data.size(), ff_dl_)));
  answer(now, settings_->n_br);
}

void receiver::on_consecutive(instant now, const received_frame& cf) {
  if (!running_ || fc_due_ || fs_ == flow_status::wait) return;  // ISOTP-044, 049
  const byte_view data = cf.pdu().subspan(1);
  const std::size_t missing = ff_dl_ - received_;
  const std::size_t capacity = consecutive_capacity(rx_dl_, cf.address_bytes);
  std::size_t length = std::min(missing, capacity);
  if (data.size() < length && settings_->compat.append_short_cf && rx_dl_ == can::max_classic_length) {
    length = data.size();
  }
  const bool is_last = length == missing;
  const bool fits = data.size() >= length && data.size() <= capacity;  // ISOTP-046, 047, 048
  if (!fits || (is_last && !padding_as_demanded(cf, cf.address_bytes + 1 + length, *settings_))) {
    if (settings_->compat.ignored_cf_stops_n_cr) n_cr_ = never;
    return;
  }
  if ((cf.pdu()[0] & 0x0F) != sn_) return abort(n_result::n_wrong_sn);
  append(data.first(length));
  sn_ = (sn_ + 1) & 0x0F;
  if (is_last) return complete();
  n_cr_ = after(now, settings_->n_cr);
  if (bs_ != 0 && ++received_in_block_ == bs_) answer(now, settings_->n_br);
}

void receiver::complete() {
  assert(!is_ready_ && "poll until empty after each input");
  assert(sdu_.size() == ff_dl_);
  ready_ = std::exchange(sdu_, bytes{});
  received_ = 0;
  ready_target_ = target_type::physical;
  is_ready_ = true;
  running_ = false;
  n_cr_ = never;
}

void receiver::on_malformed_start() {
  if (settings_->compat.malformed_start_ends_reception) interrupt();
}

void receiver::on_invalid() {
  if (running_ && settings_->compat.invalid_ends_reception) abort(n_result::n_error);
}

void receiver::on_confirm(instant now, can::transmit_token token) {
  if (!fc_unconfirmed_ || token != fc_token_) return;
  const bool late = now > std::exchange(n_ar_, never);
  fc_unconfirmed_ = false;
  if (!running_) return;
  if (late) return abort(n_result::n_timeout_a);
  on_fc_sent(now);
}

/// The latest FC is on the bus, or was withheld.
void receiver::on_fc_sent(instant now) {
  if (fs_ == flow_status::wait && !fc_due_) {
    return answer(now, settings_->wait_interval.value_or(settings_->n_bs / 2));
  }
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

void receiver::reset() { *this = receiver{*settings_, fc_address_}; }

void receiver::poll(instant now, can::transmit_token& next_token, mischief* faults,
                    std::optional<event>& out) {
  if (std::exchange(withdraw_fc_, false)) {
    out = withdraw{fc_token_};
  } else if (std::exchange(aborted_, false)) {
    out = indication{{}, abort_result_, target_type::physical};
  } else if (std::exchange(begun_, false)) {
    out = first_frame_indication{ff_dl_};
  } else if (std::exchange(is_ready_, false)) {
    out = indication{std::exchange(ready_, bytes{}), n_result::n_ok, ready_target_};
  } else {
    while (!out && has_output(now)) poll_fc(now, next_token, faults, out);
  }
}

void receiver::poll_fc(instant now, can::transmit_token& next_token, mischief* faults,
                       std::optional<event>& out) {
  if (running_ && fs_ != flow_status::cts) {
    const bool overrun = fs_ == flow_status::wait && waits_ >= settings_->n_wft_max;
    if (overrun) forget_fc();
    if (overrun || fs_ == flow_status::ovflw) {
      end(overrun ? n_result::n_wft_ovrn : n_result::n_buffer_ovflw);
      return poll(now, next_token, faults, out);
    }
  }
  fc_due_ = false;
  n_br_ = never;
  if (fs_ == flow_status::wait) {
    count(waits_);
  } else {
    waits_ = 0;
  }
  flow_control fc{fs_, bs_, stmin_.code()};
  if (faults != nullptr && !faults->flow_control(fc)) {
    if (running_) on_fc_sent(now);
    return;
  }
  auto& request = std::get<transmit>(out.emplace(std::in_place_type<transmit>));
  write_flow_control(request.content, fc_address_, fc, *settings_);
  if (faults != nullptr) faults->frame(n_pdu_kind::flow_control, request.content);
  fc_unconfirmed_ = true;
  n_ar_ = after(now, settings_->n_ar);
  fc_token_ = next_token++;
  request.token = fc_token_;
}

/// The next FC of the running message is due after `delay`.
void receiver::answer(instant now, duration delay) {
  const flow_status fs = settings_->flow_control.answer(answers_);
  count(answers_);
  request_fc(now, fs, delay);
}

void receiver::request_fc(instant now, flow_status fs, duration delay) {
  fs_ = fs;
  fc_due_ = true;
  received_in_block_ = 0;
  n_br_ = after(now, delay);
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

/// A new message begins, which ends the old one.
void receiver::interrupt() {
  forget_fc();
  if (!running_) return;
  end(n_result::n_unexp_pdu);
  if (settings_->compat.silent_interruption) aborted_ = false;
}

void receiver::abort(n_result result) {
  forget_fc();
  end(result);
}

void receiver::end(n_result result) {
  assert(!aborted_ && "poll until empty after each input");
  n_cr_ = never;
  sdu_ = bytes{};
  received_ = 0;
  running_ = false;
  aborted_ = true;
  abort_result_ = result;
}

void receiver::append(byte_view data) {
  const std::size_t size = received_ + data.size();
  if (size > sdu_.size()) {
    const std::size_t wanted = std::max({size, 2 * sdu_.size(), initial_capacity});
    const std::size_t room = std::min<std::size_t>(wanted, ff_dl_);
    sdu_.reserve(room);
    sdu_.resize(room);
  }
  copy_payload(sdu_.data() + received_, data);
  received_ = static_cast<std::uint32_t>(size);
}

}  // namespace canstage::isotp

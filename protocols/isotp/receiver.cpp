#include "protocols/isotp/receiver.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
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
  const instant n_br = has(fc_unconfirmed) ? never : n_br_;
  return std::min({n_br, n_ar_, n_cr_});
}

void receiver::on_single(byte_view data, target_type target) {
  assert(!has(ready) && !has(short_ready) && "poll until empty after each input");
  if (target == target_type::physical && has(busy)) {
    interrupt();
    return on_single(data, target);
  }
  ready_target_ = target;
  if (data.size() >= short_.size()) {
    add(ready);
    return ready_.assign(data.begin(), data.end());
  }
  add(short_ready);
  short_[0] = static_cast<std::uint8_t>(data.size());
  copy_short(short_.data() + 1, data);
}

void receiver::on_usual_single(const can::frame& f) {
  assert(at_rest());
  flags_ = short_ready;
  ready_target_ = target_type::physical;
  std::memcpy(short_.data(), f.data.data(), short_.size());
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
  add(running);
  add(begun);
  ff_dl_ = ff.ff_dl;
  rx_dl_ = static_cast<std::uint8_t>(rx_dl);
  sn_ = 1;
  const byte_view data = ff.data.first(std::min<std::size_t>(ff.data.size(), ff_dl_));
  grow(data.size());
  copy_payload(sdu_.data(), data);
  received_ = static_cast<std::uint32_t>(data.size());
  answer(now, settings_->n_br);
}

void receiver::on_consecutive(instant now, received_frame cf) {
  if (!has(running) || has(fc_due) || fs_ == flow_status::wait) return;  // ISOTP-044, 049
  const std::size_t arrived = cf.can_dl() - cf.address_bytes() - 1;
  const std::size_t missing = ff_dl_ - received_;
  const std::size_t capacity = consecutive_capacity(rx_dl_, cf.address_bytes());
  std::size_t length = std::min(missing, capacity);
  if (arrived < length && settings_->compat.append_short_cf && rx_dl_ == can::max_classic_length) {
    length = arrived;
  }
  const bool fits = arrived >= length && arrived <= capacity;  // ISOTP-046, 047, 048
  if (!fits) return ignore_consecutive();
  if (length == missing && settings_->check_padding != padding_check::none)
    return take_if_padded(now, cf, length);
  take(now, cf, length);
}

void receiver::on_usual_consecutive(instant now, const can::frame& f) {
  constexpr std::uint32_t length = can::max_classic_length - 1;
  const std::uint32_t end = received_ + length;
  const bool expected = has(running) && !has(fc_due) && fs_ == flow_status::cts && (f.data[0] & 0x0F) == sn_;
  const bool ends_block = bs_ != 0 && received_in_block_ + 1 == bs_;
  const bool goes_on = rx_dl_ == can::max_classic_length && end < ff_dl_ && end <= sdu_.size() && !ends_block;
  if (!expected || !goes_on) return on_consecutive(now, {{f.data.data(), can::max_classic_length}, 0});
  std::uint8_t* const place = sdu_.data() + received_;
  received_ = end;
  n_cr_ = after(now, settings_->n_cr);
  sn_ = (sn_ + 1) & 0x0F;
  ++received_in_block_;
  std::memcpy(place, f.data.data() + 1, length);
}

void receiver::take_if_padded(instant now, received_frame cf, std::size_t length) {
  if (!padding_as_demanded(cf, cf.address_bytes() + 1 + length, *settings_)) return ignore_consecutive();
  take(now, cf, length);
}

void receiver::ignore_consecutive() {
  if (settings_->compat.ignored_cf_stops_n_cr) n_cr_ = never;
}

/// `length` bytes of a CF that fits. What is rare is left to others, last of all: no call is left then.
void receiver::take(instant now, received_frame cf, std::size_t length) {
  const std::uint8_t* const pci = cf.data().data() + cf.address_bytes();
  if ((*pci & 0x0F) != sn_) return abort(n_result::n_wrong_sn);
  if (received_ + length > sdu_.size()) return take_with_more_room(now, cf, length);
  std::uint8_t* const place = sdu_.data() + received_;
  received_ += static_cast<std::uint32_t>(length);
  sn_ = (sn_ + 1) & 0x0F;
  const bool ends_block = bs_ != 0 && ++received_in_block_ == bs_;
  if (ends_block || received_ == ff_dl_) return end_block(now, place, {pci + 1, length});
  n_cr_ = after(now, settings_->n_cr);
  copy_payload(place, {pci + 1, length});
}

void receiver::take_with_more_room(instant now, received_frame cf, std::size_t length) {
  grow(received_ + length);
  take(now, cf, length);
}

/// The last CF of a block, or of the message.
void receiver::end_block(instant now, std::uint8_t* place, byte_view data) {
  copy_payload(place, data);
  if (received_ == ff_dl_) return complete();
  answer(now, settings_->n_br);
}

void receiver::complete() {
  assert(!has(ready) && "poll until empty after each input");
  assert(sdu_.size() == ff_dl_);
  ready_ = std::exchange(sdu_, bytes{});
  received_ = 0;
  ready_target_ = target_type::physical;
  add(ready);
  remove(running);
  n_cr_ = never;
}

void receiver::on_malformed_start() {
  if (settings_->compat.malformed_start_ends_reception) interrupt();
}

void receiver::on_invalid() {
  if (has(running) && settings_->compat.invalid_ends_reception) abort(n_result::n_error);
}

void receiver::on_confirm(instant now, can::transmit_token first, std::uint32_t count) {
  if (!has(fc_unconfirmed) || fc_token_ - first >= count) return;
  const bool late = now > std::exchange(n_ar_, never);
  remove(fc_unconfirmed);
  if (!has(running)) return;
  if (late) return abort(n_result::n_timeout_a);
  on_fc_sent(now);
}

/// The latest FC is on the bus, or was withheld.
void receiver::on_fc_sent(instant now) {
  if (fs_ == flow_status::wait && !has(fc_due)) {
    return answer(now, settings_->wait_interval.value_or(settings_->n_bs / 2));
  }
  // Unless a CF has overtaken the confirmation and with it N_Cr, or has completed the block.
  if (!has(fc_due) && n_cr_ == never) n_cr_ = after(now, settings_->n_cr);
}

void receiver::on_time(instant now) {
  if (now >= n_ar_) {
    forget_fc();
    if (has(running)) abort(n_result::n_timeout_a);  // ISOTP-101
  } else if (now >= n_cr_) {
    abort(n_result::n_timeout_cr);
  }
}

void receiver::reset() { *this = receiver{*settings_, fc_address_}; }

bool receiver::poll(instant now, can::transmit_token& next_token, mischief* faults, event& out) {
  if (has(withdraw_fc)) {
    remove(withdraw_fc);
    out.put<withdraw>().token = fc_token_;
  } else if (has(aborted)) {
    remove(aborted);
    auto& message = out.put<indication>();
    message.sdu.clear();
    message.result = abort_result_;
    message.target = target_type::physical;
  } else if (has(begun)) {
    remove(begun);
    out.put<first_frame_indication>().length = ff_dl_;
  } else if (has(ready)) {
    remove(ready);
    auto& message = out.put<indication>();
    message.sdu = std::exchange(ready_, bytes{});
    message.result = n_result::n_ok;
    message.target = ready_target_;
  } else if (has(short_ready)) {
    poll_short_message(out);
  } else {
    while (has_output(now)) {
      if (poll_fc(now, next_token, faults, out)) return true;
    }
    return false;
  }
  return true;
}

void receiver::poll_short_message(event& out) {
  auto& message = out.put<indication>();
  const std::size_t length = short_[0];
  if (message.sdu.size() < length) return make_room(out);
  message.sdu.resize(length);
  message.result = n_result::n_ok;
  message.target = ready_target_;
  remove(short_ready);
  copy_short(message.sdu.data(), {short_.data() + 1, length});
}

void receiver::make_room(event& out) {
  out.put<indication>().sdu.resize(short_.size());
  poll_short_message(out);
}

/// False: it was withheld.
bool receiver::poll_fc(instant now, can::transmit_token& next_token, mischief* faults, event& out) {
  if (has(running) && fs_ != flow_status::cts) {
    const bool overrun = fs_ == flow_status::wait && waits_ >= settings_->n_wft_max;  // ISOTP-076
    if (overrun) forget_fc();
    if (overrun || fs_ == flow_status::ovflw) {
      end(overrun ? n_result::n_wft_ovrn : n_result::n_buffer_ovflw);
      return poll(now, next_token, faults, out);
    }
  }
  remove(fc_due);
  n_br_ = never;
  if (fs_ == flow_status::wait) {
    count(waits_);
  } else {
    waits_ = 0;
  }
  flow_control fc{fs_, bs_, stmin_.code()};
  if (faults != nullptr && !faults->flow_control(fc)) {
    if (has(running)) on_fc_sent(now);
    return false;
  }
  auto& request = out.put<transmit>();
  request.content = can::frame{};
  write_flow_control(request.content, fc_address_, fc, *settings_);
  if (faults != nullptr) faults->frame(n_pdu_kind::flow_control, request.content);
  add(fc_unconfirmed);
  n_ar_ = after(now, settings_->n_ar);
  fc_token_ = next_token++;
  request.token = fc_token_;
  return true;
}

/// The next FC of the running message is due after `delay`.
void receiver::answer(instant now, duration delay) {
  const flow_status fs = settings_->flow_control.answer(answers_);
  count(answers_);
  request_fc(now, fs, delay);
}

void receiver::request_fc(instant now, flow_status fs, duration delay) {
  fs_ = fs;
  add(fc_due);
  received_in_block_ = 0;
  n_br_ = after(now, delay);
  n_cr_ = never;
}

/// The FC that is due or on its way answers a message that is over.
void receiver::forget_fc() {
  if (has(fc_unconfirmed)) add(withdraw_fc);
  remove(fc_due);
  remove(fc_unconfirmed);
  n_br_ = never;
  n_ar_ = never;
}

/// A new message begins, which ends the old one.
void receiver::interrupt() {
  forget_fc();
  if (!has(running)) return;
  end(n_result::n_unexp_pdu);
  if (settings_->compat.silent_interruption) remove(aborted);
}

void receiver::abort(n_result result) {
  forget_fc();
  end(result);
}

void receiver::end(n_result result) {
  assert(!has(aborted) && "poll until empty after each input");
  n_cr_ = never;
  sdu_ = bytes{};
  received_ = 0;
  remove(running);
  add(aborted);
  abort_result_ = result;
}

void receiver::grow(std::size_t size) {
  const std::size_t wanted = std::max({size, 2 * sdu_.size(), initial_capacity});
  const std::size_t room = std::min<std::size_t>(wanted, ff_dl_);
  sdu_.reserve(room);
  sdu_.resize(room);
}

}  // namespace canstage::isotp

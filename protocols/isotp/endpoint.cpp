#include "protocols/isotp/endpoint.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace canstage::isotp {

namespace {

/// Whether the address byte of a frame is the one that is expected, if any. Frames without a byte behind
/// the address are nobody's (ISOTP-011).
bool is_for(const can::frame& f, const std::optional<std::uint8_t>& byte) {
  if (!byte) return f.length > 0;
  return f.length > 1 && f.data[0] == *byte;
}

bool is_invalid(const flow_control& fc, const compatibility& compat) {
  if (compat.reserved_fs == reserved_value::invalid && fc.fs > flow_status::ovflw) return true;
  return compat.reserved_stmin == reserved_value::invalid && st_min::is_reserved(fc.stmin);
}

}  // namespace

endpoint::endpoint(const addressing& address, std::shared_ptr<const parameters> settings, unsigned burst)
    : address_(address),
      settings_(std::move(settings)),
      sender_(*settings_, {address_to(target_type::physical), address_to(target_type::functional)}, burst),
      receiver_(*settings_, address_to(target_type::physical)),
      takes_any_frame_(!address.rx_address_byte && !settings_->compat.match_frame_kind &&
                       settings_->duplex == duplex_mode::full &&
                       settings_->check_padding == padding_check::none) {
  assert(settings_->tx_dl >= can::max_classic_length && can::is_fd_length(settings_->tx_dl));
}

const addressing& endpoint::address() const { return address_; }

instant endpoint::deadline() const { return std::min(sender_.deadline(), receiver_.deadline()); }

bool endpoint::sending() const { return !sender_.idle() || !queue_.empty(); }

bool endpoint::receiving() const { return receiver_.receiving(); }

fault_counts endpoint::faults() const { return faults_ ? faults_->fired() : fault_counts{}; }

void endpoint::on_frame(instant now, const can::frame& f) {
  if (is_usual(f) && !sender_.overdue(now)) {
    constexpr unsigned longest_sf_dl = 7;
    const std::uint8_t pci = f.data[0];
    if (pci - 1U < longest_sf_dl && receiver_.at_rest()) return receiver_.on_usual_single(f);
    if (pci >> 4 == static_cast<int>(pci_type::consecutive) && !receiver_.overdue(now)) {
      return receiver_.on_usual_consecutive(now, f);
    }
  }
  if (f.flags.remote) return;  // ISOTP-088
  if (f.id == address_.rx && is_for(f, address_.rx_address_byte))
    return on_frame(now, f, target_type::physical);
  if (f.id == address_.functional_rx && is_for(f, address_.functional_rx_address_byte)) {
    on_frame(now, f, target_type::functional);
  }
}

/// A physical frame of 8 bytes where nothing but its identifier says whether it counts. Most are.
bool endpoint::is_usual(const can::frame& f) const {
  return takes_any_frame_ && f.id == address_.rx && f.length == can::max_classic_length && !f.flags.remote;
}

void endpoint::on_frame(instant now, const can::frame& f, target_type target) {
  const bool expects_fd = settings_->tx_dl > can::max_classic_length;
  if (settings_->compat.match_frame_kind && f.flags.fd != expects_fd) return;  // ISOTP-087
  const bool is_physical = target == target_type::physical;
  const auto& address_byte = is_physical ? address_.rx_address_byte : address_.functional_rx_address_byte;
  const received_frame n_pdu{{f.data.data(), f.length}, address_byte ? std::size_t{1} : 0};
  if (overdue(now)) [[unlikely]]
    return on_late(now, n_pdu, target);
  on_n_pdu(now, n_pdu, target);
}

/// Timers that ended before `now`: at `now` itself, the frame that has just come is in time.
void endpoint::on_late(instant now, received_frame f, target_type target) {
  on_time(now - duration{1});
  on_n_pdu(now, f, target);
}

void endpoint::on_n_pdu(instant now, received_frame f, target_type target) {
  const pci_type type = f.type();
  if (target == target_type::functional) {
    if (type == pci_type::single) on_single(f, target);  // ISOTP-029
    return;
  }
  if (half_duplex_ignores(type)) return;
  switch (type) {
    case pci_type::single:
      return on_single(f, target);
    case pci_type::consecutive:
      return receiver_.on_consecutive(now, f);
    case pci_type::flow_control:
      return on_flow_control(now, f);
    case pci_type::first:
      if (const auto ff = read_first(f, *settings_)) {
        return receiver_.on_first(now, *ff, f.can_dl(), faults_.get());
      }
      return receiver_.on_malformed_start();
  }
  receiver_.on_invalid();  // ISOTP-085
}

void endpoint::on_single(received_frame f, target_type target) {
  if (const auto sf = read_single(f, *settings_)) return receiver_.on_single(*sf, target);
  if (target == target_type::physical) receiver_.on_malformed_start();
}

/// The receiver never sees it (ISOTP-083).
void endpoint::on_flow_control(instant now, received_frame f) {
  if (f.pdu().size() < fc_length) return sender_.on_short_flow_control();
  const auto fc = read_flow_control(f, *settings_);
  if (!fc) return;
  if (is_invalid(*fc, settings_->compat)) return receiver_.on_invalid();
  sender_.on_flow_control(now, *fc, faults_.get());
}

/// ISOTP-081. During a reception no FC is awaited, for own requests wait (ISOTP-084).
bool endpoint::half_duplex_ignores(pci_type type) const {
  if (settings_->duplex != duplex_mode::half) return false;
  return type != pci_type::flow_control && sender_.segmenting();
}

void endpoint::on_confirm(instant now, can::transmit_token first, std::uint32_t count) {
  if (count != 1 || !sender_.on_usual_confirm(now, first)) on_any_confirm(now, first, count);
}

void endpoint::on_any_confirm(instant now, can::transmit_token first, std::uint32_t count) {
  receiver_.on_confirm(now, first, count);
  sender_.on_confirm(now, first, count, faults_.get());
}

void endpoint::on_time(instant now) {
  sender_.on_time(now);
  receiver_.on_time(now);
}

void endpoint::request(instant now, bytes&& sdu, target_type target) {
  if (sending() || !may_start()) return enqueue(std::move(sdu), target);
  start(now, std::move(sdu), target);
}

void endpoint::enqueue(bytes&& sdu, target_type target) { queue_.push_back({std::move(sdu), target}); }

n_address endpoint::address_to(target_type target) const {
  if (target == target_type::physical) return {address_.tx, address_.tx_address_byte};
  return {address_.functional_tx.value_or(can::identifier{}), address_.functional_tx_address_byte};
}

bool endpoint::can_send(const bytes& sdu, target_type target) const {
  if (sdu.empty() || sdu.size() > std::numeric_limits<std::uint32_t>::max()) return false;
  if (target == target_type::physical) return true;
  const std::size_t capacity = single_capacity(settings_->tx_dl, address_to(target).bytes());
  return address_.functional_tx && sdu.size() <= capacity;  // ISOTP-032
}

bool endpoint::may_start() const { return !receiver_.receiving() || settings_->duplex == duplex_mode::full; }

void endpoint::start(instant now, bytes&& sdu, target_type target) {
  const bool is_usual = target == target_type::physical && faults_ == nullptr;
  if (!is_usual || !sender_.start_usual_single(now, sdu)) start_any(now, std::move(sdu), target);
}

void endpoint::start_any(instant now, bytes&& sdu, target_type target) {
  if (!can_send(sdu, target)) return sender_.reject(target);
  sender_.start(now, std::move(sdu), target, faults_.get());
}

void endpoint::start_next(instant now) {
  queued_request next = std::move(queue_[queue_head_++]);
  start(now, std::move(next.sdu), next.target);
  if (queue_head_ == queue_.size()) {
    queue_ = {};
    queue_head_ = 0;
  } else if (queue_head_ > queue_.size() / 2) {  // amortized: each entry is moved at most once or so
    queue_.erase(queue_.begin(), queue_.begin() + queue_head_);
    queue_head_ = 0;
  }
}

change_result endpoint::change_parameter(instant now, changeable_parameter which, std::uint32_t value) {
  const bool is_bs = which == changeable_parameter::bs;
  if (!is_bs && which != changeable_parameter::stmin) return change_result::n_wrong_parameter;
  if (value > 0xFF) return change_result::n_wrong_value;
  const auto code = static_cast<std::uint8_t>(value);
  if (!is_bs && st_min::is_reserved(code)) return change_result::n_wrong_value;
  if (overdue(now)) on_time(now - duration{1});
  if (receiver_.receiving()) return change_result::n_rx_on;
  if (is_bs) {
    receiver_.set_bs(code);
  } else {
    receiver_.set_stmin(st_min::from_code(code));
  }
  return change_result::n_ok;
}

void endpoint::misbehave(const misbehaviour& options) {
  faults_ = options == misbehaviour{} ? nullptr : std::make_unique<mischief>(options);
}

void endpoint::reset() {
  sender_.reset();
  receiver_.reset();
  queue_ = {};
  queue_head_ = 0;
}

// Mostly there is one output, of one side that behaves: not much is looked at then.

bool endpoint::take_received(instant now, event& out) {
  if (!receiver_.only_short_message()) return take_any_output(now, out);
  receiver_.poll_short_message(out);
  return true;
}

bool endpoint::take_sent(instant now, event& out) {
  if (sender_.has_confirm()) {
    sender_.poll_confirm(out);
    return true;
  }
  if (!sender_.usual_single_due() || faults_ != nullptr) return take_any_output(now, out);
  auto& request = out.put<transmit>();
  request.token = next_token_;
  sender_.poll_usual_single(now, next_token_, request.content);
  return true;
}

bool endpoint::take_any_output(instant now, event& out) {
  if (receiver_.has_output(now) && receiver_.poll(now, next_token_, faults_.get(), out)) return true;
  if (sender_.idle()) {
    if (queue_.empty() || !may_start()) return false;
    start_next(now);
  }
  return sender_.poll(now, next_token_, faults_.get(), out);
}

std::optional<event> endpoint::poll(instant now) {
  event out;
  if (!poll(now, out)) return std::nullopt;
  return out;
}

}  // namespace canstage::isotp

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
      sender_(*settings_, burst),
      receiver_(*settings_, address_to(target_type::physical)) {
  assert(settings_->tx_dl >= can::max_classic_length && can::is_fd_length(settings_->tx_dl));
}

const addressing& endpoint::address() const { return address_; }

instant endpoint::deadline() const { return std::min(sender_.deadline(), receiver_.deadline()); }

bool endpoint::sending() const { return !sender_.idle() || !queue_.empty(); }

bool endpoint::receiving() const { return receiver_.receiving(); }

fault_counts endpoint::faults() const { return faults_ ? faults_->fired() : fault_counts{}; }

/// Physical if both fit; none: the frame is for somebody else.
std::optional<target_type> endpoint::target_of(const can::frame& f) const {
  if (f.flags.remote) return std::nullopt;  // ISOTP-088
  if (f.id == address_.rx && is_for(f, address_.rx_address_byte)) return target_type::physical;
  if (f.id == address_.functional_rx && is_for(f, address_.functional_rx_address_byte)) {
    return target_type::functional;
  }
  return std::nullopt;
}

void endpoint::on_frame(instant now, const can::frame& f) {
  const auto target = target_of(f);
  if (!target) return;
  const bool expects_fd = settings_->tx_dl > can::max_classic_length;
  if (settings_->compat.match_frame_kind && f.flags.fd != expects_fd) return;  // ISOTP-087
  expire_before(now);
  const byte_view data{f.data.data(), f.length};
  if (*target == target_type::physical) {
    return on_physical(now, {data, address_.rx_address_byte ? std::size_t{1} : 0});
  }
  const received_frame functional{data, address_.functional_rx_address_byte ? std::size_t{1} : 0};
  if (functional.type() != pci_type::single) return;  // ISOTP-029
  if (const auto sf = read_single(functional, *settings_)) {
    receiver_.on_single(*sf, target_type::functional, sender_.spare());
  }
}

void endpoint::on_physical(instant now, const received_frame& f) {
  const pci_type type = f.type();
  if (settings_->duplex == duplex_mode::half && half_duplex_ignores(type)) return;
  switch (type) {
    case pci_type::consecutive:
      return receiver_.on_consecutive(now, f);
    case pci_type::flow_control:
      return on_flow_control(now, f);
    case pci_type::single:
      if (const auto sf = read_single(f, *settings_)) {
        return receiver_.on_single(*sf, target_type::physical, sender_.spare());
      }
      return receiver_.on_malformed_start();
    case pci_type::first:
      if (const auto ff = read_first(f, *settings_)) {
        return receiver_.on_first(now, *ff, f.can_dl(), faults_.get());
      }
      return receiver_.on_malformed_start();
  }
  receiver_.on_invalid();  // ISOTP-085
}

/// The receiver never sees it (ISOTP-083).
void endpoint::on_flow_control(instant now, const received_frame& f) {
  if (f.pdu().size() < fc_length) return sender_.on_short_flow_control();
  const auto fc = read_flow_control(f, *settings_);
  if (!fc) return;
  if (is_invalid(*fc, settings_->compat)) return receiver_.on_invalid();
  sender_.on_flow_control(now, *fc, faults_.get());
}

/// ISOTP-081. During a reception no FC is awaited, for own requests wait (ISOTP-084).
bool endpoint::half_duplex_ignores(pci_type type) const {
  return type != pci_type::flow_control && sender_.segmenting();
}

void endpoint::on_confirm(instant now, can::transmit_token first, std::uint32_t count) {
  sender_.on_confirm(now, first, count, faults_.get());
  receiver_.on_confirm(now, first, count);
}

void endpoint::on_time(instant now) {
  sender_.on_time(now);
  receiver_.on_time(now);
}

/// Timers that ended before `now`: at `now` itself, the frame that has just come is in time.
void endpoint::expire_before(instant now) {
  if (now > deadline()) on_time(now - duration{1});
}

void endpoint::request(instant now, bytes sdu, target_type target) {
  const bool sendable = can_send(sdu, target);
  if (!sendable) sdu = bytes{};
  if (!sending() && may_start()) return start(now, std::move(sdu), target, sendable);
  queue_.push_back({std::move(sdu), target, sendable});
}

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

bool endpoint::may_start() const { return settings_->duplex == duplex_mode::full || !receiver_.receiving(); }

void endpoint::start(instant now, bytes&& sdu, target_type target, bool sendable) {
  if (!sendable) return sender_.reject(target);
  sender_.start(now, std::move(sdu), address_to(target), target, faults_.get());
}

void endpoint::start_next(instant now) {
  queued_request next = std::move(queue_[queue_head_++]);
  start(now, std::move(next.sdu), next.target, next.sendable);
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
  expire_before(now);
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

bool endpoint::take_output(instant now, event& out) {
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

#include "protocols/isotp/endpoint.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace canstage::isotp {

endpoint::endpoint(const addressing& address, std::shared_ptr<const parameters> settings, unsigned burst)
    : address_(address),
      settings_(std::move(settings)),
      sender_(*settings_, burst),
      receiver_(*settings_, address.tx) {}

const addressing& endpoint::address() const { return address_; }

instant endpoint::deadline() const { return std::min(sender_.deadline(), receiver_.deadline()); }

bool endpoint::sending() const { return !sender_.idle() || !queue_.empty(); }

bool endpoint::receiving() const { return receiver_.receiving(); }

void endpoint::on_frame(instant now, const can::frame& f) {
  if (f.flags.remote) return;  // ISOTP-088
  const bool physical = f.id == address_.rx;
  if (!physical && f.id != address_.functional_rx) return;
  expire_before(now);
  const n_pdu pdu = decode(f.payload());
  if (const auto* sf = std::get_if<single_frame>(&pdu)) {
    return receiver_.on_single(*sf, physical ? target_type::physical : target_type::functional);
  }
  if (!physical) return;  // ISOTP-029
  if (const auto* cf = std::get_if<consecutive_frame>(&pdu)) {
    receiver_.on_consecutive(now, *cf);
  } else if (const auto* fc = std::get_if<flow_control>(&pdu)) {
    sender_.on_flow_control(now, *fc);  // ISOTP-083: the receiver never sees it
  } else if (const auto* ff = std::get_if<first_frame>(&pdu)) {
    receiver_.on_first(now, *ff);
  }
}

void endpoint::on_confirm(instant now, can::transmit_token token) {
  sender_.on_confirm(now, token);
  receiver_.on_confirm(now, token);
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
  queued_request next{std::move(sdu), target, sendable};
  if (!sending()) return start(now, std::move(next));
  queue_.push_back(std::move(next));
}

bool endpoint::can_send(const bytes& sdu, target_type target) const {
  if (sdu.empty() || sdu.size() > std::numeric_limits<std::uint32_t>::max()) return false;
  return target == target_type::physical || (address_.functional_tx && sdu.size() <= single_capacity);
}

void endpoint::start(instant now, queued_request next) {
  if (!next.sendable) return sender_.reject(next.target);
  const can::identifier id = next.target == target_type::physical ? address_.tx : *address_.functional_tx;
  sender_.start(now, std::move(next.sdu), id, next.target);
}

void endpoint::start_next(instant now) {
  start(now, std::move(queue_[queue_head_++]));
  if (queue_head_ == queue_.size()) {
    queue_ = {};
    queue_head_ = 0;
  } else if (queue_head_ > queue_.size() / 2) {  // amortized: each entry is moved at most once or so
    queue_.erase(queue_.begin(), queue_.begin() + queue_head_);
    queue_head_ = 0;
  }
}

void endpoint::reset() {
  sender_.reset();
  receiver_.reset();
  queue_ = {};
  queue_head_ = 0;
}

std::optional<event> endpoint::poll(instant now) {
  if (receiver_.has_output(now)) return receiver_.poll(now, next_token_);
  if (sender_.idle() && !queue_.empty()) start_next(now);
  if (sender_.has_output(now, next_token_)) return sender_.poll(now, next_token_);
  return std::nullopt;
}

}  // namespace canstage::isotp

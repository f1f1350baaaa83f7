#include "protocols/can/arbiter.hpp"

#include <algorithm>
#include <utility>

namespace canstage::can {

namespace {

/// On an ideal bus a node's next frame competes with nobody that could still come, so any number
/// would do; this one bounds what a node builds ahead of its confirmations.
constexpr unsigned ideal_burst = 64;

}  // namespace

arbiter::arbiter(std::optional<bit_rates> rates, std::vector<drawn_fault> faults) : rates_(rates) {
  if (!faults.empty()) disturbance_ = std::make_unique<disturbance>(rates, std::move(faults));
}

unsigned arbiter::burst() const { return rates_ ? 1 : ideal_burst; }

bool arbiter::wants_arbitration(instant now) const {
  if (on_wire_ || now < free_at_) return false;
  return !queue_.empty() || (disturbance_ && disturbance_->deadline() <= now);
}

std::size_t arbiter::pending() const { return queue_.size(); }

instant arbiter::deadline() const {
  if (on_wire_) return on_wire_->end;
  if (rates_ && !queue_.empty()) return free_at_;
  return disturbance_ ? std::max(free_at_, disturbance_->deadline()) : never;
}

void arbiter::on_transmit(node_id node, transmit_token token, const frame& f) {
  if (disturbance_ && disturbance_->holds(node)) return disturbance_->add_waiting({f, node, token});
  queue_.push(node, token, f);
}

bool arbiter::on_withdraw(node_id node, transmit_token token) {
  return queue_.erase(node, token) || (disturbance_ && disturbance_->withdraw(node, token));
}

void arbiter::on_detach(node_id node) {
  queue_.erase_all(node);
  if (on_wire_ && on_wire_->node == node) on_wire_->unconfirmed = true;
  if (destroyed_ && destroyed_->node == node) destroyed_->confirmed = true;
  if (disturbance_) disturbance_->on_detach(node);
}

void arbiter::on_time(instant now) {
  if (!on_wire_ || now < on_wire_->end) return;
  const instant end = on_wire_->end;
  free_at_ = end + intermission_time(*rates_);
  if (destroyed_) {
    destroy(end);
  } else {
    sent_.push_back(*on_wire_);
    if (disturbance_) disturbance_->tell_states(end, disturbance_->counters().on_sent(on_wire_->node));
  }
  if (disturbance_) end_disturbed(end);
  on_wire_.reset();
}

void arbiter::on_arbitrate(instant now) {
  if (!wants_arbitration(now)) return;
  if (disturbance_) return arbitrate_disturbed(now);
  do {
    send(now, queue_.pop());
  } while (!rates_ && !queue_.empty());
}

/// The winner: on the wire, or sent already where frames take no time.
void arbiter::send(instant now, const request& what, bool lost) {
  const sent_frame winner{what.content, what.node, what.token, now, now, what.confirmed, lost};
  if (!rates_) return sent_.push_back(winner);
  on_wire_ = winner;
  on_wire_->end = now + wire_time(what.content, *rates_);
}

std::optional<sent_frame> arbiter::poll() {
  if (polled_ == sent_.size()) return std::nullopt;
  const sent_frame next = sent_[polled_++];
  if (polled_ == sent_.size()) {
    sent_.clear();
    polled_ = 0;
  }
  return next;
}

}  // namespace canstage::can

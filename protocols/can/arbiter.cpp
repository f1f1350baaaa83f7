#include "protocols/can/arbiter.hpp"

namespace canstage::can {

namespace {

/// On an ideal bus a node's next frame competes with nobody that could still come, so any number
/// would do; this one bounds what a node builds ahead of its confirmations.
constexpr unsigned ideal_burst = 64;

}  // namespace

arbiter::arbiter(std::optional<bit_rates> rates) : rates_(rates) {}

unsigned arbiter::burst() const { return rates_ ? 1 : ideal_burst; }

bool arbiter::wants_arbitration(instant now) const { return !queue_.empty() && !on_wire_ && now >= free_at_; }

std::size_t arbiter::pending() const { return queue_.size(); }

instant arbiter::deadline() const {
  if (on_wire_) return on_wire_->end;
  return rates_ && !queue_.empty() ? free_at_ : never;
}

void arbiter::on_transmit(node_id node, transmit_token token, const frame& f) { queue_.push(node, token, f); }

bool arbiter::on_withdraw(node_id node, transmit_token token) { return queue_.erase(node, token); }

void arbiter::on_detach(node_id node) {
  queue_.erase_all(node);
  if (on_wire_ && on_wire_->node == node) on_wire_->sender_left = true;
}

void arbiter::on_time(instant now) {
  if (!on_wire_ || now < on_wire_->end) return;
  free_at_ = on_wire_->end + intermission_time(*rates_);
  sent_.push_back(*on_wire_);
  on_wire_.reset();
}

void arbiter::on_arbitrate(instant now) {
  if (!wants_arbitration(now)) return;
  if (rates_) {
    on_wire_ = next_winner(now);
    on_wire_->end = now + wire_time(on_wire_->content, *rates_);
    return;
  }
  while (!queue_.empty()) sent_.push_back(next_winner(now));
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

/// The winner's frame, as if it took no time.
sent_frame arbiter::next_winner(instant start) {
  const request_queue::request winner = queue_.pop();
  return {winner.content, winner.node, winner.token, start, start};
}

}  // namespace canstage::can

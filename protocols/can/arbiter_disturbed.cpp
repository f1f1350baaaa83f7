// The arbiter of a bus that has faults.
#include <cassert>
#include <utility>

#include "protocols/can/arbiter.hpp"

namespace canstage::can {

namespace {

/// From the CRC delimiter, which everybody sees destroyed, to the end of EOF: ACK slot and delimiter, EOF.
constexpr std::int64_t bits_behind_error = 9;
constexpr std::int64_t error_flag_bits = 6;
constexpr std::int64_t error_delimiter_bits = 8;
constexpr std::int64_t suspend_bits = 8;

void alter(frame& f, const std::vector<byte_bits>& bits) {
  for (std::size_t i = 0; i < bits.size() && i < f.payload().size(); ++i)
    f.data[i] = static_cast<std::uint8_t>((f.data[i] & ~bits[i].mask) | (bits[i].value & bits[i].mask));
}

}  // namespace

void arbiter::on_arm(std::uint32_t fault, bool on) {
  if (disturbance_) disturbance_->arm(fault, on);
}

void arbiter::on_bus_off(instant now, node_id node, duration least) {
  if (!disturbance_) disturbance_ = std::make_unique<disturbance>(rates_, std::vector<drawn_fault>{});
  if (disturbance_->counters().state(node) == error_state::bus_off) return;
  disturbance_->tell_states(now, disturbance_->counters().switch_off(node));
  hold(now, node, std::nullopt, least);
}

std::vector<incident> arbiter::take_incidents() {
  return disturbance_ ? disturbance_->take_incidents() : std::vector<incident>{};
}

void arbiter::arbitrate_disturbed(instant now) {
  for (const auto& back : disturbance_->release(now)) queue_.push(back);
  while (!queue_.empty() && !on_wire_) {
    request winner = queue_.pop();
    // What is sent on its own was looked at before.
    bool lost = false;
    if (!winner.confirmed && is_disturbed(now, winner, lost)) continue;
    const bool passive = disturbance_->counters().state(winner.node) == error_state::passive;
    if (winner.content.flags.fd) winner.content.flags.error_state_indicator = passive;
    send(now, winner, lost);
    if (!rates_) {
      disturbance_->on_frame_ends(now, winner.node);
      for (const auto& back : disturbance_->release(now)) queue_.push(back);
      continue;
    }
    disturbance_->on_frame_begins(now);
    if (destroyed_)
      on_wire_->end += bit_time(error_flag_bits + error_delimiter_bits - bits_behind_error, *rates_);
  }
}

/// A fault decides about the winner. True: it does not go onto the wire now.
bool arbiter::is_disturbed(instant now, request& winner, bool& lost) {
  const frame_fault* fault = disturbance_->on_winner(now, winner);
  if (fault == nullptr) return false;
  request copy = winner;
  copy.confirmed = true;
  switch (fault->action) {
    case frame_action::drop:
      lost = true;
      return false;
    case frame_action::corrupt:
      assert(rates_);
      destroyed_ = winner;
      return false;
    case frame_action::alter:
      alter(winner.content, fault->altered);
      if (fault->altered.empty()) disturbance_->flip_a_bit(fault->number, winner.content);
      return false;
    case frame_action::duplicate:
      for (std::uint32_t i = 0; i < fault->copies; ++i) queue_.push(copy);
      return false;
    case frame_action::delay:
      disturbance_->send_later(copy, now + fault->by);
      break;
    case frame_action::reorder:
      disturbance_->send_behind_next(copy, now + fault->by);
      break;
    case frame_action::bus_off:
      disturbance_->tell_states(now, disturbance_->counters().switch_off(winner.node));
      hold(now, winner.node, winner, fault->by);
      return true;
    case frame_action::tell:
      return false;
  }
  sent_.push_back({winner.content, winner.node, winner.token, now, now, false, true});
  return true;
}

/// The frame on the wire ends in an error frame.
void arbiter::destroy(instant end) {
  request again = *std::exchange(destroyed_, std::nullopt);
  auto& counters = disturbance_->counters();
  const auto others = counters.on_error(again.node);
  disturbance_->tell(end, incident::kind::error_frame, again);
  disturbance_->began(on_wire_->start);
  disturbance_->tell_states(end, others);
  if (again.confirmed) return;  // the node has left
  if (counters.state(again.node) == error_state::bus_off) {
    hold(end, again.node, again, duration{0});
  } else {
    queue_.restore(again);
  }
}

void arbiter::end_disturbed(instant end) {
  const node_id sender = on_wire_->node;
  disturbance_->on_frame_ends(end, sender);
  disturbance_->on_idle(free_at_);
  if (disturbance_->counters().state(sender) == error_state::passive && !disturbance_->holds(sender)) {
    const instant until = free_at_ + bit_time(suspend_bits, *rates_);
    disturbance_->hold(end, sender, queue_.take_all(sender), until, end);
  }
}

/// Bus off: `first` and everything else that the node wants to send waits.
void arbiter::hold(instant now, node_id node, std::optional<request> first, duration least) {
  std::vector<request> waiting;
  if (first) waiting.push_back(*first);
  for (auto& one : queue_.take_all(node)) waiting.push_back(std::move(one));
  disturbance_->hold(now, node, std::move(waiting), std::nullopt, now + least);
}

}  // namespace canstage::can

#include "protocols/can/disturbance.hpp"

#include <algorithm>

namespace canstage::can {

namespace {

constexpr std::uint32_t recovery_times = 128;
constexpr std::int64_t recovery_bits = 11;

}  // namespace

disturbance::disturbance(std::optional<bit_rates> rates, std::vector<drawn_fault> faults) : rates_(rates) {
  for (auto& one : faults) {
    states_.emplace_back(one.what.when, std::move(one.draw));
    faults_.push_back(std::move(one.what));
  }
}

instant disturbance::end_of(const held& who) const {
  if (who.until) return *who.until;
  if (!rates_) return who.least;
  if (!idle_since_ || who.recessive >= recovery_times)
    return who.recessive >= recovery_times ? who.least : never;
  const auto missing = recovery_bits * (recovery_times - who.recessive);
  return std::max(who.least, std::max(*idle_since_, who.since) + bit_time(missing, *rates_));
}

instant disturbance::deadline() const {
  instant next = later_.empty() ? never : later_.begin()->first;
  for (const auto& [node, what] : behind_) next = std::min(next, what.first);
  for (const auto& [node, who] : held_) next = std::min(next, end_of(who));
  return next;
}

void disturbance::arm(std::uint32_t fault, bool on) {
  for (std::size_t i = 0; i < faults_.size(); ++i)
    if (faults_[i].number == fault) states_[i].arm(on);
}

const frame_fault* disturbance::on_winner(instant now, const request& winner) {
  const frame_fault* decides = nullptr;
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    if (faults_[i].match.is_begin_of_message(winner.content)) states_[i].begin_message();
    if (decides != nullptr || !faults_[i].match.matches(winner.content)) continue;
    const auto occasion = states_[i].on_occasion(now);
    if (!occasion) continue;
    decides = &faults_[i];
    occasion_ = *occasion;
    tell(now, incident::kind::fault, winner);
    incidents_.back().fault = decides->number;
    incidents_.back().occasion = occasion_;
  }
  return decides;
}

void disturbance::hold(instant now, node_id node, std::vector<request> waiting, std::optional<instant> until,
                       instant least) {
  held_[node] = {std::move(waiting), now, until, least, 0};
}

bool disturbance::withdraw(node_id node, transmit_token token) {
  const auto found = held_.find(node);
  if (found == held_.end()) return false;
  return std::erase_if(found->second.waiting,
                       [token](const request& one) { return one.token == token && !one.confirmed; }) != 0;
}

void disturbance::on_detach(node_id node) {
  held_.erase(node);
  behind_.erase(node);
  counters_.forget(node);
}

void disturbance::count_idle_time(instant now) {
  if (!idle_since_ || !rates_) return;
  const duration each = bit_time(recovery_bits, *rates_);
  for (auto& [node, who] : held_) {
    const instant since = std::max(*idle_since_, who.since);
    if (since < now) who.recessive += static_cast<std::uint32_t>((now - since) / each);
  }
}

void disturbance::on_frame_begins(instant now) {
  count_idle_time(now);
  idle_since_.reset();
}

void disturbance::on_frame_ends(instant now, node_id sender) {
  // ACK delimiter, EOF and intermission are 11 recessive bits.
  for (auto& [node, who] : held_) ++who.recessive;
  for (auto [first, last] = behind_.equal_range(sender); first != last; ++first) first->second.first = now;
}

std::vector<disturbance::request> disturbance::release(instant now) {
  std::vector<request> back;
  while (!later_.empty() && later_.begin()->first <= now)
    back.push_back(later_.extract(later_.begin()).mapped());
  for (auto at = behind_.begin(); at != behind_.end();) {
    const bool due = at->second.first <= now;
    if (due) back.push_back(at->second.second);
    at = due ? behind_.erase(at) : std::next(at);
  }
  for (auto at = held_.begin(); at != held_.end();) {
    const bool over = end_of(at->second) <= now;
    if (over) {
      back.insert(back.end(), at->second.waiting.begin(), at->second.waiting.end());
      if (!at->second.until) tell_states(now, counters_.on_recovered(at->first));
    }
    at = over ? held_.erase(at) : std::next(at);
  }
  return back;
}

void disturbance::tell(instant now, incident::kind what, const request& about) {
  const auto counts = counters_.of(about.node);
  incidents_.push_back({.what = what,
                        .at = now,
                        .node = about.node,
                        .content = about.content,
                        .state = counters_.state(about.node),
                        .tec = counts.tec,
                        .rec = counts.rec});
}

void disturbance::tell_states(instant now, const std::vector<node_id>& whose) {
  for (const node_id node : whose) tell(now, incident::kind::state, {{}, node});
}

void disturbance::flip_a_bit(std::uint32_t fault, frame& f) {
  const auto which = std::find_if(faults_.begin(), faults_.end(),
                                  [fault](const frame_fault& one) { return one.number == fault; });
  if (f.payload().empty()) return;
  auto& draw = states_[static_cast<std::size_t>(which - faults_.begin())].randomness();
  const auto bit = static_cast<std::size_t>(draw.between(0, 8 * static_cast<std::int64_t>(f.length) - 1));
  f.data[bit / 8] = static_cast<std::uint8_t>(f.data[bit / 8] ^ (1U << (bit % 8)));
}

}  // namespace canstage::can

#include "protocols/can/error_counters.hpp"

namespace canstage::can {

namespace {

constexpr std::uint32_t highest_active = 127;
constexpr std::uint32_t highest_on_bus = 255;
constexpr std::uint32_t tec_per_error = 8;
constexpr std::uint32_t rec_after_passive = 119;

error_state state_of(const error_counters::counts& now) {
  if (now.tec > highest_on_bus) return error_state::bus_off;
  return now.tec > highest_active || now.rec > highest_active ? error_state::passive : error_state::active;
}

void count_down_rec(std::uint32_t& rec) {
  if (rec > highest_active) {
    rec = rec_after_passive;
  } else if (rec > 0) {
    --rec;
  }
}

}  // namespace

error_counters::counts error_counters::of(node_id node) const {
  const auto found = known_.find(node);
  return found == known_.end() ? counts{0, rec_of_others_} : found->second;
}

error_state error_counters::state(node_id node) const { return state_of(of(node)); }

template <class Change>
std::vector<node_id> error_counters::change(node_id sender, Change each) {
  std::vector<node_id> others;
  for (auto& [node, now] : known_) {
    const error_state before = state_of(now);
    if (before == error_state::bus_off) continue;  // it counts nothing but recessive bits
    each(now, node == sender);
    if (state_of(now) != before) others.push_back(node);
  }
  return others;
}

std::vector<node_id> error_counters::on_error(node_id sender) {
  // Before the others count: it does not count with them.
  known_.try_emplace(sender, counts{0, rec_of_others_});
  ++rec_of_others_;
  return change(sender, [](counts& now, bool sends) {
    if (sends) {
      now.tec += tec_per_error;
    } else {
      ++now.rec;
    }
  });
}

std::vector<node_id> error_counters::on_sent(node_id sender) {
  // Mostly there is nothing to count down.
  if (rec_of_others_ == 0 && known_.empty()) return {};
  known_.try_emplace(sender, counts{0, rec_of_others_});
  count_down_rec(rec_of_others_);
  auto others = change(sender, [](counts& now, bool sends) {
    if (!sends) {
      count_down_rec(now.rec);
    } else if (now.tec > 0) {
      --now.tec;
    }
  });
  std::erase_if(known_, [this](const auto& one) { return one.second == counts{0, rec_of_others_}; });
  return others;
}

std::vector<node_id> error_counters::switch_off(node_id node) {
  counts& now = known_.try_emplace(node, counts{0, rec_of_others_}).first->second;
  if (state_of(now) == error_state::bus_off) return {};
  now.tec = highest_on_bus + 1;
  return {node};
}

std::vector<node_id> error_counters::on_recovered(node_id node) {
  known_[node] = {};
  return {node};
}

}  // namespace canstage::can

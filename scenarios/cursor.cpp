#include "scenarios/cursor.hpp"

#include <utility>
#include <variant>

namespace canstage::scenarios {

namespace {

using visitor = std::function<void(const step&, const std::string&)>;

void visit_from(const step_list& steps, std::size_t first, const std::string& prefix, const visitor& visit) {
  for (std::size_t i = first; i < steps.size(); ++i) {
    const auto path = prefix + std::to_string(i + 1);
    if (steps[i].left_out) continue;
    if (const auto* loop = std::get_if<repeat_step>(&steps[i].what)) {
      visit_from(loop->steps, 0, path + '.', visit);
    } else if (const auto* each = std::get_if<for_each_step>(&steps[i].what)) {
      if (!each->rounds.empty()) visit_from(each->rounds.front(), 0, path + '.', visit);
    } else if (const auto* fork = std::get_if<parallel_step>(&steps[i].what)) {
      for (std::size_t b = 0; b < fork->branches.size(); ++b)
        visit_from(fork->branches[b], 0, branch_prefix(*fork, b, path), visit);
    } else {
      visit(steps[i], path);
    }
  }
}

}  // namespace

cursor::cursor(const step_list& steps, std::string prefix) : prefix_(std::move(prefix)) {
  levels_.push_back({&steps, nullptr, 0, 1, 1});
}

const step* cursor::next() {
  while (!levels_.empty()) {
    auto& top = levels_.back();
    if (top.next == top.steps->size()) {
      if (top.time < top.times && (top.rounds != nullptr || !top.steps->empty())) {
        ++top.time;
        top.next = 0;
        if (top.rounds != nullptr) top.steps = &(*top.rounds)[top.time - 1];
      } else {
        levels_.pop_back();
      }
      continue;
    }
    const step& found = (*top.steps)[top.next++];
    if (found.left_out) continue;
    if (const auto* loop = std::get_if<repeat_step>(&found.what)) {
      if (loop->times > 0) levels_.push_back({&loop->steps, nullptr, 0, 1, loop->times});
    } else if (const auto* each = std::get_if<for_each_step>(&found.what)) {
      const auto rounds = static_cast<std::uint32_t>(each->rounds.size());
      if (rounds > 0) levels_.push_back({&each->rounds.front(), &each->rounds, 0, 1, rounds});
    } else {
      return &found;
    }
  }
  return nullptr;
}

std::string branch_prefix(const parallel_step& what, std::size_t branch, const std::string& path) {
  if (!what.names.empty()) return what.names[branch] + '.';
  return path + '.' + std::to_string(branch + 1) + '.';
}

std::string cursor::path() const {
  std::string place = prefix_;
  std::string times;
  for (const auto& one : levels_) {
    if (&one != &levels_.front()) {
      place += '.';
      times += (times.empty() ? "#" : ".") + std::to_string(one.time);
    }
    place += std::to_string(one.next);
  }
  return place + times;
}

void cursor::for_remaining(const visitor& visit) const {
  // From the innermost list outwards: that is the order in which they would have been played.
  for (auto depth = levels_.size(); depth > 0; --depth) {
    std::string prefix = prefix_;
    for (std::size_t i = 0; i + 1 < depth; ++i) prefix += std::to_string(levels_[i].next) + '.';
    visit_from(*levels_[depth - 1].steps, levels_[depth - 1].next, prefix, visit);
  }
}

}  // namespace canstage::scenarios

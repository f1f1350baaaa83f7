#include "scenarios/explore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <utility>

namespace canstage::scenarios {

namespace {

/// A fault at one of its occasions.
using occasion = std::pair<std::uint32_t, std::uint32_t>;
using occasions = std::vector<occasion>;

/// Runs for one group until the fewest faults are taken for found.
constexpr std::size_t most_shrinking_runs = 400;

std::string without_repetition(std::string path) {
  for (auto sign = path.find('#'); sign != std::string::npos; sign = path.find('#')) {
    const auto end = path.find('.', sign);
    path.erase(sign, end == std::string::npos ? end : end - sign);
  }
  return path;
}

/// What made a run fail, in words that are the same for runs that fail alike; empty if it passed.
struct cause {
  std::string text;
  position where;
};

cause cause_of(const run_result& run) {
  if (run.passed()) return {};
  if (!run.internal_error.empty()) return {"internal error: " + run.internal_error, {}};
  if (!run.no_progress.empty()) return {"no progress: " + run.no_progress, {}};
  for (const step_result& step : run.steps) {
    if (step.status != step_status::failed) continue;
    std::string text = fmt::format("step {}, {}:", without_repetition(step.path), step.name);
    std::string verdicts;
    for (const verdict& one : step.verdicts)
      if (is_failure(one.what))
        verdicts += fmt::format("{} {} {}", verdicts.empty() ? "" : ",", one.who, to_string(one.what));
    return {text + (verdicts.empty() ? " " + step.why : verdicts), step.where};
  }
  return {"a step was not run", {}};
}

occasions occasions_of(const run_result& run) {
  occasions all;
  for (const fired_fault& one : run.faults) all.emplace_back(one.fault, one.occasion);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

fault_selection selection_of(const occasions& some) {
  fault_selection result;
  for (const auto& [fault, number] : some) result[fault].push_back(number);
  return result;
}

class exploration {
 public:
  exploration(const scenario& what, const explore_options& options, interruption& breaker,
              explore_progress& watched)
      : what_(what), options_(options), breaker_(breaker), watched_(watched) {
    for (unsigned i = 0; i < std::max(options.jobs, 1U); ++i)
      breakers_.push_back(std::make_unique<interruption>());
  }

  explore_result all() {
    found_.resize(options_.seeds);
    with_all_jobs(options_.seeds, [this](std::size_t index, interruption& own) {
      const auto run = play_once(options_.first_seed + index, nullptr, own);
      found_[index] = {true, cause_of(run), run.interrupted};
      ++watched_.runs;
      if (!run.passed()) ++watched_.failed;
    });
    explore_result result;
    group(result);
    watched_.shrinks = true;
    with_all_jobs(result.groups.size(),
                  [&](std::size_t index, interruption& own) { shrink(result.groups[index], own); });
    result.interrupted = breaker_.raised();
    return result;
  }

 private:
  struct finding {
    bool tried = false;
    cause why;
    bool interrupted = false;
  };

  run_result play_once(std::uint64_t seed, std::shared_ptr<const fault_selection> only,
                       interruption& own) const {
    play_options options;
    options.seed = seed;
    options.time = time_mode::virtual_time;
    options.kind = options_.kind;
    options.selection = std::move(only);
    options.limit = options_.limit;
    return play(what_, options, own);
  }

  /// Calls `work` for 0 to `count` - 1, several at a time, until the breaker is raised.
  void with_all_jobs(std::size_t count, const std::function<void(std::size_t, interruption&)>& work) {
    std::atomic<std::size_t> next = 0;
    std::atomic<std::size_t> working = breakers_.size();
    std::vector<std::jthread> threads;
    for (auto& own : breakers_)
      threads.emplace_back([&, &own = *own] {
        for (auto index = next++; index < count && !breaker_.raised(); index = next++) work(index, own);
        --working;
      });
    constexpr auto interval = std::chrono::milliseconds{20};
    for (bool raised = false; working > 0;) {
      std::this_thread::sleep_for(interval);
      if (breaker_.raised() && !std::exchange(raised, true))
        for (auto& own : breakers_) own->raise();
    }
  }

  void group(explore_result& result) const {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const finding& one = found_[i];
      if (!one.tried || one.interrupted) continue;
      ++result.tried;
      if (one.why.text.empty()) continue;
      const auto [at, added] = places.emplace(one.why.text, result.groups.size());
      if (added) result.groups.push_back({one.why.text, one.why.where, {}, 0, {}, {}});
      result.groups[at->second].seeds.push_back(options_.first_seed + i);
    }
    std::stable_sort(result.groups.begin(), result.groups.end(),
                     [](const auto& a, const auto& b) { return a.seeds.size() > b.seeds.size(); });
  }

  bool fails_alike(const failure_group& as, const occasions& with, interruption& own) const {
    const auto only = std::make_shared<const fault_selection>(selection_of(with));
    return cause_of(play_once(as.seeds.front(), only, own)).text == as.cause;
  }

  /// Delta debugging (Zeller, Hildebrandt 2002): leaves out ever smaller parts, as long as it fails alike.
  void shrink(failure_group& of, interruption& own) const {
    auto left = occasions_of(play_once(of.seeds.front(), nullptr, own));
    of.faults = left.size();
    std::size_t runs = 0;
    const auto try_with = [&](const occasions& some) {
      return ++runs <= most_shrinking_runs && !breaker_.raised() && fails_alike(of, some, own);
    };
    if (!left.empty() && try_with({})) left.clear();
    for (std::size_t parts = 2; left.size() > 1 && runs < most_shrinking_runs && !breaker_.raised();) {
      parts = std::min(parts, left.size());
      bool smaller = false;
      for (std::size_t i = 0; i < parts && !smaller; ++i) {
        const auto part = [&](std::size_t number) {
          return left.begin() + static_cast<std::ptrdiff_t>(number * left.size() / parts);
        };
        occasions rest(left.begin(), part(i));
        rest.insert(rest.end(), part(i + 1), left.end());
        smaller = try_with(rest);
        if (smaller) left = std::move(rest);
      }
      if (smaller) {
        parts = std::max<std::size_t>(parts - 1, 2);
      } else if (parts == left.size()) {
        break;
      } else {
        parts *= 2;
      }
    }
    of.smallest = selection_of(left);
    of.happened =
        play_once(of.seeds.front(), std::make_shared<const fault_selection>(of.smallest), own).faults;
  }

  const scenario& what_;
  const explore_options& options_;
  interruption& breaker_;
  explore_progress& watched_;
  std::vector<std::unique_ptr<interruption>> breakers_;  ///< one for each job
  std::vector<finding> found_;                           ///< by seed
};

}  // namespace

explore_result explore(const scenario& what, const explore_options& options, interruption& breaker,
                       explore_progress& watched) {
  return exploration{what, options, breaker, watched}.all();
}

}  // namespace canstage::scenarios

// Plays a scenario under many seeds, and finds the fewest faults that make it fail.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/interruption.hpp"
#include "scenarios/model.hpp"
#include "scenarios/play.hpp"
#include "scenarios/result.hpp"

namespace canstage::scenarios {

struct explore_options {
  std::uint64_t first_seed = 1;
  std::uint64_t seeds = 100;
  unsigned jobs = 1;  ///< runs at a time
  std::optional<cast_kind> kind;
  std::chrono::nanoseconds limit = std::chrono::seconds{60};  ///< of each run, as for `play`
};

/// How far it is, for who watches it from another thread.
struct explore_progress {
  std::atomic<std::uint64_t> runs = 0;
  std::atomic<std::uint64_t> failed = 0;
  std::atomic<bool> shrinks = false;
};

/// Runs that fail alike.
struct failure_group {
  std::string cause;  ///< "step 2, read the VIN: engine is silent"
  position where;     ///< of the step
  std::vector<std::uint64_t> seeds;

  // Of the first of them.

  std::size_t faults = 0;             ///< how often faults happened
  fault_selection smallest;           ///< the fewest with which it still fails alike
  std::vector<fired_fault> happened;  ///< what they did
};

struct explore_result {
  std::uint64_t tried = 0;
  std::vector<failure_group> groups;  ///< the one with most seeds first, then by the first seed
  bool interrupted = false;
};

/// Virtual time only. What comes out does not depend on `jobs`. `watched` outlives the call.
explore_result explore(const scenario& what, const explore_options& options, interruption& breaker,
                       explore_progress& watched);

}  // namespace canstage::scenarios

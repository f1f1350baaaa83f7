// Conformance statements against a stack: an endpoint of a scenario, whose steps are not played, or
// whatever is behind a link.
#pragma once

#include <string>
#include <vector>

#include "protocols/conformance/conformance_run.hpp"
#include "scenarios/model.hpp"
#include "scenarios/play.hpp"

namespace canstage::scenarios {

/// What came out of it: the reports are different spellings of this.
struct conformance_result {
  std::string stack;  ///< "raw of bench.yaml", "what is on socketcan:vcan0"
  time_mode time = time_mode::virtual_time;
  conformance::setting known;
  std::vector<conformance::statement_result> statements;
  std::size_t selected = 0;  ///< how many statements there were to play
  std::size_t heard = 0;     ///< frames of the stack
  instant ended;
  bool interrupted = false;
  std::string internal_error;
  std::string no_progress;

  /// All that were to be played have ended, and none failed. Deviations and what does not show are
  /// no failures.
  bool passed() const;

  std::size_t count(conformance::verdict what) const;
};

struct conformance_options {
  std::vector<const conformance::statement*> selection;  ///< empty: all
  conformance::allowances allowed;
};

/// Where a stack is, and how a driver meets it.
struct stack_under_test {
  std::string name;  ///< for reports
  scenario cast;     ///< who is on the stage: the stack, or nobody but the bus that leads to it
  bus_index bus = 0;
  conformance::setting known;
};

/// An endpoint of a scenario, which has `do: echo` or `do: swallow`.
stack_under_test stack_in(const scenario& cast, endpoint_index who);

/// A stack outside of the process. `where` is not virtual.
stack_under_test stack_behind(const link& where, const conformance::setting& known);

/// `options.trace`, `watched` and so on as for `play`. Blocks until all statements have ended, or the run
/// was broken off.
conformance_result conform(const stack_under_test& stack, const conformance_options& what,
                           const play_options& options, interruption& breaker);

}  // namespace canstage::scenarios

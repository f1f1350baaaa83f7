// Conformance statements against an endpoint of a scenario, whose steps are not played.
#pragma once

#include <string>
#include <vector>

#include "protocols/conformance/conformance_run.hpp"
#include "scenarios/model.hpp"
#include "scenarios/play.hpp"

namespace canstage::scenarios {

/// What came out of it: the reports are different spellings of this.
struct conformance_result {
  std::string stack;  ///< "raw of bench.yaml"
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

/// How a driver meets that endpoint. It has `do: echo` or `do: swallow`.
conformance::setting setting_of(const endpoint& who);

/// `options.trace`, `watched` and so on as for `play`. Blocks until all statements have ended, or the run
/// was broken off.
conformance_result conform(const scenario& cast, endpoint_index who, const conformance_options& what,
                           const play_options& options, interruption& breaker);

}  // namespace canstage::scenarios

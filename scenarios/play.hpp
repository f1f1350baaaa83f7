// Plays one scenario from begin to end.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>

#include "protocols/trace/writer.hpp"
#include "scenarios/interruption.hpp"
#include "scenarios/listeners.hpp"
#include "scenarios/model.hpp"
#include "scenarios/result.hpp"

namespace canstage::scenarios {

/// How far a run is, for who watches it from another thread.
struct progress {
  std::atomic<std::uint64_t> steps = 0;    ///< that have ended
  std::atomic<std::int64_t> stage_ns = 0;  ///< stage time at the last of them
  std::atomic<std::uint64_t> moved = 0;    ///< of a transfer that is under way, in bytes
  std::atomic<std::uint64_t> to_move = 0;  ///< 0: there is none
};

struct play_options {
  std::optional<std::uint64_t> seed;                   ///< none: the scenario's own
  std::optional<time_mode> time;                       ///< none: the scenario's own
  std::optional<cast_kind> kind;                       ///< none: by the number of nodes
  std::shared_ptr<const fault_selection> selection{};  ///< the faults that may happen; null: all
  bool measured = false;                ///< whether it is told how busy buses are, and how long frames wait
  std::shared_ptr<std::ostream> trace;  ///< all frames; none: no trace is written
  trace::file_format trace_format = trace::file_format::candump_log;
  /// Is told what a trace is told, in the thread that runs or in one of the stage's; none: nobody. It is at
  /// rest when the run has ended.
  std::shared_ptr<trace::writer> log{};
  listener_list listeners{};  ///< of what the scenario exposes
  /// What happens to a bus that is not virtual, when it happens; from any thread. Null: nobody listens.
  std::function<void(const std::string&)> on_bus_event;
  progress* watched = nullptr;                                ///< outlives the run; null: nobody watches
  std::chrono::nanoseconds limit = std::chrono::seconds{60};  ///< wall time without progress
};

/// Blocks until the script is at its end, the run is interrupted, an actor fails or nothing gets
/// on any more. What was found by then is in the result in any case, and in the trace.
run_result play(const scenario& what, const play_options& options, interruption& breaker);

}  // namespace canstage::scenarios

// Keeps the ECUs of a scenario alive for other programs, and plays no steps.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "protocols/trace/writer.hpp"
#include "scenarios/interruption.hpp"
#include "scenarios/listeners.hpp"
#include "scenarios/model.hpp"

namespace canstage::scenarios {

struct serve_options {
  std::optional<std::uint64_t> seed;    ///< none: the scenario's own
  std::optional<cast_kind> kind;        ///< none: by the number of nodes
  std::shared_ptr<std::ostream> trace;  ///< none: nothing is recorded
  trace::file_format trace_format = trace::file_format::candump_log;
  listener_list listeners;  ///< of what the scenario exposes
  /// What happens to buses and clients, one sentence; from any thread.
  std::function<void(const std::string&)> on_bus_event;
  std::function<void()> on_ready;  ///< everybody is on the stage
};

/// Blocks until it is interrupted, which is how it ends, or an actor fails. Returns why it failed.
std::string serve(const scenario& what, const serve_options& options, interruption& breaker);

}  // namespace canstage::scenarios

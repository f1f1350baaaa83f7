// A trace on a bus once more, without playing anything else.
#pragma once

#include <functional>
#include <string>

#include "protocols/trace/replay.hpp"
#include "scenarios/interruption.hpp"
#include "scenarios/link.hpp"

namespace canstage::scenarios {

struct replay_options {
  std::string name;  ///< of the bus, for messages
  trace::replay_settings how;
  trace::replay::opener open;
  std::function<void(const trace::replay_report&)> on_progress;  ///< from one thread at a time; or none
  std::function<void(const std::string&)> on_bus_event;          ///< as for `play`
};

struct replay_result {
  trace::replay_report report;
  bool interrupted = false;
  std::string internal_error;
};

/// Blocks until every frame was sent or given up, or the breaker is raised.
replay_result replay(const link& where, const replay_options& options, interruption& breaker);

}  // namespace canstage::scenarios

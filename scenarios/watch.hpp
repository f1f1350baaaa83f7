// What is on a bus, without playing anything.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "protocols/can/arbiter.hpp"
#include "scenarios/interruption.hpp"
#include "scenarios/link.hpp"

namespace canstage::scenarios {

struct watch_options {
  std::string name;                   ///< of the bus, for messages
  std::optional<std::uint64_t> most;  ///< frames; none: without end
  std::optional<duration> time;       ///< how long; none: without end
  /// Frames in the order in which the link brought them; the time is the stage's, which begins at 0. From
  /// one thread at a time.
  std::function<void(std::span<const can::sent_frame>)> hears;
  std::function<void(const std::string&)> on_bus_event;  ///< as for `play`
};

struct watch_result {
  bool interrupted = false;
  std::string internal_error;
};

/// Blocks until there was enough or the breaker is raised. A link that goes down is waited for.
watch_result watch(const link& what, const watch_options& options, interruption& breaker);

}  // namespace canstage::scenarios

// Ctrl-C: the first one ends a run in order, the second one ends the program.
#pragma once

#include "scenarios/play.hpp"

namespace canstage::tools {

/// Routes SIGINT and SIGTERM of the whole process to `breaker`, from a thread that lives as long as
/// the process. Call once, before any other thread is started; `breaker` is never destroyed.
void route_signals(scenarios::interruption& breaker);

}  // namespace canstage::tools

// The one bus of commands that play no scenario: always outside of the process.
#pragma once

#include <optional>
#include <string>

#include "scenarios/link.hpp"

namespace canstage::tools {

/// Throws `usage_error` if that is no link that carries frames to somebody outside.
scenarios::link outside_bus(const std::string& word);

/// What the bus is called in traces and messages.
const std::string& name_of(const scenarios::link& carrier);

/// What the machine lacks for it, as one sentence.
std::optional<std::string> missing_for_bus(const scenarios::link& carrier);

/// One write, because buses call it from their own threads.
void print_bus_event(const std::string& sentence);

}  // namespace canstage::tools

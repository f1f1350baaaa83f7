// Whether a server of TCP is there and has what a link wants of it.
#pragma once

#include <optional>
#include <string>

#include "scenarios/link.hpp"

namespace canstage::tools {

/// Connects to it as the link will, and leaves again. What is missing, as one sentence without a full stop.
std::optional<std::string> missing_for_server(const scenarios::link& carrier);

}  // namespace canstage::tools

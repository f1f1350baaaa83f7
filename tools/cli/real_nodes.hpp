// ECUs and endpoints that are outside of the process: what the command line says.
#pragma once

#include <string>
#include <vector>

#include "scenarios/model.hpp"

namespace canstage::tools {

/// Marks those of `--real` in every scenario; "*" are all ECUs, and all endpoints that the steps do not
/// speak for. Throws `usage_error` if a scenario has no such ECU or
/// endpoint, or a step wants of one what only a simulated one does.
void mark_real(const std::vector<std::string>& names, std::vector<scenarios::scenario>& all);

/// Throws `usage_error` if a real ECU or endpoint is on a bus that nobody outside can be on.
void check_reachable(const std::vector<scenarios::scenario>& all);

}  // namespace canstage::tools

// Which connections the kernel's ISO-TP can play, and which it cannot.
#pragma once

#include <string>
#include <vector>

#include "scenarios/builder_plan.hpp"

namespace canstage::scenarios {

/// Why the kernel's ISO-TP cannot play that connection, in a few words each ("n_bs 500 ms"); nothing if it
/// can.
std::vector<std::string> beyond_kernel(const planned_connection& one);

}  // namespace canstage::scenarios

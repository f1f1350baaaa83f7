// One request as a scenario: a tester, ECUs that are outside, and one step.
#pragma once

#include "scenarios/model.hpp"
#include "tools/cli/request_options.hpp"

namespace canstage::tools {

/// ECUs are named as they answer: "7E8", "18DAF110", "610:F1" with an address byte.
scenarios::scenario scenario_of(const request_options& options);

}  // namespace canstage::tools

// ECUs and endpoints that exist outside of the process.
#pragma once

#include <string>
#include <vector>

#include "scenarios/model.hpp"

namespace canstage::scenarios {

struct beyond {
  position where;
  std::string why;  ///< one sentence
};

/// Steps that want of real ECUs and endpoints what only simulated ones do: that are reset, or send what a
/// step says.
std::vector<beyond> beyond_reach(const scenario& play);

}  // namespace canstage::scenarios

// Connections that kernel ISO-TP is to carry, but cannot.
#pragma once

#include <string>
#include <vector>

#include "scenarios/model.hpp"

namespace canstage::scenarios {

struct kernel_gap {
  position where;
  std::string whose;  ///< "ecu engine", "tester obd to engine"
  link carrier;       ///< says whether our own takes its place
  std::string why;    ///< "n_bs 500 ms, faults"
};

std::vector<kernel_gap> find_kernel_gaps(const scenario& play);

}  // namespace canstage::scenarios

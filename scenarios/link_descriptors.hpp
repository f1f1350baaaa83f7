// How many descriptors of the operating system the links of a scenario need.
#pragma once

#include <cstddef>

#include "scenarios/model.hpp"

namespace canstage::scenarios {

/// Open at once while it runs; without files, listeners, and what the program has open in any case.
std::size_t descriptors_of_links(const scenario& play);

}  // namespace canstage::scenarios

// Who sends on which identifier to whom, for the eyes of people who read frames.
#pragma once

#include <vector>

#include "protocols/dissect/dissector.hpp"
#include "scenarios/model.hpp"

namespace canstage::scenarios {

/// Every pair of a scenario: "engine > tester", "tester > all", "raw > peer".
std::vector<dissect::way> address_book(const scenario& play);

}  // namespace canstage::scenarios

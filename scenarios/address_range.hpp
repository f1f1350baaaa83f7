// Ranges of identifiers as acceptance filters.
#pragma once

#include <vector>

#include "protocols/can/filter.hpp"
#include "scenarios/model.hpp"

namespace canstage::scenarios {

/// Appends the fewest filters that accept exactly the data frames of the range. Both ends have the same
/// format, `first <= last`.
void append_filters(const answer_range& range, std::vector<can::filter>& filters);

/// Likewise, but without some identifiers, which may be out of the range, too.
void append_filters_except(const answer_range& range, std::vector<can::identifier> left_out,
                           std::vector<can::filter>& filters);

}  // namespace canstage::scenarios

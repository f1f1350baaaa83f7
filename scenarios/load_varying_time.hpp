// Times that are not always the same: a range, or a distribution.
#pragma once

#include <optional>
#include <vector>

#include "protocols/uds/varying_time.hpp"
#include "scenarios/fields.hpp"

namespace canstage::scenarios {

/// The shape of such a value.
inline constexpr std::string_view varying_time_shape = "time | time range | <varying_time>";

/// Nothing after a refusal.
std::optional<uds::varying_time> read_varying_time(reader& in, const node& value);

void describe_varying_time(std::vector<map_doc>& maps);

}  // namespace canstage::scenarios

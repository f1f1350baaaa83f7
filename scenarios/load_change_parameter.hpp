// The step `change_parameter`, and the time that it shares with `isotp:`.
#pragma once

#include <optional>

#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

void read_change_parameter(reader& in, const node& value, step& out);

/// STmin. Nothing after a refusal.
std::optional<isotp::st_min> read_st_min(reader& in, const node& value);

}  // namespace canstage::scenarios

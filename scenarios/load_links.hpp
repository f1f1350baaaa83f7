// The parts of the loader about what is outside of the process: links, and who joins over TCP.
#pragma once

#include <optional>

#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

/// Nothing after a refusal.
std::optional<link> read_link(reader& in, const node& value, link_use use);

/// After buses, ECUs and endpoints.
void load_exposures(reader& in, const node& exposures);
/// Once everything is known: what cannot be exposed.
void check_exposures(reader& in, const scenario& play);

}  // namespace canstage::scenarios

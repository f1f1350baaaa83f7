// What is known before the rest of a file is read, and its words for the choice of steps.
#pragma once

#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

/// `fleet:`; no vehicles: there is none, and everything is there once.
struct fleet {
  std::uint32_t vehicles = 0;
  position where;
};

// Both are read before the file is filled in.

/// `variables:` into the context. False after a refusal.
bool read_variables(reader& in, const node& root);
/// Nothing after a refusal.
std::optional<fleet> read_fleet(reader& in, const node& root);

/// `tags:` of a scenario or step.
std::vector<std::string> read_tags(reader& in, const node& value);

void describe_variables(std::vector<map_doc>& maps);

}  // namespace canstage::scenarios

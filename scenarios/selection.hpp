// Which steps are played, by their tags.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "scenarios/model.hpp"

namespace canstage::scenarios {

/// Steps with one of the tags `only` are played (all, if there is none), but none with one of `skip`. A step
/// has its own tags, those of the steps around it and those of the file; `always` is played without being
/// asked for.
struct tag_choice {
  std::vector<std::string> only;
  std::vector<std::string> skip;
};

/// Marks the others as left out. Returns how many single steps are left; `left_out` counts the others.
std::size_t select_steps(scenario& play, const tag_choice& choice);

/// Every tag of a scenario.
std::set<std::string> tags_of(const scenario& play);

}  // namespace canstage::scenarios

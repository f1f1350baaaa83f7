// `--only` and `--skip`: which steps of which files are played.
#pragma once

#include <string>
#include <vector>

#include "scenarios/model.hpp"
#include "scenarios/selection.hpp"

namespace canstage::tools {

/// Marks what is left out, and drops scenarios of which nothing is left; a sentence for each of them. Throws
/// `usage_error` if a tag is nowhere, or nothing is left at all.
std::vector<std::string> choose_steps(const scenarios::tag_choice& tags,
                                      std::vector<scenarios::scenario>& all);

}  // namespace canstage::tools

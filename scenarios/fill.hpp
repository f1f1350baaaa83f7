// Variables in a tree, before anything is read from it.
#pragma once

#include <map>
#include <string>

#include "scenarios/diagnostic.hpp"
#include "scenarios/document.hpp"
#include "scenarios/expression.hpp"

namespace canstage::scenarios {

/// By name.
using variable_map = std::map<std::string, named_value, std::less<>>;

/// `tree` with every ${...} replaced that has known names only. What a `for_each` repeats is left as it is:
/// it is filled in when its own variable is known. Never null; what is wrong is added to the problems.
node_ptr filled_in(const node_ptr& tree, const variable_map& known, problem_list& problems);

/// Adds a problem for every ${...} that is left below `tree`.
void refuse_unknown_names(const node& tree, const variable_map& known, problem_list& problems);

/// "unknown variable 'tset'; did you mean 'test'?", for the first name in `text` that is not known.
std::string unknown_variable(std::string_view text, const variable_map& known);

}  // namespace canstage::scenarios

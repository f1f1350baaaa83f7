// Which faults a run is confined to, as the command line writes it: "2:3,2:5,4:1", "none".
#pragma once

#include <string>

#include "scenarios/fault.hpp"

namespace canstage::tools {

/// FAULT:OCCASION, both counted from 1.
std::string fault_words(const scenarios::fault_selection& what);

/// Throws `usage_error`.
scenarios::fault_selection parse_fault_words(const std::string& words);

/// A file's name as a shell takes it.
std::string shell_word(const std::string& text);

}  // namespace canstage::tools

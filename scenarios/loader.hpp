// From YAML text to a scenario that was checked.
//
// Never throws for what is in a file, and never hangs on it. Many problems are reported at once, the
// first ones of the file, each mistake once.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/diagnostic.hpp"
#include "scenarios/model.hpp"

namespace canstage::scenarios {

struct load_result {
  std::optional<scenario> loaded;    ///< there if and only if there are no problems
  std::vector<diagnostic> problems;  ///< in the order of the file, at most 20
};

/// A file that cannot be read is a problem at 1:1 of it.
load_result load_file(const std::filesystem::path& path);

/// `file_name` is for messages, and without folders and suffix the scenario's name by default.
load_result load_text(std::string_view text, std::string file_name);

}  // namespace canstage::scenarios

// The files of a scenario: its own and those that it includes, as one tree.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/diagnostic.hpp"
#include "scenarios/document.hpp"

namespace canstage::scenarios {

/// The text of a file, up to a byte more than a document may have. Nothing, and why, if it cannot be read.
std::optional<std::string> read_text(const std::filesystem::path& path, std::string& why);

/// Parses `text` and what it includes. Each file says less than the one that includes it: maps are merged
/// deeply, as with `like`, lists are put one behind the other. `included` receives the names of the files,
/// by `position::file` - 1. Null if the scenario's own text is unusable, which is reported.
node_ptr read_sources(std::string_view text, const std::filesystem::path& file, problem_list& problems,
                      std::vector<std::string>& included);

}  // namespace canstage::scenarios

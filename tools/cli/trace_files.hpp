// The trace files of a command.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocols/trace/writer.hpp"
#include "scenarios/model.hpp"

namespace canstage::tools {

/// The format that a file's name says; throws `usage_error`, which begins with `what`.
trace::file_format trace_format(const std::string& what, const std::string& file);

/// The whole of a trace that is read; nothing and `errno` if it cannot be.
std::optional<std::string> content_of(const std::string& path);

/// The trace file of each scenario for `--trace`: the file itself, or for several scenarios candump logs
/// in a folder of that name, which is made. Empty paths if `option` is empty.
std::vector<std::filesystem::path> trace_paths(const std::string& option,
                                               const std::vector<scenarios::scenario>& all);

/// Null if there is no path. Throws `output_error`.
std::shared_ptr<std::ostream> open_trace(const std::filesystem::path& path);

}  // namespace canstage::tools

// `script:` of an ECU.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fmt/format.h"
#include "scenarios/load_parts.hpp"
#include "scenarios/lua/lua_script.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t longest_script = 1024 * 1024;

struct script_draft {
  std::shared_ptr<lua_source> made;
};

/// Relative to the folder of the scenario.
void read_script_file(reader& in, const node& value, script_draft& out) {
  const auto name = in.text(value);
  if (!name) return;
  const auto path = std::filesystem::path(in.names().play.file).parent_path() / *name;
  std::ifstream file{path, std::ios::binary};
  std::error_code none;
  if (!file || std::filesystem::is_directory(path, none)) {
    in.refuse(value.where, fmt::format("{} cannot be read", shown(path.string())));
    return;
  }
  std::string text(std::istreambuf_iterator<char>{file}, {});
  if (text.size() > longest_script) {
    in.refuse(value.where, fmt::format("{} has more than 1 MiB", shown(path.string())));
    return;
  }
  out.made = std::make_shared<lua_source>(lua_source{std::move(text), path.filename().string(), 1});
}

constexpr std::array script_fields = std::to_array<field<script_draft>>({
    {{"file", "file name", "The file, seen from the folder of the scenario.", required}, &read_script_file},
});

}  // namespace

std::shared_ptr<const lua_source> read_script(reader& in, const node& value) {
  const reader::scope inside{in, "script"};
  script_draft draft;
  if (value.is_scalar()) {
    // The text of a block begins on the line below its key.
    const bool block = value.text.find('\n') != std::string::npos;
    const auto line = static_cast<unsigned>(value.where.line) + (block ? 1 : 0);
    draft.made = std::make_shared<lua_source>(
        lua_source{value.text, std::filesystem::path(in.names().play.file).filename().string(), line});
  } else if (!read_fields(in, value, value.where, "script", script_fields, draft) || draft.made == nullptr) {
    return nullptr;
  }
  auto problem = check_syntax(*draft.made);
  if (!problem) problem = check_functions(*draft.made);
  if (problem) {
    in.refuse(value.where, fmt::format("{}:{}: {}", draft.made->file, problem->line, problem->text));
    return nullptr;
  }
  return draft.made;
}

void describe_script(std::vector<map_doc>& maps) { maps.push_back(describe("script", script_fields)); }

}  // namespace canstage::scenarios

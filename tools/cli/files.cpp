#include "tools/cli/files.hpp"

#include <ostream>
#include <utility>

namespace canstage::tools {

loaded_files load_all(const std::vector<std::string>& files) {
  loaded_files all;
  for (const auto& file : files) {
    auto result = scenarios::load_file(file);
    if (result.loaded) all.scenarios.push_back(*std::move(result.loaded));
    for (auto& problem : result.problems) all.problems.push_back(std::move(problem));
  }
  return all;
}

void print(std::ostream& out, const std::vector<scenarios::diagnostic>& problems) {
  for (const auto& problem : problems) out << to_string(problem) << '\n';
}

}  // namespace canstage::tools

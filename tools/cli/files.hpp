// The scenario files of a command, loaded before anything is done with the first one.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "scenarios/loader.hpp"

namespace canstage::tools {

struct loaded_files {
  std::vector<scenarios::scenario> scenarios;   ///< of the files without problems, in order
  std::vector<scenarios::diagnostic> problems;  ///< of the others
};

loaded_files load_all(const std::vector<std::string>& files);

/// A line each: "file:line:column: message".
void print(std::ostream& out, const std::vector<scenarios::diagnostic>& problems);

}  // namespace canstage::tools

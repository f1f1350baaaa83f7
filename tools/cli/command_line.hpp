// The command line: which command, which options, and one clear line about what is wrong with them.
#pragma once

#include <boost/program_options.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenarios/model.hpp"

namespace canstage::tools {

/// What is wrong with the command line. One line, without the program's name.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct run_options {
  std::vector<std::string> files;
  std::optional<scenarios::time_mode> time;
  std::optional<std::uint64_t> seed;
  std::optional<scenarios::cast_kind> cast;
  std::string trace;  ///< file, or folder for several scenarios; empty: none
  std::string junit;  ///< file, "-" for stdout; empty: none
  std::string json;   ///< likewise
  std::chrono::nanoseconds limit = std::chrono::seconds{60};
  bool verbose = false;
  bool quiet = false;
  bool help = false;
};

struct check_options {
  std::vector<std::string> files;
  bool json = false;
  bool help = false;
};

/// Throw `usage_error`. `words` are those behind the command.
run_options parse_run(const std::vector<std::string>& words);
check_options parse_check(const std::vector<std::string>& words);

/// What `canstage run --help` and `canstage check --help` print.
std::string run_help();
std::string check_help();

}  // namespace canstage::tools

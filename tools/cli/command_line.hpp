// The command line: which command, which options, and one clear line about what is wrong with them.
#pragma once

#include <boost/program_options.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "protocols/conformance/statement.hpp"
#include "scenarios/model.hpp"
#include "scenarios/selection.hpp"

namespace canstage::tools {

/// What is wrong with the command line. One line, without the program's name.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `--bus NAME=LINK`, `--link NAME=LINK`
struct link_option {
  std::string name;
  scenarios::link carrier;
};

struct run_options {
  std::vector<std::string> files;
  std::vector<std::string> real;     ///< ECUs and endpoints that are outside
  std::vector<link_option> buses;    ///< a later one counts more
  std::vector<link_option> links;    ///< of single ECUs and endpoints, likewise
  std::vector<std::string> exposed;  ///< words of --expose
  std::optional<scenarios::time_mode> time;
  std::optional<std::uint64_t> seed;
  std::optional<scenarios::cast_kind> cast;
  std::string faults;          ///< words of --faults; empty: all of them
  std::string trace;           ///< file, or folder for several scenarios; empty: none
  std::string junit;           ///< file, "-" for stdout; empty: none
  std::string json;            ///< likewise
  std::string report;          ///< file; empty: none
  scenarios::tag_choice tags;  ///< --only and --skip
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

struct conformance_options {
  std::string link;      ///< where the stack is; empty: in the scenario
  std::string scenario;  ///< file
  std::string endpoint;
  conformance::setting stack;  ///< with a link: the whole; with a scenario: the allowances only
  std::optional<scenarios::time_mode> time;
  std::optional<duration> tolerance;
  std::vector<const conformance::statement*> only;  ///< empty: all
  std::string junit;
  std::string json;
  bool verbose = false;
  bool quiet = false;
  bool help = false;
};

/// Throw `usage_error`. `words` are those behind the command.
run_options parse_run(const std::vector<std::string>& words);
check_options parse_check(const std::vector<std::string>& words);
conformance_options parse_conformance(const std::vector<std::string>& words);

/// What `canstage run --help` and so on print.
std::string run_help();
std::string check_help();
std::string conformance_help();

}  // namespace canstage::tools

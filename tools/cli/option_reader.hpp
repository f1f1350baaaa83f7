// What the option parsers of all commands have in common. Everything throws `usage_error`.
#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "protocols/time.hpp"
#include "tools/cli/command_line.hpp"

namespace canstage::tools {

namespace po = boost::program_options;

/// Options and, as "file", what is none.
po::variables_map parse(const po::options_description& visible, const std::vector<std::string>& words,
                        const std::string& command);

/// The text of an option; empty if it was not given.
std::string text_of(const po::variables_map& values, const char* name);

// Of options that were given.

duration time_of(const po::variables_map& values, const char* name);
duration positive_time_of(const po::variables_map& values, const char* name);
std::uint64_t count_of(const po::variables_map& values, const char* name, std::uint64_t least,
                       std::uint64_t most);

/// "--name WORD: why".
[[noreturn]] void refuse(const po::variables_map& values, const char* name, const std::string& why);

std::string help_text(const std::string& head, const po::options_description& options);

template <class Value>
Value choose(const std::string& option, const std::string& word,
             std::initializer_list<std::pair<const char*, Value>> choices) {
  std::string known;
  for (const auto& [name, value] : choices) {
    if (word == name) return value;
    known += (known.empty() ? "" : " or ") + std::string{name};
  }
  throw usage_error{"--" + option + " " + word + ": " + known + " was expected"};
}

}  // namespace canstage::tools

#include "tools/cli/option_reader.hpp"

#include <sstream>

#include "scenarios/quantity.hpp"

namespace canstage::tools {

namespace {

std::string option_error(const po::error& problem) {
  std::string text = problem.what();
  // Boost's own words, with ours around options that do not exist.
  const std::string prefix = "unrecognised option ";
  if (text.rfind(prefix, 0) == 0) text = "unknown option " + text.substr(prefix.size());
  return text;
}

}  // namespace

po::variables_map parse(const po::options_description& visible, const std::vector<std::string>& words,
                        const std::string& command) {
  po::options_description all;
  all.add(visible);
  all.add_options()("file", po::value<std::vector<std::string>>());
  po::positional_options_description files;
  files.add("file", -1);
  po::variables_map values;
  try {
    // No guessing: an abbreviation would change its meaning when options are added.
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(words).options(all).positional(files).style(style).run(), values);
  } catch (const po::error& problem) {
    throw usage_error{option_error(problem) + "; canstage " + command + " --help lists them"};
  }
  return values;
}

std::string text_of(const po::variables_map& values, const char* name) {
  return values.count(name) == 0 ? std::string{} : values[name].as<std::string>();
}

std::string help_text(const std::string& head, const po::options_description& options) {
  std::ostringstream out;
  out << head << '\n' << options;
  return out.str();
}

void refuse(const po::variables_map& values, const char* name, const std::string& why) {
  throw usage_error{"--" + std::string{name} + " " + text_of(values, name) + ": " + why};
}

duration time_of(const po::variables_map& values, const char* name) {
  std::string problem;
  const auto time = scenarios::parse_time(text_of(values, name), problem);
  if (!time) refuse(values, name, problem);
  return *time;
}

duration positive_time_of(const po::variables_map& values, const char* name) {
  const auto time = time_of(values, name);
  if (time <= duration::zero()) refuse(values, name, "a time above 0 was expected");
  return time;
}

std::uint64_t count_of(const po::variables_map& values, const char* name, std::uint64_t least,
                       std::uint64_t most) {
  std::string problem;
  const auto value = scenarios::parse_count(text_of(values, name), least, most, problem);
  if (!value) refuse(values, name, problem);
  return *value;
}

}  // namespace canstage::tools

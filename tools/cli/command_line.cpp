#include "tools/cli/command_line.hpp"

#include <cstdint>
#include <limits>
#include <sstream>
#include <utility>

#include "scenarios/quantity.hpp"

namespace canstage::tools {

namespace {

namespace po = boost::program_options;

po::options_description run_description() {
  po::options_description options{"Options"};
  options.add_options()                                                                                   //
      ("time", po::value<std::string>()->value_name("virtual|real"), "the clock, instead of the file's")  //
      ("seed", po::value<std::string>()->value_name("N"), "the seed, instead of the file's")              //
      ("trace", po::value<std::string>()->value_name("FILE.log"),
       "write all frames as a candump log (a folder when several scenarios run)")               //
      ("junit", po::value<std::string>()->value_name("FILE"), "write JUnit XML; - for stdout")  //
      ("json", po::value<std::string>()->value_name("FILE"), "write JSON; - for stdout")        //
      ("limit", po::value<std::string>()->value_name("TIME"),
       "wall time without progress after which a run is given up (default 60s)")  //
      ("cast", po::value<std::string>()->value_name("normal|ensemble"),
       "an actor per node, or one per bus (default: by the number of nodes)")          //
      ("verbose,v", po::bool_switch(), "every repetition, every 0x78, whole answers")  //
      ("quiet,q", po::bool_switch(), "failures and the closing line only")             //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

po::options_description check_description() {
  po::options_description options{"Options"};
  options.add_options()                                             //
      ("json", po::bool_switch(), "problems as JSON, for editors")  //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

std::string option_error(const po::error& problem) {
  std::string text = problem.what();
  // Boost's own words, with ours around options that do not exist.
  const std::string prefix = "unrecognised option ";
  if (text.rfind(prefix, 0) == 0) text = "unknown option " + text.substr(prefix.size());
  return text;
}

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

std::vector<std::string> files_of(const po::variables_map& values, const std::string& command) {
  if (values.count("file") == 0)
    throw usage_error{command + " needs at least one scenario file; canstage " + command +
                      " --help says more"};
  return values["file"].as<std::vector<std::string>>();
}

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

std::uint64_t parse_seed(const std::string& word) {
  std::string problem;
  const auto value = scenarios::parse_count(word, 0, std::numeric_limits<std::uint64_t>::max(), problem);
  if (!value) throw usage_error{"--seed " + word + ": " + problem};
  return *value;
}

std::string text_of(const po::variables_map& values, const char* name) {
  return values.count(name) == 0 ? std::string{} : values[name].as<std::string>();
}

std::string help_text(const std::string& head, const po::options_description& options) {
  std::ostringstream out;
  out << head << '\n' << options;
  return out.str();
}

}  // namespace

run_options parse_run(const std::vector<std::string>& words) {
  const auto values = parse(run_description(), words, "run");
  run_options options;
  options.help = values["help"].as<bool>();
  if (options.help) return options;
  options.files = files_of(values, "run");
  options.trace = text_of(values, "trace");
  options.junit = text_of(values, "junit");
  options.json = text_of(values, "json");
  options.verbose = values["verbose"].as<bool>();
  options.quiet = values["quiet"].as<bool>();
  if (values.count("time") != 0)
    options.time = choose<scenarios::time_mode>(
        "time", text_of(values, "time"),
        {{"virtual", scenarios::time_mode::virtual_time}, {"real", scenarios::time_mode::real_time}});
  if (values.count("cast") != 0)
    options.cast = choose<scenarios::cast_kind>(
        "cast", text_of(values, "cast"),
        {{"normal", scenarios::cast_kind::normal}, {"ensemble", scenarios::cast_kind::ensemble}});
  if (values.count("seed") != 0) options.seed = parse_seed(text_of(values, "seed"));
  if (values.count("limit") != 0) {
    const auto word = text_of(values, "limit");
    std::string problem;
    const auto time = scenarios::parse_time(word, problem);
    if (!time) throw usage_error{"--limit " + word + ": " + problem};
    options.limit = *time;
  }
  if (options.verbose && options.quiet) throw usage_error{"-v and -q exclude each other"};
  if (options.json == "-" && options.junit == "-")
    throw usage_error{"only one of --json and --junit can go to stdout"};
  return options;
}

check_options parse_check(const std::vector<std::string>& words) {
  const auto values = parse(check_description(), words, "check");
  check_options options;
  options.help = values["help"].as<bool>();
  if (options.help) return options;
  options.files = files_of(values, "check");
  options.json = values["json"].as<bool>();
  return options;
}

std::string run_help() {
  return help_text("canstage run [OPTION...] FILE...\n\nRuns scenarios; a verdict per step and ECU.\n",
                   run_description());
}

std::string check_help() {
  return help_text(
      "canstage check [OPTION...] FILE...\n\nSays what is wrong with scenarios, and runs nothing.\n",
      check_description());
}

}  // namespace canstage::tools

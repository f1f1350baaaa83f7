#include "tools/cli/command_line.hpp"

#include <cstdint>
#include <limits>

#include "scenarios/quantity.hpp"
#include "tools/cli/option_reader.hpp"

namespace canstage::tools {

namespace {

namespace po = boost::program_options;

po::options_description run_description() {
  po::options_description options{"Options"};
  options.add_options()  //
      ("bus", po::value<std::vector<std::string>>()->value_name("NAME=LINK"),
       "what carries a bus, instead of the file's: virtual, socketcan:INTERFACE or isotp:INTERFACE "
       "(repeatable)")  //
      ("link", po::value<std::vector<std::string>>()->value_name("ECU=LINK"),
       "what carries the connection of one ECU or endpoint, instead of its bus: also "
       "isotpserver:HOST:PORT (repeatable)")  //
      ("real", po::value<std::vector<std::string>>()->value_name("NAME"),
       "an ECU or endpoint that exists outside: it is asked, but not simulated; * for all (repeatable)")  //
      ("expose", po::value<std::vector<std::string>>()->value_name("NAME=WHERE"),
       "lets other programs join: BUS=socketcand:HOST:PORT or ECU_OR_ENDPOINT=isotpserver:HOST:PORT "
       "(repeatable)")                                                                                    //
      ("time", po::value<std::string>()->value_name("virtual|real"), "the clock, instead of the file's")  //
      ("seed", po::value<std::string>()->value_name("N"), "the seed, instead of the file's")              //
      ("faults", po::value<std::string>()->value_name("FAULT:OCCASION,..."),
       "only these of the file's faults happen, as explore prints them; none for none of them")  //
      ("only", po::value<std::vector<std::string>>()->value_name("TAG"),
       "play steps with this tag, and those with the tag 'always' (repeatable)")  //
      ("skip", po::value<std::vector<std::string>>()->value_name("TAG"),
       "do not play steps with this tag (repeatable)")  //
      ("trace", po::value<std::string>()->value_name("FILE"),
       "write all frames to FILE.log (candump), .asc or .pcapng (a folder when several scenarios run)")  //
      ("junit", po::value<std::string>()->value_name("FILE"), "write JUnit XML; - for stdout")           //
      ("json", po::value<std::string>()->value_name("FILE"), "write JSON; - for stdout")                 //
      ("report", po::value<std::string>()->value_name("FILE.html"),
       "write one page of HTML: verdicts, sequence charts, a timeline, response times; it opens offline")  //
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

std::vector<std::string> files_of(const po::variables_map& values, const std::string& command) {
  if (values.count("file") == 0)
    throw usage_error{command + " needs at least one scenario file; canstage " + command +
                      " --help says more"};
  return values["file"].as<std::vector<std::string>>();
}

std::uint64_t parse_seed(const std::string& word) {
  std::string problem;
  const auto value = scenarios::parse_count(word, 0, std::numeric_limits<std::uint64_t>::max(), problem);
  if (!value) throw usage_error{"--seed " + word + ": " + problem};
  return *value;
}

/// The ending is asked for because the other reports have options of their own.
std::string report_name(std::string file) {
  if (file.empty() || file.ends_with(".html") || file.ends_with(".htm")) return file;
  throw usage_error{"--report " + file +
                    ": a name that ends with .html was expected; JSON is --json, JUnit --junit"};
}

link_option parse_link_option(const std::string& option, const std::string& word, scenarios::link_use use) {
  const auto sign = word.find('=');
  if (sign == std::string::npos || sign == 0)
    throw usage_error{option + " " + word + ": NAME=LINK was expected, as in powertrain=socketcan:vcan0"};
  std::string problem;
  const auto carrier = scenarios::parse_link(word.substr(sign + 1), use, problem);
  if (carrier) return {word.substr(0, sign), *carrier};
  throw usage_error{option + " " + word + ": " + std::string{scenarios::link_wish(use)} +
                    " was expected behind the '='" + (problem.empty() ? "" : "; " + problem)};
}

std::vector<link_option> links_of(const po::variables_map& values, const char* name,
                                  scenarios::link_use use) {
  std::vector<link_option> all;
  if (values.count(name) != 0)
    for (const auto& word : values[name].as<std::vector<std::string>>())
      all.push_back(parse_link_option(std::string{"--"} + name, word, use));
  return all;
}

}  // namespace

run_options parse_run(const std::vector<std::string>& words) {
  const auto values = parse(run_description(), words, "run");
  run_options options;
  options.help = values["help"].as<bool>();
  if (options.help) return options;
  options.files = files_of(values, "run");
  if (values.count("real") != 0) options.real = values["real"].as<std::vector<std::string>>();
  if (values.count("expose") != 0) options.exposed = values["expose"].as<std::vector<std::string>>();
  if (values.count("only") != 0) options.tags.only = values["only"].as<std::vector<std::string>>();
  if (values.count("skip") != 0) options.tags.skip = values["skip"].as<std::vector<std::string>>();
  options.buses = links_of(values, "bus", scenarios::link_use::bus);
  options.links = links_of(values, "link", scenarios::link_use::connection);
  options.faults = text_of(values, "faults");
  options.trace = text_of(values, "trace");
  options.junit = text_of(values, "junit");
  options.json = text_of(values, "json");
  options.report = report_name(text_of(values, "report"));
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
  if (values.count("limit") != 0) options.limit = time_of(values, "limit");
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

// canstage explore FILE: many seeds; which of them fail, why, and because of which faults.
#include <fmt/format.h>

#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "scenarios/explore.hpp"
#include "scenarios/report_style.hpp"
#include "scenarios/wording.hpp"
#include "tools/cli/colour.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/fault_words.hpp"
#include "tools/cli/files.hpp"
#include "tools/cli/option_reader.hpp"
#include "tools/cli/progress_line.hpp"
#include "tools/cli/report_output.hpp"
#include "tools/cli/signals.hpp"

namespace canstage::tools {

namespace {

using scenarios::failure_group;

constexpr std::uint64_t most_seeds = 10'000'000;
constexpr std::uint64_t most_jobs = 256;

struct parsed {
  std::string file;
  scenarios::explore_options how;
  std::string json;
  bool help = false;
};

po::options_description description() {
  po::options_description options{"Options"};
  options.add_options()                                                                                //
      ("seeds", po::value<std::string>()->value_name("N"), "how many seeds (default 100)")             //
      ("first", po::value<std::string>()->value_name("N"), "the first of them (default 1)")            //
      ("jobs", po::value<std::string>()->value_name("N"), "runs at a time (default: all processors)")  //
      ("json", po::value<std::string>()->value_name("FILE"), "write JSON; - for stdout")               //
      ("limit", po::value<std::string>()->value_name("TIME"),
       "wall time without progress after which a run is given up (default 60s)")  //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

parsed parse_explore(const std::vector<std::string>& words) {
  const auto values = parse(description(), words, "explore");
  parsed options;
  options.help = values["help"].as<bool>();
  if (options.help) return options;
  const auto files =
      values.count("file") == 0 ? std::vector<std::string>{} : values["file"].as<std::vector<std::string>>();
  if (files.size() != 1)
    throw usage_error{"explore takes one scenario file; canstage explore --help says more"};
  options.file = files.front();
  if (values.count("seeds") != 0) options.how.seeds = count_of(values, "seeds", 1, most_seeds);
  if (values.count("first") != 0)
    options.how.first_seed =
        count_of(values, "first", 0, std::numeric_limits<std::uint64_t>::max() - most_seeds);
  options.how.jobs = std::max(1U, std::thread::hardware_concurrency());
  if (values.count("jobs") != 0)
    options.how.jobs = static_cast<unsigned>(count_of(values, "jobs", 1, most_jobs));
  if (values.count("limit") != 0) options.how.limit = time_of(values, "limit");
  options.json = text_of(values, "json");
  return options;
}

std::string progress_text(std::uint64_t seeds, const scenarios::explore_progress& watched) {
  return fmt::format("{} of {} seeds, {} failed{}", watched.runs.load(), seeds, watched.failed.load(),
                     watched.shrinks ? "; looking for the fewest faults" : "");
}

/// "17, 44, 51 and 12 more".
std::string seeds_text(const std::vector<std::uint64_t>& seeds) {
  constexpr std::size_t shown = 8;
  std::string text;
  for (std::size_t i = 0; i < seeds.size() && i < shown; ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(seeds[i]);
  return seeds.size() <= shown ? text : text + fmt::format(" and {} more", seeds.size() - shown);
}

void print_group(std::ostream& out, const scenarios::style& paint, const scenarios::scenario& play,
                 const failure_group& one, std::size_t number) {
  using scenarios::style;
  out << fmt::format("\n{}. {}  {}\n", number, paint.bad(style::plain(one.cause)),
                     paint.dim(fmt::format("{}:{}", style::plain(play.file), one.where.line)));
  out << fmt::format("   {}: {}\n", scenarios::counted(one.seeds.size(), "seed"), seeds_text(one.seeds));
  const auto seed = one.seeds.front();
  std::string again = fmt::format("canstage run {} --seed {}", shell_word(play.file), seed);
  if (one.faults == 0 || one.smallest.empty()) {
    out << fmt::format("   with seed {} it fails {}\n", seed,
                       one.faults == 0 ? "without any fault" : "also if no fault happens");
    if (one.faults != 0) again += " --faults none";
  } else {
    std::size_t few = 0;
    for (const auto& [fault, numbers] : one.smallest) few += numbers.size();
    out << fmt::format("   with seed {}, of {} that happened, {} enough:\n", seed,
                       scenarios::counted(one.faults, "fault"),
                       few == 1 ? "one is" : fmt::format("{} are", few));
    for (const auto& what : one.happened)
      out << fmt::format("     at {} s  {}{}\n", scenarios::fixed_s(what.at.time_since_epoch()),
                         style::plain(play.faults[what.fault].text),
                         what.detail.empty() ? "" : ": " + style::plain(what.detail));
    again += " --faults " + fault_words(one.smallest);
  }
  out << fmt::format("   again: {}\n", again);
}

void print(std::ostream& out, const scenarios::scenario& play, const scenarios::explore_result& result) {
  const scenarios::style paint{wants_colour()};
  std::size_t failed = 0;
  for (std::size_t i = 0; i < result.groups.size(); ++i) {
    failed += result.groups[i].seeds.size();
    print_group(out, paint, play, result.groups[i], i + 1);
  }
  if (!result.groups.empty()) out << '\n';
  const std::string seeds = scenarios::counted(result.tried, "seed");
  const std::string state = result.interrupted ? "INTERRUPTED: " : failed > 0 ? "FAILED: " : "";
  const std::string end =
      failed == 0
          ? fmt::format("{}{} passed", state, seeds)
          : fmt::format("{}{} of {} fail, in {}", state, failed, seeds,
                        result.groups.size() == 1 ? "one way" : fmt::format("{} ways", result.groups.size()));
  out << paint.bold(scenarios::style::plain(play.name)) << ": "
      << (failed > 0 || result.interrupted ? paint.bad(end) : paint.good(end)) << '\n';
}

nlohmann::ordered_json to_json(const scenarios::scenario& play, const scenarios::explore_result& result) {
  using json = nlohmann::ordered_json;
  json groups = json::array();
  for (const auto& one : result.groups) {
    json faults = json::array();
    for (const auto& what : one.happened)
      faults.push_back({{"at_ns", what.at.time_since_epoch().count()},
                        {"fault", what.fault + 1},
                        {"text", play.faults[what.fault].text},
                        {"occasion", what.occasion},
                        {"detail", what.detail.empty() ? json(nullptr) : json(what.detail)}});
    groups.push_back({{"cause", one.cause},
                      {"line", one.where.line},
                      {"seeds", one.seeds},
                      {"faults_happened", one.faults},
                      {"smallest", one.smallest.empty() ? std::string{"none"} : fault_words(one.smallest)},
                      {"faults", faults}});
  }
  return {{"canstage_exploration", 1},
          {"file", play.file},
          {"scenario", play.name},
          {"seeds", result.tried},
          {"interrupted", result.interrupted},
          {"groups", groups}};
}

}  // namespace

exit_status explore_command(const std::vector<std::string>& words) {
  const auto options = parse_explore(words);
  if (options.help) {
    std::cout << help_text(
        "canstage explore [OPTION...] FILE\n\n"
        "Plays a scenario in virtual time under many seeds. Says which of them fail, in which ways, and for "
        "the\n"
        "first seed of each way the fewest faults that are enough.\n",
        description());
    return exit_status::passed;
  }
  const auto files = load_all({options.file});
  if (!files.problems.empty()) {
    print(std::cerr, files.problems);
    return exit_status::wrong_input;
  }
  const auto& play = files.scenarios.front();
  if (scenarios::usual_time(play) == scenarios::time_mode::real_time)
    throw usage_error{options.file + " plays in real time; only virtual time can be explored"};
  // Never destroyed: the thread that waits for signals refers to it.
  static auto& breaker = *new scenarios::interruption;
  report_output json{options.json};
  route_signals(breaker);
  scenarios::explore_progress watched;
  scenarios::explore_result result;
  {
    const status_line line{[&] { return progress_text(options.how.seeds, watched); }};
    result = scenarios::explore(play, options.how, breaker, watched);
  }
  if (!json.is_stdout()) print(std::cout, play, result);
  json.write([&](std::ostream& out) { out << to_json(play, result).dump(2) << '\n'; });
  if (result.interrupted) return exit_status::interrupted;
  return result.groups.empty() ? exit_status::passed : exit_status::verdict_failed;
}

}  // namespace canstage::tools

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>

#include "scenarios/play.hpp"
#include "scenarios/reports.hpp"
#include "tools/cli/bus_links.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/files.hpp"
#include "tools/cli/progress_line.hpp"
#include "tools/cli/real_nodes.hpp"
#include "tools/cli/report_output.hpp"
#include "tools/cli/signals.hpp"

namespace canstage::tools {

namespace {

namespace fs = std::filesystem;

/// The trace file of each scenario, none if no trace is wanted.
std::vector<fs::path> trace_paths(const run_options& options, const std::vector<scenarios::scenario>& all) {
  std::vector<fs::path> paths(all.size());
  if (options.trace.empty()) return paths;
  if (all.size() == 1) {
    paths.front() = options.trace;
    if (paths.front().extension() != ".log")
      throw usage_error{"--trace " + options.trace + ": only candump logs can be written, name it *.log"};
    return paths;
  }
  std::set<fs::path> taken;
  for (std::size_t i = 0; i < all.size(); ++i) {
    paths[i] = fs::path{options.trace} / fs::path{all[i].file}.stem().concat(".log");
    if (!taken.insert(paths[i]).second)
      throw usage_error{"--trace: two scenarios would write " + paths[i].string() + "; run them one by one"};
  }
  std::error_code problem;
  fs::create_directories(options.trace, problem);
  if (problem) throw output_error{options.trace, problem.value()};
  return paths;
}

std::shared_ptr<std::ostream> open_trace(const fs::path& path) {
  if (path.empty()) return nullptr;
  auto file = std::make_shared<std::ofstream>(path, std::ios::binary);
  if (!*file) throw output_error{path.string(), errno};
  return file;
}

/// One write, because buses call this from their own threads.
void print_event(const std::string& sentence) { std::cerr << "canstage: " + sentence + '\n' << std::flush; }

exit_status status_of(const scenarios::run_result& result) {
  if (result.interrupted) return exit_status::interrupted;
  if (!result.internal_error.empty() || !result.no_progress.empty()) return exit_status::internal_error;
  return result.passed() ? exit_status::passed : exit_status::verdict_failed;
}

exit_status run_all(const run_options& options, const std::vector<scenarios::scenario>& all) {
  // Never destroyed: the thread that waits for signals refers to it.
  static auto& breaker = *new scenarios::interruption;
  const auto paths = trace_paths(options, all);
  report_output junit{options.junit};
  report_output json{options.json};
  route_signals(breaker);

  const bool verdicts_on_stdout = !junit.is_stdout() && !json.is_stdout();
  const scenarios::text_options text{
      .colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr,
      .quiet = options.quiet,
      .verbose = options.verbose};
  std::vector<scenarios::run_result> results;
  auto status = exit_status::passed;
  for (std::size_t i = 0; i < all.size() && !breaker.raised(); ++i) {
    const auto trace = open_trace(paths[i]);
    {
      progress_line line{all[i].name};
      results.push_back(scenarios::play(all[i],
                                        {.seed = options.seed,
                                         .time = options.time,
                                         .kind = options.cast,
                                         .trace = trace,
                                         .on_bus_event = print_event,
                                         .watched = &line.watched(),
                                         .limit = options.limit},
                                        breaker));
    }
    if (trace && !*trace) throw output_error{paths[i].string(), errno};
    if (verdicts_on_stdout) scenarios::write_text(std::cout, results.back(), text);
    std::cout.flush();
    status = worse(status, status_of(results.back()));
  }
  if (breaker.raised()) status = exit_status::interrupted;
  junit.write([&](std::ostream& out) { scenarios::write_junit(out, results); });
  json.write([&](std::ostream& out) { scenarios::write_json(out, results); });
  return status;
}

}  // namespace

exit_status run_command(const std::vector<std::string>& words) {
  const auto options = parse_run(words);
  if (options.help) {
    std::cout << run_help();
    return exit_status::passed;
  }
  auto files = load_all(options.files);
  if (!files.problems.empty()) {
    print(std::cerr, files.problems);
    return exit_status::wrong_input;
  }
  mark_real(options.real, files.scenarios);
  apply_links(options, files.scenarios);
  check_reachable(files.scenarios);
  if (const auto missing = missing_for_links(files.scenarios)) {
    std::cerr << "canstage: " << *missing << '\n';
    return exit_status::machine_lacks;
  }
  for (const auto& remark : remarks_on_cast(options, files.scenarios)) print_event(remark);
  try {
    return run_all(options, files.scenarios);
  } catch (const output_error& problem) {
    std::cerr << "canstage: " << problem.what() << '\n';
    return exit_status::machine_lacks;
  }
}

}  // namespace canstage::tools

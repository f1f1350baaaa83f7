#include <cerrno>
#include <iostream>
#include <memory>

#include "scenarios/html/report_html.hpp"
#include "scenarios/play.hpp"
#include "scenarios/reports.hpp"
#include "scenarios/wording.hpp"
#include "tools/cli/bus_links.hpp"
#include "tools/cli/colour.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/exposures.hpp"
#include "tools/cli/fault_words.hpp"
#include "tools/cli/files.hpp"
#include "tools/cli/progress_line.hpp"
#include "tools/cli/real_nodes.hpp"
#include "tools/cli/report_output.hpp"
#include "tools/cli/signals.hpp"
#include "tools/cli/step_choice.hpp"
#include "tools/cli/trace_files.hpp"

namespace canstage::tools {

namespace {

using logs_of_runs = std::vector<std::shared_ptr<scenarios::html::bus_log>>;

/// One write, because buses call this from their own threads.
void print_event(const std::string& sentence) { std::cerr << "canstage: " + sentence + '\n' << std::flush; }

exit_status status_of(const scenarios::run_result& result) {
  if (result.interrupted) return exit_status::interrupted;
  if (!result.internal_error.empty() || !result.no_progress.empty()) return exit_status::internal_error;
  return result.passed() ? exit_status::passed : exit_status::verdict_failed;
}

/// What is left for the next run of a page: all of them share one limit, since they share one file.
scenarios::html::log_limits log_limits(const logs_of_runs& before) {
  scenarios::html::log_limits left;
  for (const auto& one : before) left = one->rest_of(left);
  return left;
}

void write_page(std::ostream& out, const std::vector<scenarios::run_result>& results,
                const logs_of_runs& logs) {
  std::vector<scenarios::html::reported_run> runs;
  for (std::size_t i = 0; i < results.size(); ++i) runs.push_back({results[i], *logs[i]});
  scenarios::html::write_html(out, runs);
}

/// Null: all faults.
std::shared_ptr<const scenarios::fault_selection> selection_of(const run_options& options,
                                                               const scenarios::scenario& play) {
  if (options.faults.empty()) return nullptr;
  auto selection = parse_fault_words(options.faults);
  if (!selection.empty() && selection.rbegin()->first >= play.faults.size())
    throw usage_error{"--faults " + options.faults + ": " + play.file + " has " +
                      scenarios::counted(play.faults.size(), "fault")};
  return std::make_shared<const scenarios::fault_selection>(std::move(selection));
}

exit_status run_all(const run_options& options, const std::vector<scenarios::scenario>& all) {
  // Never destroyed: the thread that waits for signals refers to it.
  static auto& breaker = *new scenarios::interruption;
  for (const auto& play : all) selection_of(options, play);  // before anything runs
  const auto paths = trace_paths(options.trace, all);
  report_output junit{options.junit};
  report_output json{options.json};
  report_output page{options.report};
  route_signals(breaker);

  const bool verdicts_on_stdout = !junit.is_stdout() && !json.is_stdout();
  const scenarios::text_options text{
      .colour = wants_colour(), .quiet = options.quiet, .verbose = options.verbose};
  std::vector<scenarios::run_result> results;
  logs_of_runs logs;
  auto status = exit_status::passed;
  for (std::size_t i = 0; i < all.size() && !breaker.raised(); ++i) {
    const auto trace = open_trace(paths[i]);
    if (page.wanted()) logs.push_back(std::make_shared<scenarios::html::bus_log>(all[i], log_limits(logs)));
    const auto listeners = open_exposures(all[i]);
    for (const auto& one : names_of_open(all[i], listeners)) print_event(one + " is open");
    {
      progress_line line{all[i].name};
      results.push_back(scenarios::play(
          all[i],
          {.seed = options.seed,
           .time = options.time,
           .kind = options.cast,
           .selection = selection_of(options, all[i]),
           .measured = options.verbose || json.wanted() || page.wanted(),
           .trace = trace,
           .trace_format = trace::format_of(paths[i].string()).value_or(trace::file_format::candump_log),
           .log = page.wanted() ? logs.back() : nullptr,
           .listeners = listeners,
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
  page.write([&](std::ostream& out) { write_page(out, results, logs); });
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
  apply_exposures(options.exposed, files.scenarios);
  for (const auto& remark : choose_steps(options.tags, files.scenarios)) print_event(remark);
  apply_links(options, files.scenarios);
  check_exposures(files.scenarios);
  check_reachable(files.scenarios);
  const scenarios::link_purpose purpose{.steps = true, .trace = !options.trace.empty()};
  check_links(files.scenarios, purpose);
  const auto detours = take_detours(purpose, files.scenarios);
  if (const auto missing = missing_for_links(files.scenarios)) {
    std::cerr << "canstage: " << *missing << '\n';
    return exit_status::machine_lacks;
  }
  for (const auto& remark : detours) print_event(remark);
  for (const auto& remark : remarks_on_cast(options, files.scenarios)) print_event(remark);
  try {
    // Before the first one runs. Each opens its own when it is its turn: several may use one port.
    for (const auto& play : files.scenarios) open_exposures(play);
    return run_all(options, files.scenarios);
  } catch (const output_error& problem) {
    print_event(problem.what());
  } catch (const listen_error& problem) {
    print_event(problem.what());
  }
  return exit_status::machine_lacks;
}

}  // namespace canstage::tools

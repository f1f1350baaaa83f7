#include <algorithm>
#include <chrono>
#include <iostream>

#include "scenarios/conform.hpp"
#include "scenarios/conformance_reports.hpp"
#include "tools/cli/bus_links.hpp"
#include "tools/cli/colour.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/files.hpp"
#include "tools/cli/progress_line.hpp"
#include "tools/cli/real_nodes.hpp"
#include "tools/cli/report_output.hpp"
#include "tools/cli/signals.hpp"

namespace canstage::tools {

namespace {

using namespace std::chrono_literals;

/// What threads and the kernel add to a timer.
constexpr auto real_time_tolerance = 100ms;

/// The endpoint that is under test.
scenarios::endpoint_index find_endpoint(const scenarios::scenario& cast, const std::string& name) {
  std::string known;
  for (scenarios::endpoint_index i = 0; i < cast.endpoints.size(); ++i) {
    const auto& one = cast.endpoints[i];
    const bool usable = one.what != scenarios::endpoint::behaviour::none;
    if (one.name == name && usable) return i;
    if (one.name == name)
      throw usage_error{"--endpoint " + name + ": it needs 'do: echo' or 'do: swallow' to be tested"};
    if (usable) known += (known.empty() ? "" : ", ") + one.name;
  }
  const bool is_ecu = std::ranges::count(cast.ecus, name, &scenarios::ecu::name) > 0;
  std::string why = is_ecu ? "an ECU neither echoes nor swallows" : "there is no such endpoint";
  why += known.empty() ? "; the scenario has none with 'do: echo' or 'do: swallow'" : "; there are: " + known;
  throw usage_error{"--endpoint " + name + ": " + why};
}

exit_status status_of(const scenarios::conformance_result& result) {
  if (result.interrupted) return exit_status::interrupted;
  if (!result.internal_error.empty() || !result.no_progress.empty()) return exit_status::internal_error;
  return result.passed() ? exit_status::passed : exit_status::verdict_failed;
}

/// The stack behind a link.
scenarios::stack_under_test find_stack(const conformance_options& options) {
  std::string problem;
  const auto where = scenarios::parse_link(options.link, scenarios::link_use::bus, problem);
  if (!where) {
    problem = problem.empty() ? std::string{scenarios::link_wish(scenarios::link_use::bus)} + " was expected"
                              : problem;
    throw usage_error{"link '" + options.link + "': " + problem};
  }
  if (where->is_virtual())
    throw usage_error{
        "link 'virtual': a virtual bus has nobody on it but those of a scenario: --scenario FILE "
        "--endpoint NAME"};
  if (!where->carries_frames())
    throw usage_error{"link '" + options.link + "' carries messages, and the statements are about frames"};
  return scenarios::stack_behind(*where, options.stack);
}

exit_status test_stack(const conformance_options& options, const scenarios::stack_under_test& stack) {
  // Never destroyed: the thread that waits for signals refers to it.
  static auto& breaker = *new scenarios::interruption;
  report_output junit{options.junit};
  report_output json{options.json};
  route_signals(breaker);

  scenarios::conformance_options what{options.only, options.stack.allowed};
  const bool real = options.time.value_or(usual_time(stack.cast)) == scenarios::time_mode::real_time;
  if (real) what.allowed.tolerance = real_time_tolerance;
  if (options.tolerance) what.allowed.tolerance = *options.tolerance;
  scenarios::conformance_result result;
  {
    progress_line line{"conformance of " + stack.name};
    scenarios::play_options how;
    how.time = options.time;
    how.watched = &line.watched();
    how.on_bus_event = [](const std::string& sentence) {
      std::cerr << "canstage: " + sentence + '\n' << std::flush;
    };
    result = scenarios::conform(stack, what, how, breaker);
  }
  if (!junit.is_stdout() && !json.is_stdout())
    scenarios::write_text(std::cout, result,
                          {.colour = wants_colour(), .quiet = options.quiet, .verbose = options.verbose});
  std::cout.flush();
  junit.write([&](std::ostream& out) { scenarios::write_junit(out, result); });
  json.write([&](std::ostream& out) { scenarios::write_json(out, result); });
  return status_of(result);
}

}  // namespace

exit_status conformance_command(const std::vector<std::string>& words) {
  const auto options = parse_conformance(words);
  if (options.help) {
    std::cout << conformance_help();
    return exit_status::passed;
  }
  scenarios::stack_under_test stack;
  if (options.link.empty()) {
    const auto files = load_all({options.scenario});
    if (!files.problems.empty()) {
      print(std::cerr, files.problems);
      return exit_status::wrong_input;
    }
    const auto& cast = files.scenarios.front();
    stack = scenarios::stack_in(cast, find_endpoint(cast, options.endpoint));
  } else {
    stack = find_stack(options);
  }
  check_time(options.time, stack.cast);
  check_reachable({stack.cast});
  std::vector<scenarios::scenario> casts{std::move(stack.cast)};
  const scenarios::link_purpose purpose{.steps = false};
  check_links(casts, purpose);
  for (const auto& remark : take_detours(purpose, casts)) std::cerr << "canstage: " << remark << '\n';
  stack.cast = std::move(casts.front());
  if (const auto missing = missing_for_links({stack.cast})) {
    std::cerr << "canstage: " << *missing << '\n';
    return exit_status::machine_lacks;
  }
  try {
    return test_stack(options, stack);
  } catch (const output_error& problem) {
    std::cerr << "canstage: " << problem.what() << '\n';
    return exit_status::machine_lacks;
  }
}

}  // namespace canstage::tools

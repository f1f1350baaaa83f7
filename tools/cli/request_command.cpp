#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "scenarios/play.hpp"
#include "scenarios/reports.hpp"
#include "scenarios/wording.hpp"
#include "tools/cli/bus_links.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/report_output.hpp"
#include "tools/cli/request_options.hpp"
#include "tools/cli/request_scenario.hpp"
#include "tools/cli/signals.hpp"

namespace canstage::tools {

namespace {

/// It came from there, whole or not.
bool reacted(const scenarios::verdict& one) { return one.reacted_after || !one.answer.empty(); }

bool is_positive(const bytes& answer) { return !answer.empty() && scenarios::negative_name(answer).empty(); }

std::string times_of(const scenarios::verdict& one) {
  if (!one.reacted_after) return {};
  const auto begin = scenarios::fixed_ms(*one.reacted_after);
  const auto end = one.answered_after ? scenarios::fixed_ms(*one.answered_after) : begin;
  return begin == end ? begin + " ms" : begin + " .. " + end + " ms";
}

/// A line for the answer, and one for what else is to be said.
void print(const scenarios::verdict& one, std::size_t who_width, std::size_t time_width) {
  const auto margin = std::string(who_width + 2, ' ');
  auto line = fmt::format("{:<{}}  {:>{}}", one.who, who_width, times_of(one), time_width);
  const auto name = scenarios::negative_name(one.answer);
  line +=
      one.answer.empty() ? "  " + one.detail : "  " + to_hex(one.answer) + (name.empty() ? "" : "  " + name);
  std::cout << line << '\n';
  if (!one.answer.empty() && !one.detail.empty() && one.what == scenarios::outcome::not_judged)
    std::cout << margin << one.detail << '\n';
  std::string pendings;
  for (const auto& pending : one.pendings)
    pendings += (pendings.empty() ? "0x78 after " : ", ") + scenarios::time_text(pending);
  if (!pendings.empty()) std::cout << margin << pendings << '\n';
}

void print_answers(const request_options& options, const scenarios::step_result& step) {
  std::vector<const scenarios::verdict*> came;
  for (const auto& one : step.verdicts)
    if (reacted(one)) came.push_back(&one);
  const auto sooner = [](const auto* a, const auto* b) { return a->reacted_after < b->reacted_after; };
  std::ranges::stable_sort(came, sooner);
  if (options.quiet) {
    for (const auto* one : came)
      if (!one->answer.empty())
        std::cout << (options.functional ? one->who + ' ' : "") << to_hex(one->answer) << '\n';
    return;
  }
  std::size_t who_width = 0, time_width = 0;
  for (const auto* one : came) {
    who_width = std::max(who_width, one->who.size());
    time_width = std::max(time_width, times_of(*one).size());
  }
  for (const auto* one : came) print(*one, who_width, time_width);
  const bool not_sent = std::ranges::any_of(
      step.verdicts, [](const auto& one) { return one.what == scenarios::outcome::not_sent; });
  if (not_sent) {
    std::cout << step.verdicts.front().detail << '\n';
  } else if (came.empty()) {
    std::cout << "no answer within " << scenarios::time_text(options.window) << '\n';
  }
}

exit_status status_of(const scenarios::run_result& result) {
  if (result.interrupted) return exit_status::interrupted;
  for (const auto& reason : {result.internal_error, result.no_progress}) {
    if (reason.empty()) continue;
    std::cerr << "canstage: internal error: " + reason + '\n';
    return exit_status::internal_error;
  }
  const auto& answers = result.steps.front().verdicts;
  const bool positive = std::ranges::any_of(answers, [](const auto& one) { return is_positive(one.answer); });
  return positive ? exit_status::passed : exit_status::verdict_failed;
}

exit_status ask(const request_options& options, const scenarios::scenario& play) {
  // Never destroyed: the thread that waits for signals refers to it.
  static auto& breaker = *new scenarios::interruption;
  report_output json{options.json};
  route_signals(breaker);
  scenarios::play_options how;
  how.on_bus_event = [](const std::string& sentence) {
    std::cerr << "canstage: " + sentence + '\n' << std::flush;
  };
  const auto result = scenarios::play(play, how, breaker);
  const auto status = status_of(result);
  const bool asked = status == exit_status::passed || status == exit_status::verdict_failed;
  if (asked && !json.is_stdout()) print_answers(options, result.steps.front());
  std::cout.flush();
  json.write([&](std::ostream& out) { scenarios::write_json(out, {result}); });
  return status;
}

}  // namespace

exit_status request_command(const std::vector<std::string>& words) {
  const auto options = parse_request(words);
  if (options.help) {
    std::cout << request_help();
    return exit_status::passed;
  }
  std::vector<scenarios::scenario> plays{scenario_of(options)};
  const scenarios::link_purpose purpose;
  check_links(plays, purpose);
  for (const auto& remark : take_detours(purpose, plays)) std::cerr << "canstage: " << remark << '\n';
  if (const auto missing = missing_for_links(plays)) {
    std::cerr << "canstage: " << *missing << '\n';
    return exit_status::machine_lacks;
  }
  try {
    return ask(options, plays.front());
  } catch (const output_error& problem) {
    std::cerr << "canstage: " << problem.what() << '\n';
    return exit_status::machine_lacks;
  }
}

}  // namespace canstage::tools

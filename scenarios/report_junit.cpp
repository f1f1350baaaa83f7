#include <fmt/format.h>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/uds/describe.hpp"
#include "scenarios/junit.hpp"
#include "scenarios/reports.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t bytes_in_body = 32;

std::string body_of(const verdict& judged, const step_result& step) {
  std::string body;
  if (!step.request.empty())
    body +=
        fmt::format("request   {}   {}\n", cut_hex(step.request, bytes_in_body), uds::describe(step.request));
  const std::string pattern = expected_pattern(judged, step.request);
  if (judged.first_difference && !pattern.empty()) {
    const comparison shown = compare(pattern, judged.answer, *judged.first_difference, bytes_in_body);
    body += fmt::format("expected  {}\ngot       {}\n          {:>{}}\n", shown.expected, shown.got, "^^",
                        shown.column + 2);
  } else {
    if (!judged.expected.empty()) body += fmt::format("expected  {}\n", judged.expected);
    if (!judged.answer.empty()) body += fmt::format("got       {}\n", cut_hex(judged.answer, bytes_in_body));
  }
  if (!judged.answer.empty() && !step.request.empty())
    body += fmt::format("that is   {}\n", uds::describe_answer(judged.answer, step.request));
  for (const duration time : judged.pendings) body += fmt::format("0x78      after {}\n", time_text(time));
  for (const std::string& remark : judged.remarks) body += fmt::format("also      {}\n", remark);
  return body;
}

test_case case_of(const verdict& judged, const step_result& step, const std::string& class_name) {
  test_case result;
  result.class_name = class_name;
  result.name = judged.who;
  result.time = judged.answered_after.value_or(judged.reacted_after.value_or(step.ended - step.began));
  if (!is_failure(judged.what)) return result;
  result.kind = "failure";
  result.type = machine_name(judged.what);
  result.message = fmt::format("{}: {}", to_string(judged.what), judged.detail);
  result.body = body_of(judged, step);
  return result;
}

/// The step itself as a case: it has no verdicts, or was wrong besides them.
test_case case_of(const step_result& step, const std::string& class_name) {
  test_case result;
  result.class_name = class_name;
  result.name = step.name;
  result.time = step.ended - step.began;
  if (step.status == step_status::passed) return result;
  result.kind = step.status == step_status::failed ? "failure" : "skipped";
  result.type = machine_name(step.status);
  result.message = step.why.empty() ? std::string(to_string(step.status)) : step.why;
  return result;
}

/// What ended the whole run before its end.
test_case broken_run(const run_result& run, std::string type, std::string message) {
  test_case result;
  result.class_name = run.scenario;
  result.name = "run";
  result.time = run.ended.time_since_epoch();
  result.kind = "error";
  result.type = std::move(type);
  result.message = std::move(message);
  return result;
}

std::vector<test_case> cases_of(const run_result& run) {
  std::vector<test_case> cases;
  for (const step_result& step : run.steps) {
    const std::string class_name = fmt::format("{} {} {}", run.scenario, step.path, step.name);
    bool explained = step.status == step_status::passed;
    for (const verdict& judged : step.verdicts) {
      cases.push_back(case_of(judged, step, class_name));
      explained = explained || (step.status == step_status::failed && is_failure(judged.what));
    }
    if (step.verdicts.empty() || !explained) cases.push_back(case_of(step, class_name));
  }
  if (!run.internal_error.empty()) cases.push_back(broken_run(run, "internal_error", run.internal_error));
  if (!run.no_progress.empty()) cases.push_back(broken_run(run, "no_progress", run.no_progress));
  if (run.interrupted) cases.push_back(broken_run(run, "interrupted", "the run was interrupted"));
  return cases;
}

}  // namespace

void write_junit(std::ostream& out, const std::vector<run_result>& results) {
  std::vector<test_suite> suites;
  for (const run_result& run : results)
    suites.push_back({run.scenario, run.ended.time_since_epoch(), cases_of(run)});
  write_suites(out, suites);
}

}  // namespace canstage::scenarios

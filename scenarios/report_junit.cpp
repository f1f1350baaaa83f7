#include <fmt/format.h>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/reports.hpp"
#include "scenarios/utf8.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::size_t bytes_in_body = 32;

bool allowed_in_xml(const utf8_character& c) {
  if (!c.valid || c.code == 0xFFFE || c.code == 0xFFFF) return false;
  return c.code >= 0x20 || c.code == '\t' || c.code == '\n' || c.code == '\r';
}

enum class place { attribute, element };

/// What XML 1.0 cannot say becomes U+FFFD. In an attribute line ends are references, because a parser
/// would make blanks of them.
std::string escaped(std::string_view text, place where = place::attribute) {
  std::string result;
  while (!text.empty()) {
    const utf8_character c = first_character(text);
    const std::string_view what = text.substr(0, c.length);
    switch (c.code) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\t':
        result += "&#9;";
        break;
      case '\n':
        result += where == place::element ? "\n" : "&#10;";
        break;
      case '\r':
        result += "&#13;";
        break;
      default:
        result += allowed_in_xml(c) ? what : replacement;
    }
    text.remove_prefix(what.size());
  }
  return result;
}

struct test_case {
  std::string class_name;
  std::string name;
  duration time{0};
  std::string_view kind;  ///< "failure", "error", "skipped"; empty: passed
  std::string type;
  std::string message;
  std::string body;
};

std::string body_of(const verdict& judged, const step_result& step) {
  std::string body;
  if (!step.request.empty()) body += fmt::format("request   {}\n", cut_hex(step.request, bytes_in_body));
  const std::string pattern = expected_pattern(judged, step.request);
  if (judged.first_difference && !pattern.empty()) {
    const comparison shown = compare(pattern, judged.answer, *judged.first_difference, bytes_in_body);
    body += fmt::format("expected  {}\ngot       {}\n          {:>{}}\n", shown.expected, shown.got, "^^",
                        shown.column + 2);
  } else {
    if (!judged.expected.empty()) body += fmt::format("expected  {}\n", judged.expected);
    if (!judged.answer.empty()) body += fmt::format("got       {}\n", cut_hex(judged.answer, bytes_in_body));
  }
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

void write_case(std::ostream& out, const test_case& what) {
  out << fmt::format(R"(    <testcase classname="{}" name="{}" time="{}")", escaped(what.class_name),
                     escaped(what.name), fixed_s(what.time));
  if (what.kind.empty()) {
    out << "/>\n";
    return;
  }
  out << fmt::format(">\n      <{} message=\"{}\"", what.kind, escaped(what.message));
  if (what.kind != "skipped") out << fmt::format(" type=\"{}\"", escaped(what.type));
  if (what.body.empty()) {
    out << "/>\n";
  } else {
    out << '>' << escaped(what.body, place::element) << fmt::format("</{}>\n", what.kind);
  }
  out << "    </testcase>\n";
}

struct totals {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;
  std::size_t errors = 0;
  duration time{0};

  void add(const test_case& what) {
    ++tests;
    failures += what.kind == "failure" ? 1 : 0;
    skipped += what.kind == "skipped" ? 1 : 0;
    errors += what.kind == "error" ? 1 : 0;
  }

  std::string attributes() const {
    return fmt::format(R"(tests="{}" failures="{}" skipped="{}" errors="{}" time="{}")", tests, failures,
                       skipped, errors, fixed_s(time));
  }
};

}  // namespace

void write_junit(std::ostream& out, const std::vector<run_result>& results) {
  std::vector<std::vector<test_case>> cases;
  std::vector<totals> sums;
  totals all;
  for (const run_result& run : results) {
    cases.push_back(cases_of(run));
    totals& sum = sums.emplace_back();
    sum.time = run.ended.time_since_epoch();
    all.time += sum.time;
    for (const test_case& what : cases.back()) {
      sum.add(what);
      all.add(what);
    }
  }
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out << fmt::format("<testsuites {}>\n", all.attributes());
  for (std::size_t i = 0; i < results.size(); ++i) {
    out << fmt::format("  <testsuite name=\"{}\" {}>\n", escaped(results[i].scenario), sums[i].attributes());
    for (const test_case& what : cases[i]) write_case(out, what);
    out << "  </testsuite>\n";
  }
  out << "</testsuites>\n";
}

}  // namespace canstage::scenarios

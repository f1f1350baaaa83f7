// Conformance as JUnit and as JSON.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "scenarios/conformance_reports.hpp"
#include "scenarios/junit.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

using conformance::logged_frame;
using conformance::statement_result;
using conformance::verdict;
using json = nlohmann::ordered_json;

std::int64_t ns(instant time) { return time.time_since_epoch().count(); }

std::string body_of(const statement_result& one) {
  const auto& found = one.found;
  std::string body = fmt::format("expected  {}\ngot       {}\n", found.expected, found.got);
  const auto append = [&](const logged_frame& f) {
    body +=
        fmt::format("{} ms  {}  {}  {}\n", fixed_ms(f.at - found.began), f.of_stack ? "back" : "sent",
                    id_text(f.content.id), f.content.flags.remote ? "remote" : to_hex(f.content.payload()));
  };
  for (const auto& f : found.frames.head()) append(f);
  if (found.frames.left_out() > 0) body += fmt::format("..  {}\n", counted(found.frames.left_out(), "frame"));
  for (const auto& f : found.frames.tail()) append(f);
  return body;
}

test_case case_of(const statement_result& one) {
  test_case result;
  result.class_name = "ISO-TP conformance";
  result.name = fmt::format("{} {}", conformance::name_of(*one.what), one.what->title);
  result.time = one.found.ended - one.found.began;
  const std::string difference = fmt::format("expected {}, got {}", one.found.expected, one.found.got);
  if (one.is == verdict::failed) {
    result.kind = "failure";
    result.type = "failed";
    result.message = difference;
    result.body = body_of(one);
  } else if (one.is == verdict::deviation) {
    result.kind = "skipped";
    result.message = "deviation from what is not certain: " + difference;
  } else if (one.is == verdict::not_observable) {
    result.kind = "skipped";
    result.message = "not observable: " + one.reason;
  }
  return result;
}

test_case broken_run(std::string type, std::string message) {
  test_case result;
  result.class_name = "ISO-TP conformance";
  result.name = "run";
  result.kind = "error";
  result.type = std::move(type);
  result.message = std::move(message);
  return result;
}

json to_json(const logged_frame& f) {
  return {{"at_ns", ns(f.at)},
          {"of_stack", f.of_stack},
          {"id", id_text(f.content.id)},
          {"fd", static_cast<bool>(f.content.flags.fd)},
          {"remote", static_cast<bool>(f.content.flags.remote)},
          {"data", to_hex(f.content.payload())}};
}

json text_or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json to_json(const statement_result& one) {
  const auto& found = one.found;
  json frames = json::array();
  for (const auto& f : found.frames.head()) frames.push_back(to_json(f));
  for (const auto& f : found.frames.tail()) frames.push_back(to_json(f));
  return {{"statement", conformance::name_of(*one.what)},
          {"title", one.what->title},
          {"certain", one.what->sure == conformance::certainty::certain},
          {"verdict", conformance::to_string(one.is)},
          {"reason", text_or_null(one.reason)},
          {"expected", text_or_null(found.expected)},
          {"got", text_or_null(found.got)},
          {"began_ns", ns(found.began)},
          {"ended_ns", ns(found.ended)},
          {"sent", found.frames.sent()},
          {"received", found.frames.received()},
          {"frames", std::move(frames)},
          {"frames_left_out", found.frames.left_out()}};
}

}  // namespace

void write_junit(std::ostream& out, const conformance_result& result) {
  test_suite suite{"ISO-TP conformance of " + result.stack, result.ended.time_since_epoch(), {}};
  for (const auto& one : result.statements) suite.cases.push_back(case_of(one));
  if (!result.internal_error.empty())
    suite.cases.push_back(broken_run("internal_error", result.internal_error));
  if (!result.no_progress.empty()) suite.cases.push_back(broken_run("no_progress", result.no_progress));
  if (result.interrupted) suite.cases.push_back(broken_run("interrupted", "the run was interrupted"));
  write_suites(out, {suite});
}

void write_json(std::ostream& out, const conformance_result& result) {
  const auto& known = result.known;
  json statements = json::array();
  for (const auto& one : result.statements) statements.push_back(to_json(one));
  const json report{
      {"canstage_conformance", 1},
      {"stack", result.stack},
      {"time", result.time == time_mode::real_time ? "real" : "virtual"},
      {"rx", id_text(known.address.rx)},
      {"tx", id_text(known.address.tx)},
      {"tx_dl", known.tx_dl},
      {"echoes", known.echoes ? json(*known.echoes) : json(nullptr)},
      {"response_ns", known.allowed.response.count()},
      {"tolerance_ns", known.allowed.tolerance.count()},
      {"resolution_ns", known.allowed.resolution.count()},
      {"passed", result.passed()},
      {"interrupted", result.interrupted},
      {"internal_error", text_or_null(result.internal_error)},
      {"no_progress", text_or_null(result.no_progress)},
      {"ended_ns", ns(result.ended)},
      {"statements", std::move(statements)},
  };
  out << report.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

}  // namespace canstage::scenarios

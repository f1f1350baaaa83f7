#include "scenarios/result.hpp"

#include <algorithm>

namespace canstage::scenarios {

bool is_failure(outcome what) { return what != outcome::as_expected && what != outcome::not_judged; }

std::string_view to_string(outcome what) {
  switch (what) {
    case outcome::as_expected:
      return "as expected";
    case outcome::wrong_answer:
      return "answered otherwise";
    case outcome::late:
      return "late";
    case outcome::silent:
      return "silent";
    case outcome::unexpected:
      return "not expected";
    case outcome::wrong_pending:
      return "wrong 0x78";
    case outcome::incomplete:
      return "incomplete";
    case outcome::out_of_order:
      return "out of order";
    case outcome::unknown_responder:
      return "unknown responder";
    case outcome::out_of_limits:
      return "out of limits";
    case outcome::not_sent:
      return "not sent";
    case outcome::script_error:
      return "script error";
    case outcome::not_judged:
      return "not judged";
  }
  return "";
}

std::string_view machine_name(outcome what) {
  switch (what) {
    case outcome::as_expected:
      return "as_expected";
    case outcome::wrong_answer:
      return "wrong_answer";
    case outcome::late:
      return "late";
    case outcome::silent:
      return "silent";
    case outcome::unexpected:
      return "unexpected";
    case outcome::wrong_pending:
      return "wrong_pending";
    case outcome::incomplete:
      return "incomplete";
    case outcome::out_of_order:
      return "out_of_order";
    case outcome::unknown_responder:
      return "unknown_responder";
    case outcome::out_of_limits:
      return "out_of_limits";
    case outcome::not_sent:
      return "not_sent";
    case outcome::script_error:
      return "script_error";
    case outcome::not_judged:
      return "not_judged";
  }
  return "";
}

std::string_view to_string(step_status status) {
  return status == step_status::not_run ? "not run" : machine_name(status);
}

std::string_view machine_name(step_status status) {
  switch (status) {
    case step_status::passed:
      return "passed";
    case step_status::failed:
      return "failed";
    case step_status::not_run:
      return "not_run";
    case step_status::interrupted:
      return "interrupted";
  }
  return "";
}

bool run_result::passed() const {
  const auto step_passed = [](const step_result& step) { return step.status == step_status::passed; };
  return !interrupted && internal_error.empty() && no_progress.empty() &&
         std::all_of(steps.begin(), steps.end(), step_passed);
}

}  // namespace canstage::scenarios

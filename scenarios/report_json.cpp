#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "protocols/uds/describe.hpp"
#include "scenarios/reports.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

using json = nlohmann::ordered_json;

json nanoseconds(const std::optional<duration>& time) {
  return time ? json(static_cast<std::int64_t>(time->count())) : json(nullptr);
}

json nanoseconds(instant time) { return nanoseconds(time.time_since_epoch()); }

json hex(const bytes& data) { return data.empty() ? json(nullptr) : json(to_hex(data)); }

/// In words. A bare endpoint's bytes are no UDS, but who reads this knows.
json words(const bytes& message, const bytes& request) {
  return message.empty() ? json(nullptr) : json(uds::describe_answer(message, request));
}

json to_json(const verdict& judged, const bytes& request) {
  json pendings = json::array();
  for (const duration time : judged.pendings) pendings.push_back(nanoseconds(time));
  json difference = nullptr;
  if (judged.first_difference) difference = *judged.first_difference;
  return {
      {"who", judged.who},
      {"outcome", machine_name(judged.what)},
      {"passed", !is_failure(judged.what)},
      {"detail", judged.detail},
      {"expected", judged.expected.empty() ? json(nullptr) : json(judged.expected)},
      {"answer", hex(judged.answer)},
      {"answer_text", words(judged.answer, request)},
      {"first_difference", difference},
      {"reacted_after_ns", nanoseconds(judged.reacted_after)},
      {"answered_after_ns", nanoseconds(judged.answered_after)},
      {"pendings_ns", pendings},
      {"late_by_ns", nanoseconds(judged.late_by)},
  };
}

json to_json(const step_result& step) {
  json verdicts = json::array();
  for (const verdict& judged : step.verdicts) verdicts.push_back(to_json(judged, step.request));
  return {
      {"path", step.path},
      {"name", step.name},
      {"line", step.where.line},
      {"file", step.file.empty() ? json(nullptr) : json(step.file)},
      {"status", machine_name(step.status)},
      {"why", step.why.empty() ? json(nullptr) : json(step.why)},
      {"began_ns", nanoseconds(step.began)},
      {"ended_ns", nanoseconds(step.ended)},
      {"request", hex(step.request)},
      {"request_text", words(step.request, {})},
      {"verdicts", verdicts},
  };
}

json to_json(const fired_fault& fired, const run_result& run) {
  const known_fault& what = run.known_faults.at(fired.fault);
  return {
      {"at_ns", nanoseconds(fired.at)},
      {"fault", fired.fault + 1},
      {"text", what.text},
      {"line", what.line},
      {"occasion", fired.occasion},
      {"detail", fired.detail.empty() ? json(nullptr) : json(fired.detail)},
  };
}

json to_json(const bus_summary& bus) {
  json result = {{"name", bus.name},     {"frames", bus.frames}, {"error_frames", bus.error_frames},
                 {"window_ns", nullptr}, {"busy_ns", nullptr},   {"identifiers", nullptr}};
  if (!bus.figures) return result;
  json identifiers = json::array();
  for (const auto& [id, found] : bus.figures->identifiers)
    identifiers.push_back({{"id", id_text(id)},
                           {"frames", found.frames},
                           {"longest_wait_ns", nanoseconds(found.longest_wait)},
                           {"mean_wait_ns", nanoseconds(found.mean_wait())}});
  json busy = json::array();
  for (const duration time : bus.figures->busy) busy.push_back(nanoseconds(time));
  result["window_ns"] = nanoseconds(can::traffic_figures::window);
  result["busy_ns"] = std::move(busy);
  result["identifiers"] = std::move(identifiers);
  return result;
}

json to_json(const run_result& run) {
  json buses = json::array();
  for (const bus_summary& bus : run.buses) buses.push_back(to_json(bus));
  json faults = json::array();
  for (const fired_fault& fired : run.faults) faults.push_back(to_json(fired, run));
  json events = json::array();
  for (const bus_event& event : run.bus_events)
    events.push_back({{"at_ns", nanoseconds(event.at)}, {"text", event.text}});
  json steps = json::array();
  for (const step_result& step : run.steps) steps.push_back(to_json(step));
  return {
      {"file", run.file},
      {"scenario", run.scenario},
      {"seed", run.seed},
      {"time", run.time == time_mode::real_time ? "real" : "virtual"},
      {"passed", run.passed()},
      {"interrupted", run.interrupted},
      {"internal_error", run.internal_error.empty() ? json(nullptr) : json(run.internal_error)},
      {"no_progress", run.no_progress.empty() ? json(nullptr) : json(run.no_progress)},
      {"ended_ns", nanoseconds(run.ended)},
      {"frames", run.frames},
      {"steps_left_out", run.left_out},
      {"bus_events", events},
      {"buses", buses},
      {"faults", faults},
      {"steps", steps},
  };
}

}  // namespace

void write_json(std::ostream& out, const std::vector<run_result>& results) {
  json runs = json::array();
  for (const run_result& run : results) runs.push_back(to_json(run));
  const json document = {{"canstage_report", 1}, {"runs", runs}};
  // Names come from a user's file: broken UTF-8 there must not cost the whole report.
  out << document.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

}  // namespace canstage::scenarios

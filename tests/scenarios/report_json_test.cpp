#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch2/catch.hpp"
#include "scenarios/reports.hpp"
#include "tests/scenarios/planted_run.hpp"

namespace canstage::scenarios::test {
namespace {

using namespace std::chrono_literals;
using json = nlohmann::ordered_json;

json parsed(const std::vector<run_result>& runs) {
  std::ostringstream out;
  write_json(out, runs);
  return json::parse(out.str());
}

const json& verdict_of(const json& step, const std::string& who) {
  for (const json& v : step.at("verdicts")) {
    if (v.at("who") == who) return v;
  }
  throw std::runtime_error("no verdict for " + who);
}

TEST_CASE("a report in JSON has a version and a run for each result") {
  const json report = parsed({passing_run(), failing_run(20)});
  CHECK(report.at("canstage_report") == 1);
  REQUIRE(report.at("runs").size() == 2);
  CHECK(report["runs"][0].at("passed") == true);
  json run = report["runs"][1];
  CHECK(run.at("steps").size() == 26);
  run.erase("steps");
  CHECK(run == json::parse(R"({"file": "scenarios/functional_vin.yaml",
                               "scenario": "VIN from every powertrain ECU", "seed": 42, "time": "virtual",
                               "passed": false, "interrupted": false, "internal_error": null, "no_progress": null,
                               "ended_ns": 30345000000, "frames": 2231, "steps_left_out": 0, "bus_events": [],
                               "buses": [], "faults": []})"));
}

TEST_CASE("a report in JSON tells what faults and buses did") {
  run_result run = passing_run();
  run.known_faults = {{"drop at can", 12}, {"late at engine", 13}};
  run.faults = {{instant{1500us}, 0, 3, "7E8 21 01 of ecu engine"}, {instant{2ms}, 1, 1, {}}};
  auto figures = std::make_shared<can::traffic_figures>();
  figures->identifiers[can::identifier::standard(0x7E8)] = {2, 30us, 40us};
  figures->busy = {460us};
  run.buses = {{"can", 5, 1, figures}, {"outside", 7, 0, nullptr}};
  const json report = parsed({run});
  CHECK(report["runs"][0].at("faults") == json::parse(R"([
      {"at_ns": 1500000, "fault": 1, "text": "drop at can", "line": 12, "occasion": 3,
       "detail": "7E8 21 01 of ecu engine"},
      {"at_ns": 2000000, "fault": 2, "text": "late at engine", "line": 13, "occasion": 1, "detail": null}])"));
  CHECK(report["runs"][0].at("buses") == json::parse(R"([
      {"name": "can", "frames": 5, "error_frames": 1, "window_ns": 100000000, "busy_ns": [460000],
       "identifiers": [{"id": "7E8", "frames": 2, "longest_wait_ns": 30000, "mean_wait_ns": 20000}]},
      {"name": "outside", "frames": 7, "error_frames": 0, "window_ns": null, "busy_ns": null,
       "identifiers": null}])"));
}

TEST_CASE("a verdict in JSON: machine names, bytes as hex, times in whole nanoseconds") {
  const json report = parsed({failing_run(20)});
  const json& step = report["runs"][0]["steps"][0];
  CHECK(step.at("path") == "1");
  CHECK(step.at("line") == 42);
  CHECK(step.at("status") == "failed");
  CHECK(step.at("began_ns") == 1000000000);
  CHECK(step.at("request") == "22 F1 90");
  CHECK(verdict_of(step, "airbag") == json::parse(R"({
      "who": "airbag", "outcome": "wrong_answer", "passed": false,
      "detail": "expected 62 F1 90 57 56 57 *, got 62 F1 90 57 56 [58] 5A 5A 5A",
      "expected": "62 F1 90 57 56 57 *", "answer": "62 F1 90 57 56 58 5A 5A 5A",
      "answer_text": "ReadDataByIdentifier answered: F190 VIN \"WVXZZZ\"", "first_difference": 5,
      "reacted_after_ns": 3100000, "answered_after_ns": 9870000, "pendings_ns": [], "late_by_ns": null})"));
  CHECK(verdict_of(step, "abs").at("late_by_ns") == 11200000);
  CHECK(verdict_of(step, "battery").at("pendings_ns") == json::parse("[48100000, 4950200000]"));
  CHECK(verdict_of(step, "gearbox").at("answer").is_null());
  CHECK(verdict_of(step, "7EE").at("outcome") == "unknown_responder");
  CHECK(verdict_of(step, "7EE").at("expected").is_null());
}

TEST_CASE("the keys of JSON have a fixed order") {
  const json report = parsed({passing_run()});
  std::string keys;
  for (const auto& [key, value] : report["runs"][0]["steps"][0].items()) keys += key + ' ';
  CHECK(keys == "path name line file status why began_ns ended_ns request request_text verdicts ");
}

TEST_CASE("broken UTF-8 does not cost the report") {
  const json run = parsed({nasty_run()}).at("runs").at(0);
  CHECK(run.at("scenario") == "<a> & \"b\" \x01 \xEF\xBF\xBD \xC3\xA4");
  CHECK(run.at("interrupted") == true);
  CHECK(run.at("internal_error") == "ecu engine: bad <variant> access");
  CHECK(run.at("steps").at(1).at("why") == "bus body: N_TIMEOUT_A");
  CHECK(run.at("steps").at(2).at("status") == "interrupted");
}

TEST_CASE("every outcome and status has names of its own") {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(outcome::not_judged); ++i) {
    names.emplace_back(to_string(static_cast<outcome>(i)));
    names.emplace_back(std::string("machine ") + std::string(machine_name(static_cast<outcome>(i))));
  }
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == 26);
  CHECK(to_string(step_status::not_run) == "not run");
  CHECK(machine_name(step_status::not_run) == "not_run");
}

}  // namespace
}  // namespace canstage::scenarios::test

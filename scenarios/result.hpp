// What came out of a run, as plain data: the reports are different spellings of this.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/can/traffic_meter.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/exchange.hpp"
#include "protocols/uds/pattern.hpp"
#include "scenarios/model.hpp"

namespace canstage::scenarios {

/// How one participant did in one step. All but the first and the last are failures.
enum class outcome : std::uint8_t {
  as_expected,
  wrong_answer,       ///< answered otherwise
  late,               ///< the right answer, too late
  silent,             ///< no answer where one was expected
  unexpected,         ///< an answer where silence was expected, or a second final answer
  wrong_pending,      ///< number or times of 0x78 are not as expected
  incomplete,         ///< an answer began and broke off, or had not ended when the run did
  out_of_order,       ///< answered before somebody who had to answer earlier
  unknown_responder,  ///< an answer from an identifier that nobody owns
  out_of_limits,      ///< what was measured on a bus is not within its limits
  not_sent,           ///< the request itself did not get through
  script_error,       ///< the script of an ECU went wrong
  not_judged,         ///< nothing was expected; what came is only shown
};

bool is_failure(outcome what);

/// "as expected", "answered otherwise", "late", "silent" ... as reports print it.
std::string_view to_string(outcome what);

/// "as_expected", "wrong_answer" ...: the name that programs see (JSON, the type of a JUnit failure).
std::string_view machine_name(outcome what);

/// The verdict on one participant of one step.
struct verdict {
  std::string who;  ///< ECU or endpoint; an identifier ("7EE") for an unknown responder
  outcome what = outcome::as_expected;
  std::string detail;  ///< one line: what was expected and what came; empty if there is nothing to add

  std::string expected;                         ///< the pattern, "NRC 31", "silence"; empty: nothing
  bytes answer;                                 ///< the final answer; empty: none
  std::optional<std::size_t> first_difference;  ///< offset in `answer` where it stops to fit
  std::optional<duration> reacted_after;        ///< end of request to begin of the first reaction
  std::optional<duration> answered_after;       ///< end of request to end of the final answer
  std::vector<duration> pendings;               ///< end of request to begin of each 0x78
  std::optional<duration> late_by;
  std::vector<std::string> remarks;  ///< what else was wrong; also said at the end of `detail`
  bool other = false;                ///< not named by the step: judged by `others`, if at all
};

enum class step_status : std::uint8_t { passed, failed, not_run, interrupted };

std::string_view to_string(step_status status);
std::string_view machine_name(step_status status);

/// One step that was played (a leaf: `parallel` and `repeat` show in the paths of theirs).
struct step_result {
  std::string name;
  std::string path;  ///< "3", "7.2.1" (branch 2 of step 7), "8.1#15" (the 15th time)
  position where;
  std::string file{};  ///< where it stands, if not in the scenario's own file
  instant began;
  instant ended;
  step_status status = step_status::passed;
  std::string why;  ///< why it was not run or what was wrong besides the verdicts
  bytes request;    ///< as sent; empty for steps that send no request
  std::vector<verdict> verdicts;
};

/// A fault took an occasion.
struct fired_fault {
  instant at;
  std::uint32_t fault = 0;     ///< its place in the list of the scenario
  std::uint32_t occasion = 0;  ///< from 1, of those that it looked at
  std::string detail;          ///< the frame; empty: there is nothing to say
};

/// A fault of the scenario, for reports.
struct known_fault {
  std::string text;  ///< "drop at powertrain"
  int line = 0;
};

/// What a bus did, for reports.
struct bus_summary {
  std::string name;
  std::uint64_t frames = 0;
  std::uint64_t error_frames = 0;
  std::shared_ptr<const can::traffic_figures> figures{};  ///< null: nobody measured
};

/// Something happened to a bus that is not virtual, or to the controller of a node.
struct bus_event {
  instant at;
  std::string text;       ///< "bus powertrain: vcan0 is back"
  bool in_trace = false;  ///< traces say it, too
};

struct run_result {
  std::string file;
  std::string scenario;
  std::uint64_t seed = 0;
  time_mode time = time_mode::virtual_time;
  std::vector<step_result> steps;  ///< in the order in which they ended; equal times in order of path
  instant ended;                   ///< stage time at the end of the run
  std::uint64_t frames = 0;        ///< frames that were sent on all buses
  std::size_t left_out = 0;        ///< steps that were not chosen by their tags
  std::vector<bus_event> bus_events;
  std::vector<known_fault> known_faults;  ///< those of the scenario
  std::vector<fired_fault> faults;        ///< what they did, in the order of time
  std::vector<bus_summary> buses;
  bool interrupted = false;
  std::string internal_error;  ///< "ecu engine: what went wrong"; empty: none
  std::string no_progress;     ///< why the run was given up ("bus can: a loop ..."); empty: it was not

  /// Every step was run and passed, and nothing ended the run early. A step that was not run does
  /// not pass: what nobody looked at is not known to be right.
  bool passed() const;
};

}  // namespace canstage::scenarios

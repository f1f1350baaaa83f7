// How long a run may take.
#include <algorithm>

#include "scenarios/load_loops.hpp"

namespace canstage::scenarios {

namespace {

/// Simulated time is counted in 64 bits of nanoseconds; half of their 292 years is enough for anybody.
constexpr double longest_run = 100.0 * 365 * 24 * 3600 * 1e9;

double nanoseconds(duration time) { return static_cast<double>(time.count()); }

double time_of(const step_list& steps);
double time_of(const std::vector<step_list>& lists, bool at_once);

// The time that a step takes by itself.
double time_of(const functional_step& what) { return nanoseconds(what.window); }
double time_of(const request_step& what) { return nanoseconds(what.window); }
double time_of(const procedure_step& what) { return nanoseconds(what.window); }
double time_of(const tester_present_step&) { return 0; }
double time_of(const advance_step& what) { return nanoseconds(what.time); }
double time_of(const reset_step&) { return 0; }
double time_of(const set_step&) { return 0; }
double time_of(const power_step&) { return 0; }
double time_of(const change_parameter_step&) { return 0; }
double time_of(const switch_cyclic_step&) { return 0; }
double time_of(const send_frame_step&) { return 0; }
double time_of(const expect_frame_step& what) { return nanoseconds(what.within); }
double time_of(const expect_silence_step& what) { return nanoseconds(what.time); }
double time_of(const expect_bus_step& what) { return nanoseconds(what.time); }
double time_of(const wait_answer_step& what) {
  return nanoseconds(what.within) + nanoseconds(what.ask.window);
}
double time_of(const parallel_step& what) { return time_of(what.branches, true); }
double time_of(const repeat_step& what) { return what.times * time_of(what.steps); }
double time_of(const for_each_step& what) { return time_of(what.rounds, false); }

double time_of(const step& s) {
  return std::visit([](const auto& what) { return time_of(what); }, s.what);
}

double time_of(const step_list& steps) {
  double sum = 0;
  for (const step& s : steps) sum += time_of(s);
  return sum;
}

double time_of(const std::vector<step_list>& lists, bool at_once) {
  double sum = 0;
  double longest = 0;
  for (const step_list& one : lists) {
    sum += time_of(one);
    longest = std::max(longest, time_of(one));
  }
  return at_once ? longest : sum;
}

}  // namespace

void check_length(reader& in, const step_list& steps) {
  double sum = 0;
  for (const step& s : steps) {
    sum += time_of(s);
    if (sum <= longest_run) continue;
    in.refuse(s.where, "up to the end of this step the run may take more than 100 years");
    return;
  }
}

}  // namespace canstage::scenarios

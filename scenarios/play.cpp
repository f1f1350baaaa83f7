#include "scenarios/play.hpp"

#include <ostream>
#include <utility>

#include "actors/stage.hpp"
#include "scenarios/builder.hpp"
#include "scenarios/builder_servers.hpp"
#include "scenarios/fault_director.hpp"
#include "scenarios/fault_log.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/script_errors.hpp"

namespace canstage::scenarios {

namespace {

/// How long an interrupted real-time run may take to close its books.
constexpr auto closing_time = std::chrono::seconds{2};

}  // namespace

run_result play(const scenario& what, const play_options& options, interruption& breaker) {
  run_result result;
  result.file = what.file;
  result.scenario = what.name;
  result.left_out = what.left_out;
  result.seed = options.seed.value_or(what.seed);
  result.time = options.time.value_or(usual_time(what));
  const bool virtual_time = result.time == time_mode::virtual_time;
  // The buses tell it from their own threads.
  std::mutex events_mutex;
  std::vector<bus_event> events;
  const auto note = [&](instant at, const std::string& text) {
    const std::lock_guard lock{events_mutex};
    events.push_back({at, text});
    if (options.on_bus_event) options.on_bus_event(text);
  };
  const auto note_state = [&](instant at, const std::string& text) {
    const std::lock_guard lock{events_mutex};
    events.push_back({at, text, true});
    if (options.on_bus_event) options.on_bus_event(text);
  };
  script_errors errors;
  fault_log faults;
  for (const fault& one : what.faults) result.known_faults.push_back({one.text, one.where.line});
  {
    actors::stage home{virtual_time ? actors::stage_time::virtual_time : actors::stage_time::real_time};
    const interruptible guard{breaker, home};
    const auto script_error = [&errors](instant at, const std::string& ecu, const std::string& text) {
      errors.add(at, ecu, text);
    };
    auto players = build(home, what,
                         {.seed = result.seed,
                          .kind = options.kind,
                          .trace = options.trace,
                          .trace_format = options.trace_format,
                          .selection = options.selection,
                          .measured = options.measured,
                          .log = options.log,
                          .on_bus_event = note,
                          .on_script_error = script_error});
    raise_servers(home, what, players, options.listeners, note);
    const auto director = raise_director(home, what, players, faults, note_state);
    const auto script =
        home.spawn<runner>("script", what, std::move(players), result, options.watched, director);
    const auto end = home.run(options.limit);
    if (end.what != actors::run_end::kind::finished) {
      result.interrupted = end.what == actors::run_end::kind::interrupted;
      (end.what == actors::run_end::kind::stuck ? result.no_progress : result.internal_error) = end.reason;
      caf::anon_send(script, actors::abort_run{});
      home.settle(closing_time);
    }
  }
  errors.put_into(result);
  faults.put_into(result);
  result.bus_events = std::move(events);
  if (options.trace) options.trace->flush();
  return result;
}

}  // namespace canstage::scenarios

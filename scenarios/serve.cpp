#include "scenarios/serve.hpp"

#include <ostream>
#include <utility>

#include "actors/stage.hpp"
#include "scenarios/builder.hpp"
#include "scenarios/builder_servers.hpp"
#include "scenarios/fault_director.hpp"

namespace canstage::scenarios {

namespace {

/// Without testers: these have nothing to ask, but their connections would send flow control to answers that
/// are for testers outside.
scenario without_script(scenario play) {
  play.steps.clear();
  play.testers.clear();
  return play;
}

}  // namespace

std::string serve(const scenario& what, const serve_options& options, interruption& breaker) {
  const auto on_stage = without_script(what);
  const auto report = [&options](instant, const std::string& text) {
    if (options.on_bus_event) options.on_bus_event(text);
  };
  const auto report_script = [&options](instant, const std::string& ecu, const std::string& text) {
    if (options.on_bus_event) options.on_bus_event("script of " + ecu + ": " + text);
  };
  fault_log faults;
  std::string failure;
  {
    actors::stage home{actors::stage_time::real_time};
    const interruptible guard{breaker, home};
    const auto players = build(home, on_stage,
                               {.seed = options.seed.value_or(what.seed),
                                .kind = options.kind,
                                .trace = options.trace,
                                .trace_format = options.trace_format,
                                .on_bus_event = report,
                                .on_script_error = report_script});
    raise_director(home, on_stage, players, faults, report);
    raise_servers(home, on_stage, players, options.listeners, report);
    options.on_ready();
    // Nobody knows how long others may be quiet.
    failure = home.run(std::chrono::nanoseconds::max()).reason;
  }
  if (options.trace) options.trace->flush();
  return failure;
}

}  // namespace canstage::scenarios

#include "scenarios/replay.hpp"

#include <mutex>

#include "actors/replayer.hpp"
#include "actors/stage.hpp"
#include "scenarios/builder.hpp"

namespace canstage::scenarios {

replay_result replay(const link& where, const replay_options& options, interruption& breaker) {
  scenario nobody;
  nobody.name = options.name;
  nobody.buses.push_back({options.name, std::nullopt, {}, where});
  replay_result result;
  std::mutex mutex;  // guards the report
  {
    actors::stage home{actors::stage_time::real_time};
    const interruptible guard{breaker, home};
    build_options how;
    how.on_bus_event = [&options](instant, const std::string& text) {
      if (options.on_bus_event) options.on_bus_event(text);
    };
    const auto players = build(home, nobody, how);
    const auto tell = [&](const trace::replay_report& report) {
      {
        const std::lock_guard lock{mutex};
        result.report = report;
      }
      if (options.on_progress) options.on_progress(report);
    };
    home.spawn<actors::replayer>(
        "replay", actors::replayer_spec{players.buses.front(), script_port, options.how, options.open, tell});
    // A trace may be quiet for long.
    const auto end = home.run(std::chrono::nanoseconds::max());
    result.interrupted = end.what == actors::run_end::kind::interrupted;
    if (end.what != actors::run_end::kind::finished && !result.interrupted)
      result.internal_error = end.reason;
  }
  return result;
}

}  // namespace canstage::scenarios

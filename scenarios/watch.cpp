#include "scenarios/watch.hpp"

#include <utility>

#include "actors/listener.hpp"
#include "actors/stage.hpp"
#include "scenarios/builder.hpp"

namespace canstage::scenarios {

watch_result watch(const link& what, const watch_options& options, interruption& breaker) {
  scenario nobody;
  nobody.name = options.name;
  nobody.buses.push_back({options.name, std::nullopt, {}, what});
  actors::stage home{actors::stage_time::real_time};
  const interruptible guard{breaker, home};
  build_options how;
  how.on_bus_event = [&options](instant, const std::string& text) {
    if (options.on_bus_event) options.on_bus_event(text);
  };
  const auto players = build(home, nobody, how);
  home.spawn<actors::listener>("monitor", actors::listener_spec{players.buses.front(), script_port,
                                                                options.hears, options.most, options.time});
  // Nobody knows how long a bus may be quiet.
  const auto end = home.run(std::chrono::nanoseconds::max());
  watch_result result;
  result.interrupted = end.what == actors::run_end::kind::interrupted;
  if (end.what != actors::run_end::kind::finished && !result.interrupted) result.internal_error = end.reason;
  return result;
}

}  // namespace canstage::scenarios

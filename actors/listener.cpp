#include "actors/listener.hpp"

#include <algorithm>
#include <utility>

namespace canstage::actors {

listener::listener(caf::actor_config& config, stage& home, std::string title, listener_spec spec)
    : stage_actor(config, home, std::move(title)), spec_(std::move(spec)), alarm_(make_alarm(phase::script)) {
  if (spec_.time) ends_ = now() + *spec_.time;
  send(spec_.bus, attach_port{spec_.port, {can::filter::everything()}, bus_user_actor{this}, false});
  if (ends_ != never) alarm_.arm(ends_);
}

listener_actor::behavior_type listener::make_behavior() {
  return {
      [this](const frames_indication& run) { on_frames(run); },
      [](const transmit_confirm&) {},
      [this](const wake_up&) {
        alarm_.woke();
        // What was in time may still be on its way.
        const auto reached = now() - home().time().grace();
        if (reached < ends_) return alarm_.arm(ends_ + home().time().grace());
        end();
      },
  };
}

void listener::on_frames(const frames_indication& run) {
  if (over_) return;
  std::span<const can::sent_frame> frames{run.batch->data() + run.first, run.count};
  while (!frames.empty() && frames.back().end >= ends_) frames = frames.first(frames.size() - 1);
  if (spec_.most) frames = frames.first(std::min<std::uint64_t>(frames.size(), *spec_.most - heard_));
  heard_ += frames.size();
  if (!frames.empty()) spec_.hears(frames);
  if (spec_.most && heard_ == *spec_.most) end();
}

void listener::end() {
  over_ = true;
  home().finish();
}

}  // namespace canstage::actors

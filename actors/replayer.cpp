#include "actors/replayer.hpp"

#include <utility>

namespace canstage::actors {

replayer::replayer(caf::actor_config& config, stage& home, std::string title, replayer_spec spec)
    : stage_actor(config, home, std::move(title)),
      spec_(std::move(spec)),
      machine_(now(), spec_.settings, spec_.open),
      alarm_(make_alarm(phase::application)) {
  send(spec_.bus, attach_port{spec_.port, {}, bus_user_actor{this}, false});
  // Not at once: the constructor is no place to end a run.
  alarm_.arm(now());
}

replayer_actor::behavior_type replayer::make_behavior() {
  return {
      [](const frames_indication&) {},
      [this](const transmit_confirm& sent) {
        machine_.on_sent(sent.end, sent.first, sent.count);
        go_on();
      },
      [this](const wake_up&) {
        alarm_.woke();
        machine_.on_time(now());
        go_on();
      },
  };
}

void replayer::go_on() {
  transmit_request request{spec_.port, token_, {}};
  while (const auto frame = machine_.poll(now())) request.frames.push_back(*frame);
  token_ += static_cast<can::transmit_token>(request.frames.size());
  if (!request.frames.empty()) send(spec_.bus, std::move(request));
  spec_.tell(machine_.report());
  if (machine_.finished()) return home().finish();
  alarm_.arm(machine_.deadline());
}

}  // namespace canstage::actors

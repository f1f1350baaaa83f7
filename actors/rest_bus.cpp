#include "actors/rest_bus.hpp"

#include <algorithm>
#include <utility>

namespace canstage::actors {

rest_bus::rest_bus(caf::actor_config& config, stage& home, std::string title, rest_bus_spec spec)
    : stage_actor(config, home, std::move(title)),
      bus_(std::move(spec.bus)),
      first_port_(spec.first_port),
      machines_(spec.messages.begin(), spec.messages.end()),
      foreign_(std::move(spec.foreign)),
      tokens_(machines_.size() + foreign_.size(), 0),
      alarm_(make_alarm(phase::application)) {
  for (port_id i = 0; i < tokens_.size(); ++i)
    send(bus_, attach_port{first_port_ + i, {}, bus_user_actor{this}, false});
  go_on();
}

/// The machine at that place, of whichever kind.
template <class Use>
void rest_bus::with(std::size_t index, Use use) {
  if (index < machines_.size()) {
    use(machines_[index]);
  } else {
    use(foreign_.at(index - machines_.size()));
  }
}

rest_bus_actor::behavior_type rest_bus::make_behavior() {
  return {
      [](const frames_indication&) {},
      [this](const transmit_confirm& sent) {
        with(sent.port - first_port_, [](auto& machine) { machine.on_confirm(); });
        go_on();
      },
      [this](const switch_cyclic& what) {
        with(what.index, [&](auto& machine) { machine.on_switch(now(), what.on); });
        go_on();
      },
      [this](const wake_up&) {
        alarm_.woke();
        for (auto& machine : machines_) machine.on_time(now());
        for (auto& machine : foreign_) machine.on_time(now());
        go_on();
      },
  };
}

void rest_bus::go_on() {
  instant next = never;
  for (port_id i = 0; i < tokens_.size(); ++i) {
    with(i, [&](auto& machine) {
      if (const auto frame = machine.poll())
        send(bus_, transmit_request{first_port_ + i, tokens_[i]++, {*frame}});
      next = std::min(next, machine.deadline());
    });
  }
  alarm_.arm(next);
}

}  // namespace canstage::actors

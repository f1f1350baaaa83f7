#include "actors/rest_bus.hpp"

#include <algorithm>
#include <utility>

namespace canstage::actors {

rest_bus::rest_bus(caf::actor_config& config, stage& home, std::string title, bus_actor bus,
                   port_id first_port, const std::vector<can::cyclic_settings>& messages)
    : stage_actor(config, home, std::move(title)),
      bus_(std::move(bus)),
      first_port_(first_port),
      machines_(messages.begin(), messages.end()),
      tokens_(messages.size(), 0),
      alarm_(make_alarm(phase::application)) {
  for (port_id i = 0; i < machines_.size(); ++i)
    send(bus_, attach_port{first_port_ + i, {}, bus_user_actor{this}, false});
  go_on();
}

rest_bus_actor::behavior_type rest_bus::make_behavior() {
  return {
      [](const frames_indication&) {},
      [this](const transmit_confirm& sent) {
        machines_.at(sent.port - first_port_).on_confirm();
        go_on();
      },
      [this](const switch_cyclic& what) {
        machines_.at(what.index).on_switch(now(), what.on);
        go_on();
      },
      [this](const wake_up&) {
        alarm_.woke();
        for (auto& machine : machines_) machine.on_time(now());
        go_on();
      },
  };
}

void rest_bus::go_on() {
  instant next = never;
  for (port_id i = 0; i < machines_.size(); ++i) {
    if (const auto frame = machines_[i].poll())
      send(bus_, transmit_request{first_port_ + i, tokens_[i]++, {*frame}});
    next = std::min(next, machines_[i].deadline());
  }
  alarm_.arm(next);
}

}  // namespace canstage::actors

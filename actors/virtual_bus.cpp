#include "actors/virtual_bus.hpp"

namespace canstage::actors {

virtual_bus::virtual_bus(caf::actor_config& config, stage& home, std::string title, const medium_spec& what)
    : stage_actor(config, home, std::move(title)),
      medium_(home, what, make_alarm(phase::medium), make_alarm(phase::arbitration)) {}

bus_actor::behavior_type virtual_bus::make_behavior() {
  return {
      [this](const attach_port& request) {
        medium_.on_attach(request.port, request.filters, request.only_unclaimed);
        owners_.attach(request);
      },
      [this](const detach_port& request) {
        medium_.on_detach(now(), request.port);
        owners_.detach(request.port);
      },
      [this](const transmit_request& request) { medium_.on_transmit(now(), request); },
      [this](const withdraw_request& request) { medium_.on_withdraw(now(), request); },
      [this](const arm_fault& what) { medium_.on_arm(what); },
      [this](const force_bus_off& what) { medium_.on_bus_off(now(), what); },
      [this](caf::get_atom) { return medium_.statistics(); },
      [this](const wake_up& alarm) {
        medium_.on_wake(now(), alarm.what, [this](const sent_run& run) { owners_.publish(this, run); });
      },
  };
}

}  // namespace canstage::actors

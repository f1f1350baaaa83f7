#include "actors/ecu.hpp"

#include <utility>

#include "actors/drain.hpp"

namespace canstage::actors {

/// Where the server's outputs go.
struct ecu::outlet {
  ecu& self;

  void answer(bytes&& message) {
    self.send(self.host_,
              n_usdata_request{self.connection_, std::move(message), isotp::target_type::physical});
  }
  void send_frame(uds::send_frame&& frame) {
    self.send(self.host_, unacknowledged_data_request{self.connection_, frame.id, std::move(frame.data)});
  }
  void leave_bus() { self.send(self.host_, leave_bus_request{self.connection_}); }
  void restart() { self.send(self.host_, reset_connection{self.connection_}); }
};

ecu::ecu(caf::actor_config& config, stage& home, std::string title,
         std::shared_ptr<const uds::server_config> settings, random_stream randomness,
         const connection_handle& connection, std::shared_ptr<uds::script> script)
    : stage_actor(config, home, std::move(title)),
      machine_(std::move(settings), randomness),
      alarm_(make_alarm(phase::application)),
      host_(connection.host),
      connection_(connection.id) {
  machine_.follow(std::move(script));
}

ecu_actor::behavior_type ecu::make_behavior() {
  return {
      [this](const n_usdata_confirm& end) { input(end); },
      [this](const n_usdata_ff_indication& begin) { input(begin); },
      [this](const n_usdata_indication& message) { input(message); },
      [this](const power_cycle& cycle) { input(cycle); },
      [this](const ecu_stimulus& change) { input(change); },
      [this](const wake_up& alarm) {
        alarm_.woke();
        input(alarm);
      },
  };
}

template <class Input>
void ecu::input(const Input& what) {
  feed(machine_, now(), what, outlet{*this});
  alarm_.arm(machine_.deadline());
}

}  // namespace canstage::actors

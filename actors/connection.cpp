#include "actors/connection.hpp"

#include <utility>

#include "actors/drain.hpp"

namespace canstage::actors {

/// Where the endpoint's outputs go.
struct connection::outlet {
  connection& self;

  void transmit(transmit_request&& request) { self.send(self.bus_, std::move(request)); }
  void withdraw(const withdraw_request& request) { self.send(self.bus_, request); }

  template <class Primitive>
  void tell(Primitive&& primitive) {
    if (self.user_) self.send(self.user_, std::forward<Primitive>(primitive));
  }
};

connection::connection(caf::actor_config& config, stage& home, std::string title, const connection_spec& spec,
                       bus_actor bus)
    : stage_actor(config, home, std::move(title)),
      machine_(spec.address, spec.settings, spec.burst),
      alarm_(make_alarm(phase::connection)),
      bus_(std::move(bus)),
      settings_(spec.settings.get()),
      port_(spec.port),
      hears_(spec.hears),
      done_(spec.faults) {
  if (spec.faults) machine_.misbehave(*spec.faults);
  // Before anybody can know this connection, so that nothing it causes comes before it is attached.
  attach();
}

connection_actor::behavior_type connection::make_behavior() {
  return {
      [this](const frames_indication& run) { input(run); },
      [this](const transmit_confirm& sent) { input(sent); },
      [this](connection_id, const connection_user_actor& user) { user_ = user; },
      [this](n_usdata_request& request) { input(std::move(request)); },
      [this](const unacknowledged_data_request& request) {
        send_beside(*settings_, request, port_, outlet{*this});
      },
      [this](const n_change_parameter_request& request) -> caf::result<n_change_parameter_confirm> {
        return n_change_parameter_confirm{machine_.change_parameter(now(), request.which, request.value)};
      },
      [this](const misbehave_request& request) {
        machine_.misbehave(request.how ? *request.how : isotp::misbehaviour{});
        done_ = misdeeds{request.how};
      },
      [this](const leave_bus_request&) {
        machine_.reset();
        send(bus_, detach_port{port_});
        alarm_.arm(machine_.deadline());
      },
      [this](const reset_connection&) {
        machine_.reset();
        send(bus_, detach_port{port_});
        attach();
      },
      [this](const wake_up& alarm) {
        alarm_.woke();
        input(alarm);
      },
  };
}

void connection::on_exit() {
  bus_ = nullptr;
  user_ = nullptr;
}

void connection::attach() {
  const bus_user_actor self{this};
  auto filters = hears_ ? filters_of(machine_.address()) : std::vector<can::filter>{};
  send(bus_, attach_port{port_, std::move(filters), self, false});
}

template <class Input>
void connection::input(Input&& what) {
  feed(machine_, now(), std::forward<Input>(what), port_, outlet{*this});
  done_.tell(home(), now(), machine_);
  alarm_.arm(machine_.deadline());
}

}  // namespace canstage::actors

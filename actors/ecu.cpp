#include "actors/ecu.hpp"

#include <utility>

#include "actors/drain_server.hpp"

namespace canstage::actors {

/// Where the server's outputs go.
struct ecu::outlet {
  ecu& self;

  void answer(bytes&& message, uds::tester_number tester) {
    const auto to = tester == 0 ? connection_handle{self.host_, self.connection_}
                                : self.extras_->further_testers[tester - 1];
    self.send(to.host, n_usdata_request{to.id, std::move(message), isotp::target_type::physical});
  }
  void send_frame(uds::send_frame&& frame) {
    self.send(self.host_, unacknowledged_data_request{self.connection_, frame.id, std::move(frame.data)});
  }
  void leave_bus() { tell_all<leave_bus_request>(); }
  void restart() { tell_all<reset_connection>(); }
  void share(uds::tell_other_owners&& what) {
    if (!self.extras_) return;
    tell_other_owners(self.extras_->shared, std::move(what), [this](const auto& to, auto&& message) {
      self.send(to, std::forward<decltype(message)>(message));
    });
  }
  void tell(const uds::fault_taken& what) {
    self.home().report_incident(node_incident{what.fault, what.occasion, what.at});
  }
  uds::tester_number tester(connection_id connection) const {
    uds::tester_number number = 0;
    const auto& others = self.further_testers();
    for (std::size_t i = 0; i < others.size(); ++i)
      if (others[i].id == connection) number = static_cast<uds::tester_number>(i + 1);
    return number;
  }

 private:
  template <class Message>
  void tell_all() {
    self.send(self.host_, Message{self.connection_});
    for (const auto& one : self.further_testers()) self.send(one.host, Message{one.id});
  }
};

ecu::ecu(caf::actor_config& config, stage& home, std::string title,
         std::shared_ptr<const uds::server_config> settings, random_stream randomness,
         const connection_handle& connection, ecu_extras extras)
    : stage_actor(config, home, std::move(title)),
      machine_(std::move(settings), randomness),
      alarm_(make_alarm(phase::application)),
      host_(connection.host),
      connection_(connection.id) {
  machine_.follow(std::move(extras.script));
  machine_.misbehave(std::move(extras.faults));
  if (!extras.further_testers.empty() || !extras.shared.empty())
    extras_ = std::make_unique<ecu_extras>(std::move(extras));
}

void ecu::on_exit() {
  host_ = nullptr;
  extras_.reset();
}

const std::vector<connection_handle>& ecu::further_testers() const {
  static const std::vector<connection_handle> none;
  return extras_ ? extras_->further_testers : none;
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

#include "actors/ensemble.hpp"

#include <stdexcept>
#include <utility>

#include "actors/drain.hpp"
#include "actors/drain_server.hpp"

namespace canstage::actors {

/// Where a hosted endpoint's outputs go: down at once, up when this level is done.
struct ensemble::connection_outlet {
  ensemble& self;
  node_index index;

  void transmit(transmit_request&& request) { self.medium_.on_transmit(self.now(), request); }
  void withdraw(const withdraw_request& request) { self.medium_.on_withdraw(self.now(), request); }

  template <class Primitive>
  void tell(Primitive&& primitive) {
    const auto& who = self.nodes_[index];
    if (who.user != user_kind::external) {
      self.user_inputs_.emplace_back(index, std::forward<Primitive>(primitive));
    } else if (const auto& user = self.external_users_[who.user_place]) {
      self.send(user, std::forward<Primitive>(primitive));
    }
  }
};

struct ensemble::server_outlet {
  ensemble& self;
  const server_place& server;
  node_index below = server.below;

  void answer(bytes&& message, uds::tester_number tester) {
    const auto to = tester == 0 ? below : server.further_testers[tester - 1];
    self.connection_inputs_.emplace_back(
        to, n_usdata_request{self.nodes_[to].port, std::move(message), isotp::target_type::physical});
  }
  void send_frame(uds::send_frame&& frame) {
    self.connection_inputs_.emplace_back(
        below, unacknowledged_data_request{self.nodes_[below].port, frame.id, std::move(frame.data)});
  }
  void leave_bus() { tell_all<leave_bus_request>(); }
  void restart() { tell_all<reset_connection>(); }
  void share(uds::tell_other_owners&& what) {
    tell_other_owners(server.shared, std::move(what), [this](const auto& to, auto&& message) {
      self.send(to, std::forward<decltype(message)>(message));
    });
  }
  void tell(const uds::fault_taken& what) {
    self.home().report_incident(node_incident{what.fault, what.occasion, what.at});
  }
  uds::tester_number tester(connection_id connection) const {
    return self.nodes_[self.node_at(connection)].tester;
  }

 private:
  template <class Message>
  void tell_all() {
    self.connection_inputs_.emplace_back(below, Message{self.nodes_[below].port});
    for (const auto one : server.further_testers)
      self.connection_inputs_.emplace_back(one, Message{self.nodes_[one].port});
  }
};

ensemble::ensemble(caf::actor_config& config, stage& home, std::string title, const medium_spec& bus,
                   const std::vector<hosted_node>& nodes)
    : stage_actor(config, home, std::move(title)),
      medium_(home, bus, make_alarm(phase::medium), make_alarm(phase::arbitration)),
      connection_alarm_(make_alarm(phase::connection)),
      server_alarm_(make_alarm(phase::application)) {
  nodes_.reserve(nodes.size());
  for (const auto& spec : nodes) add_node(spec);
}

void ensemble::add_node(const hosted_node& spec) {
  const auto index = static_cast<node_index>(nodes_.size());
  node next{.machine = {spec.connection.address, spec.connection.settings, spec.connection.burst},
            .settings = spec.connection.settings,
            .timer = connection_timers_.add(phase::connection),
            .port = spec.connection.port,
            .hears = spec.connection.hears,
            .done = misdeeds{spec.connection.faults}};
  if (spec.connection.faults) next.machine.misbehave(*spec.connection.faults);
  add_user(spec.user, index, next);
  by_port_[next.port] = index;
  attach(next);
  nodes_.push_back(std::move(next));
}

void ensemble::add_user(const hosted_user& who, node_index index, node& next) {
  if (const auto* server = std::get_if<hosted_server>(&who)) {
    next.user = user_kind::server;
    next.user_place = static_cast<std::uint32_t>(servers_.size());
    servers_.push_back({uds::server{server->settings, server->randomness},
                        server_timers_.add(phase::application),
                        index,
                        {},
                        server->shared});
    servers_.back().machine.follow(server->script);
    servers_.back().machine.misbehave(server->faults);
  } else if (const auto* further = std::get_if<hosted_for_tester>(&who)) {
    next.user = user_kind::server;
    next.user_place = nodes_.at(node_at(further->server)).user_place;
    auto& testers = servers_[next.user_place].further_testers;
    testers.push_back(index);
    next.tester = static_cast<uds::tester_number>(testers.size());
  } else if (std::holds_alternative<external_user>(who)) {
    next.user_place = static_cast<std::uint32_t>(external_users_.size());
    external_users_.emplace_back();
  } else {
    next.user = std::holds_alternative<hosted_echo>(who) ? user_kind::echo : user_kind::swallow;
  }
}

void ensemble::attach(const node& who) {
  medium_.on_attach(who.port, who.hears ? filters_of(who.machine.address()) : std::vector<can::filter>{},
                    false);
}

ensemble::node_index ensemble::node_at(port_id port) const {
  const auto found = by_port_.find(port);
  return found == by_port_.end() ? no_node : found->second;
}

ensemble_actor::behavior_type ensemble::make_behavior() {
  return {
      [this](const attach_port& request) {
        medium_.on_attach(request.port, request.filters, request.only_unclaimed);
        owners_[request.port] = request.owner;
      },
      [this](const detach_port& request) {
        medium_.on_detach(now(), request.port);
        owners_.erase(request.port);
      },
      [this](const transmit_request& request) { medium_.on_transmit(now(), request); },
      [this](const withdraw_request& request) { medium_.on_withdraw(now(), request); },
      [this](const arm_fault& what) { medium_.on_arm(what); },
      [this](const force_bus_off& what) { medium_.on_bus_off(now(), what); },
      [this](caf::get_atom) { return medium_.statistics(); },
      [this](const wake_up& alarm) { on_wake(alarm.what); },
      [this](connection_id connection, const connection_user_actor& user) {
        const auto& who = nodes_.at(node_at(connection));
        if (who.user != user_kind::external) throw std::logic_error{"that connection has a user here"};
        external_users_.at(who.user_place) = user;
      },
      [this](n_usdata_request& request) {
        connection_inputs_.emplace_back(node_at(request.connection), std::move(request));
        settle();
      },
      [this](unacknowledged_data_request& request) {
        connection_inputs_.emplace_back(node_at(request.connection), std::move(request));
        settle();
      },
      [this](const n_change_parameter_request& request) -> caf::result<n_change_parameter_confirm> {
        auto& machine = nodes_.at(node_at(request.connection)).machine;
        return n_change_parameter_confirm{machine.change_parameter(now(), request.which, request.value)};
      },
      [this](const misbehave_request& request) {
        auto& who = nodes_.at(node_at(request.connection));
        who.machine.misbehave(request.how ? *request.how : isotp::misbehaviour{});
        who.done = misdeeds{request.how};
      },
      [this](const leave_bus_request& leave) {
        connection_inputs_.emplace_back(node_at(leave.connection), leave);
        settle();
      },
      [this](const reset_connection& reset) {
        connection_inputs_.emplace_back(node_at(reset.connection), reset);
        settle();
      },
      [this](const power_cycle& cycle) {
        user_inputs_.emplace_back(node_at(cycle.ecu), cycle);
        settle();
      },
      [this](const ecu_stimulus& change) {
        user_inputs_.emplace_back(node_at(change.ecu), change);
        settle();
      },
  };
}

void ensemble::on_exit() {
  for (auto& one : servers_) one.shared.clear();
  owners_.clear();
  external_users_.clear();
}

void ensemble::on_wake(phase what) {
  switch (what) {
    case phase::connection:
      connection_alarm_.woke();
      wake_due(connection_timers_, what);
      break;
    case phase::application:
      server_alarm_.woke();
      wake_due(server_timers_, what);
      break;
    default:
      medium_.on_wake(now(), what, [this](const sent_run& run) { publish(run); });
  }
  settle();
}

void ensemble::wake_due(alarm_queue& timers, phase what) {
  const auto reached = now();
  while (timers.next() <= reached) {
    const auto due = timers.pop();
    if (what == phase::connection) {
      connection_inputs_.emplace_back(due.id, wake_up{what});
    } else {
      user_inputs_.emplace_back(servers_[due.id].below, wake_up{what});
    }
  }
}

void ensemble::publish(const sent_run& run) {
  if (run.confirmed) {
    const auto port = run.confirmation.port;
    if (const auto index = node_at(port); index != no_node) {
      connection_inputs_.emplace_back(index, run.confirmation);
    } else if (const auto owner = owners_.find(port); owner != owners_.end()) {
      send(owner->second, run.confirmation);
    }
  }
  for (const auto port : run.hearers) {
    if (const auto index = node_at(port); index != no_node) {
      connection_inputs_.emplace_back(index, run.frames);
    } else {
      send(owners_.at(port), run.frames);
    }
  }
}

void ensemble::settle() {
  while (!connection_inputs_.empty() || !user_inputs_.empty()) {
    // A level at a time: what is caused meanwhile waits behind what is there.
    for (auto left = connection_inputs_.size(); left > 0; --left) {
      auto [index, what] = std::move(connection_inputs_.front());
      connection_inputs_.pop_front();
      to_connection(index, std::move(what));
    }
    for (auto left = user_inputs_.size(); left > 0; --left) {
      auto [index, what] = std::move(user_inputs_.front());
      user_inputs_.pop_front();
      to_user(index, std::move(what));
    }
  }
  connection_alarm_.arm(connection_timers_.next());
  server_alarm_.arm(server_timers_.next());
}

void ensemble::to_connection(node_index index, connection_input&& what) {
  auto& who = nodes_.at(index);
  std::visit(
      [&](auto&& input) {
        using type = std::decay_t<decltype(input)>;
        constexpr bool restarts = std::is_same_v<type, reset_connection>;
        if constexpr (restarts || std::is_same_v<type, leave_bus_request>) {
          who.machine.reset();
          medium_.on_detach(now(), who.port);
          if (restarts) attach(who);
        } else if constexpr (std::is_same_v<type, unacknowledged_data_request>) {
          send_beside(*who.settings, input, who.port, connection_outlet{*this, index});
        } else {
          feed(who.machine, now(), std::forward<decltype(input)>(input), who.port,
               connection_outlet{*this, index});
        }
      },
      std::move(what));
  who.done.tell(home(), now(), who.machine);
  connection_timers_.set(who.timer, who.machine.deadline());
}

void ensemble::to_user(node_index index, user_input&& what) {
  const auto& who = nodes_.at(index);
  if (who.user == user_kind::server) {
    auto& place = servers_[who.user_place];
    std::visit(
        [&](const auto& input) {
          feed(place.machine, now(), input, server_outlet{*this, place});
        },
        what);
    server_timers_.set(place.timer, place.machine.deadline());
  } else if (who.user == user_kind::echo) {
    auto* message = std::get_if<n_usdata_indication>(&what);
    if (message != nullptr && message->result == isotp::n_result::n_ok)
      connection_inputs_.emplace_back(
          index, n_usdata_request{who.port, std::move(message->sdu), isotp::target_type::physical});
  }
}

}  // namespace canstage::actors

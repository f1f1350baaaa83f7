#include "scenarios/builder.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "actors/bare_endpoint.hpp"
#include "actors/ecu.hpp"
#include "actors/ensemble.hpp"
#include "actors/gateway.hpp"
#include "actors/recorder.hpp"
#include "actors/rest_bus.hpp"
#include "actors/shared_data.hpp"
#include "actors/tester.hpp"
#include "scenarios/builder_carriers.hpp"
#include "scenarios/builder_plan.hpp"

namespace canstage::scenarios {

namespace {

constexpr actors::port_id tester_ports = 0x4000'0000;  ///< ports of testers themselves, by tester
constexpr actors::port_id ports_per_tester = 0x1'0000;
constexpr actors::port_id rest_bus_ports = 0x6800'0000;  ///< of cyclic frames, in their order
constexpr actors::port_id gateway_ports = 0x6000'0000;   ///< one per gateway, on both of its buses
constexpr actors::port_id recorder_port = 0x7FFF'FFFF;

class construction {
 public:
  construction(actors::stage& home, const scenario& play, const build_options& options)
      : home_(home), play_(play), options_(options), carriers_(home, play, options.on_bus_event) {}

  cast build() {
    result_.ecus.resize(play_.ecus.size());
    result_.ecu_connections.resize(play_.ecus.size());
    result_.endpoint_connections.resize(play_.endpoints.size());
    result_.cyclic.resize(play_.cyclic.size());
    result_.testers.resize(play_.testers.size());
    result_.endpoints.resize(play_.endpoints.size());
    result_.traffic.resize(play_.faults.size());
    result_.seed = options_.seed;
    result_.selection = options_.selection;
    auto plan = plan_cast(play_, {options_.seed, options_.selection}, options_.on_script_error);
    raise_shared_data(plan);
    for (bus_index i = 0; i < play_.buses.size(); ++i) raise(i, std::move(plan.buses[i]));
    tell_owners();
    for (std::size_t i = 0; i < play_.gateways.size(); ++i) raise_gateway(i);
    for (tester_index i = 0; i < play_.testers.size(); ++i) raise_tester(i, std::move(plan.testers[i]));
    for (bus_index i = 0; i < play_.buses.size(); ++i) raise_rest_bus(i);
    raise_recorder();
    return std::move(result_);
  }

 private:
  void raise(bus_index index, bus_plan plan) {
    const auto& connections = plan.connections;
    std::vector<std::string> names;
    if (is_recorded() || !play_.faults.empty())
      for (const auto& one : connections) names.push_back(one.title);
    if (is_recorded()) recorded_.emplace_back(actors::recorded_bus{play_.buses[index].name, names});
    if (!play_.faults.empty()) result_.nodes.push_back(std::move(names));
    const auto ecus = plan.ecus;
    const auto automatic = connections.size() > normal_cast_limit ? cast_kind::ensemble : cast_kind::normal;
    // An ensemble is the medium of its bus: there is none where the bus, or a connection, is outside.
    const bool can_be_ensemble =
        play_.buses[index].carrier.is_virtual() &&
        std::ranges::all_of(connections, [](const auto& one) { return one.own == nullptr; });
    if (can_be_ensemble && options_.kind.value_or(automatic) == cast_kind::ensemble) {
      raise_ensemble(index, plan);
    } else {
      raise_normal(index, plan);
    }
    for (const auto& [place, port] : ecus) {
      const auto last = port + static_cast<actors::port_id>(play_.ecus[place].testers.size());
      for (auto one = port; one <= last; ++one)
        result_.ecu_connections[place].push_back({hosts_[index][one], one});
    }
    for (const auto& [place, port] : plan.endpoints) raise_user(index, place, port);
    for (const auto& [place, port] : plan.all_endpoints)
      result_.endpoint_connections[place].push_back({hosts_[index][port], port});
  }

  void raise_ensemble(bus_index index, bus_plan& plan) {
    const auto& what = play_.buses[index];
    std::vector<actors::hosted_node> nodes;
    for (auto& one : plan.connections) nodes.push_back(std::move(one.node));
    const auto hosted = nodes.size();
    const auto handle = home_.spawn<actors::ensemble>("bus " + what.name, medium_of(index), std::move(nodes));
    result_.buses.emplace_back(handle);
    hosts_.emplace_back(hosted, actors::connection_host_actor{handle});
    for (const auto& [ecu, port] : plan.ecus) result_.ecus[ecu] = {handle, port};
  }

  void raise_normal(bus_index index, bus_plan& plan) {
    const auto bus = carriers_.raise_bus(index, medium_of(index));
    result_.buses.emplace_back(bus);
    auto& hosts = hosts_.emplace_back();
    auto ecu = plan.ecus.begin();
    auto& all = plan.connections;
    const auto raise_connection = [&](const planned_connection& one) {
      hosts.emplace_back(carriers_.raise_connection(one, index, bus));
      return actors::connection_handle{hosts.back(), one.node.connection.port};
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto handle = raise_connection(all[i]);
      auto& title = all[i].title;
      auto& user = all[i].node.user;
      if (auto* server = std::get_if<actors::hosted_server>(&user)) {
        actors::ecu_extras extras{server->script, {}, std::move(server->shared), std::move(server->faults)};
        while (i + 1 < all.size() && is_for_tester(all[i + 1]))
          extras.further_testers.push_back(raise_connection(all[++i]));
        raise_ecu(std::move(title), *server, handle, std::move(extras), *ecu++);
      } else if (!std::holds_alternative<actors::external_user>(user)) {
        const bool echoes = std::holds_alternative<actors::hosted_echo>(user);
        const auto who = home_.spawn<actors::bare_endpoint>(std::move(title), echoes, handle);
        caf::anon_send(handle.host, handle.id, actors::connection_user_actor{who});
      }
    }
  }

  actors::medium_spec medium_of(bus_index index) const {
    actors::medium_spec made{index, play_.buses[index].rates, {}, options_.measured};
    for (std::uint32_t i = 0; i < play_.faults.size(); ++i) {
      const auto& one = play_.faults[i];
      if (one.frame && one.bus == index)
        made.faults.push_back({*one.frame, draw_of(i, {options_.seed, options_.selection})});
    }
    return made;
  }

  static bool is_for_tester(const planned_connection& one) {
    return std::holds_alternative<actors::hosted_for_tester>(one.node.user);
  }

  void raise_ecu(std::string title, const actors::hosted_server& server,
                 const actors::connection_handle& first, actors::ecu_extras extras,
                 const std::pair<ecu_index, actors::port_id>& place) {
    auto connections = extras.further_testers;
    connections.insert(connections.begin(), first);
    const auto who = home_.spawn<actors::ecu>(std::move(title), server.settings, server.randomness, first,
                                              std::move(extras));
    for (const auto& one : connections) caf::anon_send(one.host, one.id, actors::connection_user_actor{who});
    result_.ecus[place.first] = {who, place.second};
  }

  /// Before the ECUs, which have to know whom to tell.
  void raise_shared_data(cast_plan& plan) {
    for (const auto& what : play_.shared) {
      const auto handle = home_.spawn<actors::shared_data>("shared data " + what.name);
      shared_.push_back(handle);
      for (std::uint32_t rank = 0; rank < what.owners.size(); ++rank) {
        const auto& owner = what.owners[rank];
        places_[owner.ecu].push_back({owner.did, rank, handle});
      }
    }
    for (auto& bus : plan.buses)
      for (const auto& [ecu, port] : bus.ecus)
        if (const auto known = places_.find(ecu); known != places_.end())
          std::get<actors::hosted_server>(bus.connections[port].node.user).shared = known->second;
  }

  void tell_owners() {
    for (std::size_t i = 0; i < shared_.size(); ++i) {
      actors::shared_owners owners;
      for (const auto& one : play_.shared[i].owners) {
        const auto& hosted = result_.ecus[one.ecu];
        owners.list.push_back({hosted.host, hosted.id, one.did});
      }
      caf::anon_send(shared_[i], std::move(owners));
    }
  }

  /// A bare endpoint that the script uses: a tester with one partner.
  void raise_user(bus_index bus, endpoint_index index, actors::port_id port) {
    const auto& who = play_.endpoints[index];
    const actors::connection_handle handle{hosts_[bus][port], port};
    actors::tester_spec spec;
    spec.peers = {handle};
    spec.bus = result_.buses[bus];
    spec.settings = who.isotp;
    const auto user = home_.spawn<actors::tester>("user of endpoint " + who.name, std::move(spec));
    caf::anon_send(handle.host, port, actors::connection_user_actor{user});
    result_.endpoints[index] = user;
  }

  void raise_tester(tester_index index, actors::tester_spec&& spec) {
    const auto& who = play_.testers[index];
    spec.bus = result_.buses[who.bus];
    spec.first_port = tester_ports + index * ports_per_tester;
    std::vector<actors::connection_handle> connections;
    for (auto& peer : spec.peers) {
      peer.host = hosts_[who.bus][peer.id];
      connections.push_back(peer);
    }
    if (spec.to_all) {
      spec.to_all->host = hosts_[who.bus][spec.to_all->id];
      connections.push_back(*spec.to_all);
    }
    const auto user = home_.spawn<actors::tester>("tester " + who.name, std::move(spec));
    for (const auto& one : connections) caf::anon_send(one.host, one.id, actors::connection_user_actor{user});
    result_.testers[index] = user;
  }

  void raise_gateway(std::size_t index) {
    const auto& what = play_.gateways[index];
    const auto near = result_.buses[what.near];
    const auto far = result_.buses[what.far];
    actors::gateway_spec spec{
        .routes = {{near, far, what.near, what.requests}, {far, near, what.far, what.responses}},
        .port = gateway_ports + static_cast<actors::port_id>(index),
        .delay = what.delay,
        .randomness = random_stream{options_.seed, "gateway " + what.name}};
    home_.spawn<actors::gateway>("gateway " + what.name, std::move(spec));
  }

  void raise_rest_bus(bus_index bus) {
    std::vector<can::cyclic_settings> messages;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < play_.cyclic.size(); ++i) {
      if (play_.cyclic[i].bus != bus) continue;
      messages.push_back(play_.cyclic[i].settings);
      places.push_back(i);
    }
    std::vector<can::foreign_traffic> foreign;
    std::vector<std::size_t> causes;
    for (std::uint32_t i = 0; i < play_.faults.size(); ++i) {
      const auto& one = play_.faults[i];
      if (one.what != fault::level::traffic || one.bus != bus) continue;
      foreign.emplace_back(one.foreign, draw_of(i, {options_.seed, {}}).randomness);
      causes.push_back(i);
    }
    const auto count = static_cast<std::uint32_t>(messages.size());
    if (count == 0 && foreign.empty()) return;
    const auto host = home_.spawn<actors::rest_bus>(
        "rest bus of " + play_.buses[bus].name,
        actors::rest_bus_spec{result_.buses[bus], rest_bus_ports, std::move(messages), std::move(foreign)});
    for (std::uint32_t i = 0; i < places.size(); ++i) result_.cyclic[places[i]] = {host, i};
    for (std::uint32_t i = 0; i < causes.size(); ++i) result_.traffic[causes[i]] = {host, count + i};
  }

  bool is_recorded() const { return options_.trace != nullptr || options_.log != nullptr; }

  void raise_recorder() {
    if (!is_recorded()) return;
    std::vector<actors::recording> recordings;
    if (options_.trace) recordings.push_back({trace::make_writer(options_.trace_format), options_.trace});
    if (options_.log) recordings.push_back({options_.log, nullptr});
    const auto listener = home_.spawn<actors::recorder>("recorder", std::move(recorded_),
                                                        std::move(recordings), fault_texts(play_));
    for (const auto& bus : result_.buses)
      caf::anon_send(bus, actors::attach_port{recorder_port, {can::filter::everything()}, listener, false});
  }

  actors::stage& home_;
  const scenario& play_;
  const build_options& options_;
  carriers carriers_;
  std::vector<actors::shared_data_actor> shared_;
  std::map<ecu_index, std::vector<actors::shared_place>> places_;
  std::vector<actors::recorded_bus> recorded_;                     ///< if anybody records
  std::vector<std::vector<actors::connection_host_actor>> hosts_;  ///< by bus and port
  cast result_;
};

}  // namespace

std::string cast::name_of_port(actors::port_id port) {
  if (port >= rest_bus_ports && port < script_port) return "a node of nobody";
  return port == script_port ? "the script" : "a node outside";
}

std::vector<std::string> fault_texts(const scenario& play) {
  std::vector<std::string> texts;
  for (const auto& one : play.faults) texts.push_back(one.text);
  return texts;
}

cast build(actors::stage& home, const scenario& play, const build_options& options) {
  return construction{home, play, options}.build();
}

}  // namespace canstage::scenarios

#include "scenarios/builder.hpp"

#include <map>
#include <utility>

#include "actors/bare_endpoint.hpp"
#include "actors/connection.hpp"
#include "actors/ecu.hpp"
#include "actors/ensemble.hpp"
#include "actors/gateway.hpp"
#include "actors/recorder.hpp"
#include "actors/rest_bus.hpp"
#include "actors/shared_data.hpp"
#include "actors/socket_bus.hpp"
#include "actors/tester.hpp"
#include "actors/virtual_bus.hpp"
#include "protocols/can/arbiter.hpp"
#include "scenarios/address_range.hpp"
#include "scenarios/lua/lua_script.hpp"

namespace canstage::scenarios {

namespace {

constexpr actors::port_id tester_ports = 0x4000'0000;  ///< ports of testers themselves, by tester
constexpr actors::port_id ports_per_tester = 0x1'0000;
constexpr actors::port_id rest_bus_ports = 0x6800'0000;  ///< of cyclic frames, in their order
constexpr actors::port_id gateway_ports = 0x6000'0000;   ///< one per gateway, on both of its buses
constexpr actors::port_id recorder_port = 0x7FFF'FFFF;

/// A connection that is to be made, and who is behind it.
struct planned {
  std::string title;
  actors::hosted_node node;
};

/// Everything that one bus will host, in the order of its ports.
struct bus_plan {
  std::vector<planned> nodes;
  std::vector<std::pair<ecu_index, actors::port_id>> ecus;
  std::vector<std::pair<endpoint_index, actors::port_id>> endpoints;  ///< those that the script uses
};

/// The connection of an ECU or endpoint.
template <class Node>
actors::connection_spec spec_of(const Node& who) {
  return {.address = who.address, .settings = who.isotp, .faults = who.faults};
}

class construction {
 public:
  construction(actors::stage& home, const scenario& play, const build_options& options)
      : home_(home), play_(play), options_(options), plans_(play.buses.size()) {}

  cast build() {
    result_.ecus.resize(play_.ecus.size());
    result_.cyclic.resize(play_.cyclic.size());
    result_.testers.resize(play_.testers.size());
    result_.endpoints.resize(play_.endpoints.size());
    for (ecu_index i = 0; i < play_.ecus.size(); ++i) plan_ecu(i);
    for (endpoint_index i = 0; i < play_.endpoints.size(); ++i) plan_endpoint(i);
    std::vector<actors::tester_spec> testers;
    for (const auto& who : play_.testers) testers.push_back(plan_tester(who));
    raise_shared_data();
    for (bus_index i = 0; i < play_.buses.size(); ++i) raise(i);
    tell_owners();
    for (std::size_t i = 0; i < play_.gateways.size(); ++i) raise_gateway(i);
    for (tester_index i = 0; i < play_.testers.size(); ++i) raise_tester(i, std::move(testers[i]));
    for (bus_index i = 0; i < play_.buses.size(); ++i) raise_rest_bus(i);
    raise_recorder();
    return std::move(result_);
  }

 private:
  /// `spec` is without what depends on the bus: port and burst.
  actors::port_id plan(bus_index bus, std::string title, actors::connection_spec spec,
                       actors::hosted_user user) {
    auto& nodes = plans_[bus].nodes;
    const auto& where = play_.buses[bus];
    spec.port = static_cast<actors::port_id>(nodes.size());
    spec.burst = where.carrier.is_virtual() ? can::arbiter{where.rates}.burst() : actors::socket_bus::burst;
    nodes.push_back({std::move(title), {spec, std::move(user)}});
    return spec.port;
  }

  std::shared_ptr<uds::script> script_of(const ecu& who) {
    if (who.script == nullptr) return nullptr;
    return std::make_shared<lua_script>(
        who.script, who.name, random_stream{options_.seed, "script " + who.name},
        [report = options_.on_script_error, name = who.name](instant at, const std::string& text) {
          if (report) report(at, name, text);
        });
  }

  void plan_ecu(ecu_index index) {
    const auto& who = play_.ecus[index];
    if (who.real) return;
    const auto port = plan(
        who.bus, "ecu " + who.name, spec_of(who),
        actors::hosted_server{who.uds, random_stream{options_.seed, "ecu " + who.name}, script_of(who), {}});
    plans_[who.bus].ecus.emplace_back(index, port);
    for (const auto& own : who.testers) {
      auto spec = spec_of(who);
      spec.address = own.ids;
      plan(who.bus, "ecu " + who.name + " for " + own.tester, spec, actors::hosted_for_tester{port});
    }
  }

  void plan_endpoint(endpoint_index index) {
    const auto& who = play_.endpoints[index];
    if (who.real) return;
    actors::hosted_user user = actors::external_user{};
    if (who.what == endpoint::behaviour::echo) user = actors::hosted_echo{};
    if (who.what == endpoint::behaviour::swallow) user = actors::hosted_swallow{};
    const auto port = plan(who.bus, "endpoint " + who.name, spec_of(who), std::move(user));
    if (who.what == endpoint::behaviour::none) plans_[who.bus].endpoints.emplace_back(index, port);
  }

  /// Ports only: the hosts of the connections do not exist yet.
  actors::tester_spec plan_tester(const tester& who) {
    actors::tester_spec spec;
    for (const auto index : who.ecus) {
      const auto& partner = play_.ecus[index];
      const auto port = plan(who.bus, "tester " + who.name + " to " + partner.name,
                             {.address = mirrored(address_for(partner, who.name)), .settings = who.isotp},
                             actors::external_user{});
      spec.peers.push_back({{}, port});
    }
    if (who.functional) {
      const isotp::addressing to_all{.rx = *who.functional,
                                     .tx = *who.functional,
                                     .functional_rx = {},
                                     .functional_tx = who.functional,
                                     .functional_tx_address_byte = who.functional_address_byte};
      const auto port =
          plan(who.bus, "tester " + who.name + " to all",
               {.address = to_all, .settings = who.isotp, .hears = false}, actors::external_user{});
      spec.to_all = {{}, port};
    }
    for (const auto& range : who.listen) append_filters(range, spec.listen);
    spec.settings = who.isotp;
    return spec;
  }

  void raise(bus_index index) {
    const auto& nodes = plans_[index].nodes;
    if (options_.trace) {
      auto& bus = recorded_.emplace_back(actors::recorded_bus{play_.buses[index].name, {}});
      for (const auto& one : nodes) bus.nodes.push_back(one.title);
    }
    const auto automatic = nodes.size() > normal_cast_limit ? cast_kind::ensemble : cast_kind::normal;
    // An ensemble is the medium of its bus: there is none where the bus is outside.
    const bool can_be_ensemble = play_.buses[index].carrier.is_virtual();
    if (can_be_ensemble && options_.kind.value_or(automatic) == cast_kind::ensemble) {
      raise_ensemble(index);
    } else {
      raise_normal(index);
    }
    for (const auto& [place, port] : plans_[index].endpoints) raise_user(index, place, port);
    plans_[index].nodes = {};
  }

  void raise_ensemble(bus_index index) {
    const auto& what = play_.buses[index];
    std::vector<actors::hosted_node> nodes;
    for (auto& one : plans_[index].nodes) nodes.push_back(std::move(one.node));
    const auto hosted = nodes.size();
    const auto handle =
        home_.spawn<actors::ensemble>("bus " + what.name, index, what.rates, std::move(nodes));
    result_.buses.emplace_back(handle);
    hosts_.emplace_back(hosted, actors::connection_host_actor{handle});
    for (const auto& [ecu, port] : plans_[index].ecus) result_.ecus[ecu] = {handle, port};
  }

  actors::bus_actor raise_bus(bus_index index) {
    const auto& what = play_.buses[index];
    if (what.carrier.is_virtual())
      return home_.spawn<actors::virtual_bus>("bus " + what.name, index, what.rates);
    if (!reader_) reader_ = std::make_shared<transports::reader>();
    return home_.spawn<actors::socket_bus>(
        "bus " + what.name,
        actors::socket_bus_spec{index, what.carrier.where, reader_, options_.on_bus_event});
  }

  void raise_normal(bus_index index) {
    const auto bus = raise_bus(index);
    result_.buses.emplace_back(bus);
    auto& hosts = hosts_.emplace_back();
    auto ecu = plans_[index].ecus.begin();
    auto& nodes = plans_[index].nodes;
    const auto raise_connection = [&](const planned& one) {
      const auto port = one.node.connection.port;
      hosts.emplace_back(
          home_.spawn<actors::connection>("connection of " + one.title, one.node.connection, bus));
      return actors::connection_handle{hosts.back(), port};
    };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const auto handle = raise_connection(nodes[i]);
      if (auto* server = std::get_if<actors::hosted_server>(&nodes[i].node.user)) {
        actors::ecu_extras extras{server->script, {}, std::move(server->shared)};
        auto& title = nodes[i].title;
        while (i + 1 < nodes.size() && is_for_tester(nodes[i + 1]))
          extras.further_testers.push_back(raise_connection(nodes[++i]));
        raise_ecu(std::move(title), *server, handle, std::move(extras), *ecu++);
      } else if (!std::holds_alternative<actors::external_user>(nodes[i].node.user)) {
        const bool echoes = std::holds_alternative<actors::hosted_echo>(nodes[i].node.user);
        const auto who = home_.spawn<actors::bare_endpoint>(std::move(nodes[i].title), echoes, handle);
        caf::anon_send(handle.host, handle.id, actors::connection_user_actor{who});
      }
    }
  }

  static bool is_for_tester(const planned& one) {
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
  void raise_shared_data() {
    for (const auto& what : play_.shared) {
      const auto handle = home_.spawn<actors::shared_data>("shared data " + what.name);
      shared_.push_back(handle);
      for (std::uint32_t rank = 0; rank < what.owners.size(); ++rank) {
        const auto& owner = what.owners[rank];
        places_[owner.ecu].push_back({owner.did, rank, handle});
      }
    }
    for (auto& plan : plans_)
      for (const auto& [ecu, port] : plan.ecus)
        if (const auto known = places_.find(ecu); known != places_.end())
          std::get<actors::hosted_server>(plan.nodes[port].node.user).shared = known->second;
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
    if (messages.empty()) return;
    const auto host = home_.spawn<actors::rest_bus>("rest bus of " + play_.buses[bus].name,
                                                    result_.buses[bus], rest_bus_ports, messages);
    for (std::uint32_t i = 0; i < places.size(); ++i) result_.cyclic[places[i]] = {host, i};
  }

  void raise_recorder() {
    if (!options_.trace) return;
    const auto listener = home_.spawn<actors::recorder>("recorder", std::move(recorded_),
                                                        options_.trace_format, options_.trace);
    for (const auto& bus : result_.buses)
      caf::anon_send(bus, actors::attach_port{recorder_port, {can::filter::everything()}, listener, false});
  }

  actors::stage& home_;
  const scenario& play_;
  const build_options& options_;
  std::vector<bus_plan> plans_;
  std::vector<actors::shared_data_actor> shared_;
  std::map<ecu_index, std::vector<actors::shared_place>> places_;
  std::vector<actors::recorded_bus> recorded_;                     ///< if there is a trace
  std::vector<std::vector<actors::connection_host_actor>> hosts_;  ///< by bus and port
  std::shared_ptr<transports::reader> reader_;                     ///< of all buses that are sockets
  cast result_;
};

}  // namespace

cast build(actors::stage& home, const scenario& play, const build_options& options) {
  return construction{home, play, options}.build();
}

}  // namespace canstage::scenarios

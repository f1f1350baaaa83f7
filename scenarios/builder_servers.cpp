#include "scenarios/builder_servers.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "actors/connection.hpp"
#include "actors/isotpserver_server.hpp"
#include "actors/socketcand_server.hpp"
#include "protocols/isotpserver/pdu_text.hpp"
#include "transports/tcp_listener.hpp"

namespace canstage::scenarios {

namespace {

/// Connections of TCP clients, by exposure.
constexpr actors::port_id connection_ports = 0x4F00'0000;
/// Ports of socketcand servers and their clients, by exposure.
constexpr actors::port_id server_ports = 0x5000'0000;
constexpr actors::port_id ports_per_server = 0x1'0000;

/// The connection of the TCP clients that are a tester of an ECU: its frames are as long and as full as
/// those of the ECU.
actors::connection_spec tester_of(const ecu& who) {
  auto settings = std::make_shared<isotp::parameters>();
  settings->padding = who.isotp->padding;
  settings->tx_dl = who.isotp->tx_dl;
  settings->bit_rate_switch = who.isotp->bit_rate_switch;
  settings->compat = who.isotp->compat;
  settings->max_sdu = isotpserver::longest_message;
  return {.address = mirrored(who.address), .settings = std::move(settings)};
}

class servers {
 public:
  servers(actors::stage& home, const scenario& play, const cast& players,
          std::function<void(instant, const std::string&)> report)
      : home_(home), play_(play), players_(players), report_(std::move(report)) {}

  void raise(const listener_list& listeners) {
    const auto& exposed = play_.exposures;
    for (std::size_t i = 0; i < exposed.size(); ++i) {
      const auto index = static_cast<actors::port_id>(i);
      if (exposed[i].what != exposure::kind::bus) {
        raise_isotpserver(exposed[i], listeners[i], connection_ports + index);
      } else if (static_cast<std::size_t>(std::ranges::find(listeners, listeners[i]) - listeners.begin()) ==
                 i) {
        raise_socketcand(listeners, i);
      }
    }
  }

 private:
  void raise_isotpserver(const exposure& what, const std::shared_ptr<transports::tcp_listener>& listener,
                         actors::port_id port) {
    const bool is_ecu = what.what == exposure::kind::ecu;
    auto spec = is_ecu ? tester_of(play_.ecus[what.index]) : connection_of(play_.endpoints[what.index]);
    const auto& who = is_ecu ? play_.ecus[what.index].name : play_.endpoints[what.index].name;
    const auto& bus = players_.buses[is_ecu ? play_.ecus[what.index].bus : play_.endpoints[what.index].bus];
    spec.port = port;
    const auto host = home_.spawn<actors::connection>("connection of the TCP clients of " + who, spec, bus);
    home_.spawn<actors::isotpserver_server>(
        "isotpserver " + to_string(listener->address()),
        actors::isotpserver_server_spec{{listener, reader_, report_}, {host, port}, bus});
  }

  static actors::connection_spec connection_of(const endpoint& who) {
    return {.address = who.address, .settings = who.isotp, .faults = who.faults};
  }

  /// All buses of one listener.
  void raise_socketcand(const listener_list& listeners, std::size_t first) {
    const auto& listener = listeners[first];
    actors::socketcand_server_spec spec{{listener, reader_, report_},
                                        {},
                                        server_ports + static_cast<actors::port_id>(first) * ports_per_server,
                                        ports_per_server};
    for (auto i = first; i < listeners.size(); ++i) {
      const auto& what = play_.exposures[i];
      if (listeners[i] == listener)
        spec.buses.push_back({what.bus_name, players_.buses[what.index], what.index});
    }
    home_.spawn<actors::socketcand_server>("socketcand " + to_string(listener->address()), std::move(spec));
  }

  actors::stage& home_;
  const scenario& play_;
  const cast& players_;
  std::function<void(instant, const std::string&)> report_;
  std::shared_ptr<transports::reader> reader_ = std::make_shared<transports::reader>();
};

}  // namespace

void raise_servers(actors::stage& home, const scenario& play, const cast& players,
                   const listener_list& listeners, std::function<void(instant, const std::string&)> report) {
  if (!listeners.empty()) servers{home, play, players, std::move(report)}.raise(listeners);
}

}  // namespace canstage::scenarios

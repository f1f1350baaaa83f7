// Serves buses to clients of socketcand over TCP: each is one more node of the bus it has opened. Real
// time only.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/tcp_server.hpp"
#include "protocols/socketcand/server.hpp"

namespace canstage::actors {

/// A user of buses that has a TCP listener and clients.
using socketcand_server_actor = bus_user_actor::extend_with<tcp_server_actor>;

struct socketcand_server_spec {
  struct exposed_bus {
    std::string name;  ///< that clients open
    bus_actor bus;
    std::uint32_t index = 0;  ///< of the bus in its scenario
  };

  tcp_server_spec tcp;
  std::vector<exposed_bus> buses;
  /// Its own ports: the first ones listen, one on each bus, the others are those of clients.
  port_id first_port = 0;
  port_id ports = 0;
};

class socketcand_server final : public tcp_server<socketcand_server_actor> {
 public:
  socketcand_server(caf::actor_config& config, stage& home, std::string title, socketcand_server_spec spec);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  struct client {
    client(std::shared_ptr<const std::vector<std::string>> buses) : machine(std::move(buses)) {}
    socketcand::server machine;
    port_id port = 0;
    can::transmit_token next_token = 0;
    std::uint32_t in_flight = 0;  ///< frames that are not confirmed yet
    bool ended = false;           ///< it sends no more
    bool remarked = false;
    instant patience_until = never;  ///< for confirmations that it waits for
  };

  void on_client(tcp_client_id who) override;
  void on_bytes(tcp_client_id who, std::string_view input) override;
  void on_last_bytes(tcp_client_id who) override;
  void on_client_gone(tcp_client_id who) override;
  instant deadline() const override;
  void on_time() override;

  void on_frames(const frames_indication& run);
  void on_confirm(const transmit_confirm& sent);
  void drain(tcp_client_id who, client& one);
  void join(client& one);
  void check_flight(tcp_client_id who, client& one);
  port_id free_port();

  socketcand_server_spec spec_;
  std::shared_ptr<const std::vector<std::string>> names_;
  duration since_1970_;  ///< at the start of the run
  std::map<tcp_client_id, client> clients_;
  std::unordered_map<port_id, tcp_client_id> by_port_;
  port_id last_port_ = 0;
  std::uint64_t fd_frames_ = 0;
  std::uint64_t remote_frames_ = 0;
};

}  // namespace canstage::actors

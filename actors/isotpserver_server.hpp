// Lets TCP clients use an ISO-TP connection as can-utils' isotpserver does: each client sends messages
// through it, in turn, and all of them get what it receives. Real time only.
//
// Without clients the connection is not on its bus, as if isotpserver had not opened its socket. A
// transmission that fails ends its client, a reception that breaks off ends them all: TCP has no other
// way to say so here.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "actors/tcp_server.hpp"
#include "protocols/isotpserver/pdu_text.hpp"

namespace canstage::actors {

/// A user of a connection that has a TCP listener and clients.
using isotpserver_server_actor = connection_user_actor::extend_with<tcp_server_actor>;

struct isotpserver_server_spec {
  tcp_server_spec tcp;
  connection_handle connection;  ///< whose only user it is
  bus_actor bus;                 ///< that the connection is on
};

class isotpserver_server final : public tcp_server<isotpserver_server_actor> {
 public:
  /// A client that sends no more is listened to for so long after its last message was sent: there may
  /// be an answer.
  static constexpr duration farewell = std::chrono::milliseconds{500};

  isotpserver_server(caf::actor_config& config, stage& home, std::string title, isotpserver_server_spec spec);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  struct client {
    isotpserver::reader input;
    std::optional<bytes> next;  ///< a message that waits for its turn
    bool ended = false;         ///< it sends no more
    bool remarked = false;
    instant leaves_at = never;
  };

  void on_client(tcp_client_id who) override;
  void on_bytes(tcp_client_id who, std::string_view input) override;
  void on_last_bytes(tcp_client_id who) override;
  void on_client_gone(tcp_client_id who) override;
  instant deadline() const override;
  void on_time() override;

  void on_confirm(const n_usdata_confirm& sent);
  void on_message(const n_usdata_indication& message);
  void take_next(tcp_client_id who, client& one);
  void send_next();
  void leave_if_alone();

  isotpserver_server_spec spec_;
  std::map<tcp_client_id, client> clients_;
  std::deque<tcp_client_id> turns_;       ///< those with a message that waits
  std::optional<tcp_client_id> sending_;  ///< whose message is under way
  bool on_bus_ = true;
};

}  // namespace canstage::actors

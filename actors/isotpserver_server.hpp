// Lets TCP clients use an ISO-TP connection as can-utils' isotpserver does: each client sends messages
// through it, in turn, and all of them get what it receives. Real time only.
//
// Without clients the connection is not on its bus, as if isotpserver had not opened its socket. A
// transmission that fails ends its client, a reception that breaks off ends them all: TCP has no other
// way to say so here.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "actors/stage_actor.hpp"
#include "actors/tcp_clients.hpp"
#include "protocols/isotpserver/pdu_text.hpp"

namespace canstage::actors {

/// A user of a connection that has a TCP listener and clients.
using isotpserver_server_actor =
    connection_user_actor::extend<caf::reacts_to<tcp_ready>,  // a client came, wrote, or has room
                                  caf::reacts_to<wake_up>>;   // a client has waited long enough

struct isotpserver_server_spec {
  std::shared_ptr<transports::tcp_listener> listener;  ///< open
  std::shared_ptr<transports::reader> reader;
  connection_handle connection;  ///< whose only user it is
  bus_actor bus;                 ///< that the connection is on
  /// A client was dropped ...: one sentence. Called from any thread.
  std::function<void(instant, const std::string&)> report;
};

class isotpserver_server final : public stage_actor<isotpserver_server_actor>, private tcp_client_owner {
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

  void on_confirm(const n_usdata_confirm& sent);
  void on_message(const n_usdata_indication& message);
  void on_wake();
  void settle();
  void take_next(tcp_client_id who, client& one);
  void send_next();
  void leave_if_alone();

  isotpserver_server_spec spec_;
  std::map<tcp_client_id, client> clients_;
  std::deque<tcp_client_id> turns_;       ///< those with a message that waits
  std::optional<tcp_client_id> sending_;  ///< whose message is under way
  bool on_bus_ = true;
  alarm alarm_;
  tcp_clients tcp_;
};

}  // namespace canstage::actors

// The TCP side of an actor that serves clients: accepts them, reads, writes, and drops who misbehaves.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/report_budget.hpp"
#include "actors/tcp_ready.hpp"
#include "protocols/time.hpp"
#include "transports/one_shot_set.hpp"
#include "transports/tcp_listener.hpp"
#include "transports/tcp_stream.hpp"

namespace canstage::actors {

using tcp_client_id = tcp_socket_id;

/// What an actor knows about its clients.
class tcp_client_owner {
 public:
  virtual void on_client(tcp_client_id who) = 0;
  virtual void on_bytes(tcp_client_id who, std::string_view input) = 0;
  /// It sends no more; it is there until it is dropped.
  virtual void on_last_bytes(tcp_client_id who) = 0;
  /// It is no more.
  virtual void on_client_gone(tcp_client_id who) = 0;

 protected:
  ~tcp_client_owner() = default;
};

/// Part of an actor. The calls to the owner are made within `on_ready` and `sweep` only.
class tcp_clients {
 public:
  /// Who comes while that many are there is turned away.
  static constexpr std::size_t limit = 256;

  /// `listener` is open. `ready` is called on the reader's thread, and must not keep the actor alive.
  tcp_clients(tcp_client_owner& owner, std::shared_ptr<transports::tcp_listener> listener,
              std::shared_ptr<transports::reader> thread, std::function<void(tcp_client_id)> ready,
              std::function<void(instant, const std::string&)> report);
  ~tcp_clients() { close(); }
  tcp_clients(const tcp_clients&) = delete;
  tcp_clients& operator=(const tcp_clients&) = delete;

  // Inputs.
  void on_ready(instant now, tcp_client_id who);
  /// After everything that may have written: lets go of those that are gone, and waits for the others.
  void sweep(instant now);

  // For the owner.
  void write(tcp_client_id who, std::string_view text);
  /// Whether its bytes are wanted: while they are not, TCP slows it down. They are in the beginning.
  void want_bytes(tcp_client_id who, bool wanted);
  /// It did nothing wrong, and is not needed any more.
  void let_go(tcp_client_id who);
  /// With the reason in the report, without a full stop: "it does not read".
  void drop(tcp_client_id who, std::string reason);
  /// Something about a client that stays.
  void remark(instant now, tcp_client_id who, const std::string& text);
  /// Everything ends.
  void close();

 private:
  struct client {
    transports::tcp_stream stream;
    std::string peer;
    std::string reason;  ///< why it is dropped
    bool wanted = true;  ///< its bytes
    bool ended = false;  ///< it sends no more
    bool gone = false;   ///< until it is swept away
    bool awaits_bytes = false;
    bool awaits_room = false;
  };

  void accept(instant now);
  void receive(tcp_client_id who, client& from);
  void await(client& one);
  void mark(tcp_client_id who, std::string reason);

  tcp_client_owner& owner_;
  std::shared_ptr<transports::tcp_listener> listener_;
  std::optional<transports::one_shot_set> waits_;
  std::function<void(tcp_client_id)> ready_;
  report_budget report_;
  std::unordered_map<tcp_client_id, client> clients_;
  std::vector<tcp_client_id> touched_;  ///< may be gone, or have something to await
  tcp_client_id last_ = 0;
  bool full_ = false;  ///< reported
};

}  // namespace canstage::actors

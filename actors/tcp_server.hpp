// What the servers for TCP clients have in common: a listener, clients, and an alarm for their patience.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "actors/stage_actor.hpp"
#include "actors/tcp_clients.hpp"
#include "actors/tcp_ready.hpp"

namespace canstage::actors {

/// Where clients come from, and who is told about them.
struct tcp_server_spec {
  std::shared_ptr<transports::tcp_listener> listener;  ///< open
  std::shared_ptr<transports::reader> reader;
  /// A client was dropped ...: one sentence. Called from any thread.
  std::function<void(instant, const std::string&)> report;
};

/// The messages of a server beside those of what it serves.
using tcp_server_actor = caf::typed_actor<caf::reacts_to<tcp_ready>,  // a client came, wrote, or has room
                                          caf::reacts_to<wake_up>>;   // a client has waited long enough

/// Base of a server with the interface `Handle`. Whoever derives from it calls `settle` at the end of each
/// message that may have touched clients.
template <class Handle>
class tcp_server : public stage_actor<Handle>, protected tcp_client_owner {
 protected:
  tcp_server(caf::actor_config& config, stage& home, std::string title, const tcp_server_spec& spec)
      : stage_actor<Handle>(config, home, std::move(title)),
        alarm_(this->make_alarm(phase::application)),
        tcp_(*this, spec.listener, spec.reader,
             tell_ready<Handle>(caf::actor_cast<caf::weak_actor_ptr>(this)), spec.report) {}

  /// When the first client has waited long enough.
  virtual instant deadline() const = 0;
  /// Looks after those that have.
  virtual void on_time() = 0;

  void on_ready(const tcp_ready& what) {
    tcp_.on_ready(this->now(), what.which);
    settle();
  }

  void on_wake() {
    alarm_.woke();
    on_time();
    settle();
  }

  void settle() {
    tcp_.sweep(this->now());
    alarm_.arm(deadline());
  }

  tcp_clients& tcp() { return tcp_; }

 private:
  alarm alarm_;
  tcp_clients tcp_;
};

}  // namespace canstage::actors

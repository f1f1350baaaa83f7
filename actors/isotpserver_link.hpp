// An ISO-TP connection that is on another machine, behind can-utils' isotpserver. Real time only.
//
// For its user it is as any connection, as far as isotpserver tells: there is no first frame, a request is
// confirmed when it was written, and one that was not sent over there shows in what does not come back.
// Functional requests and frames beside messages are for buses.
#pragma once

#include <string>

#include "actors/report_budget.hpp"
#include "actors/stage_actor.hpp"
#include "actors/tcp_link.hpp"
#include "protocols/isotpserver/client.hpp"

namespace canstage::actors {

/// A host of one connection that has a TCP connection.
using isotpserver_link_actor =
    connection_host_actor::extend<caf::reacts_to<tcp_ready>,  // something to read, or room to write
                                  caf::reacts_to<wake_up>>;   // connect, or give up

struct isotpserver_link_spec {
  connection_id id = 0;  ///< for its user
  duration n_as{0};      ///< how long a request may wait until it is written
  tcp_link_spec tcp;     ///< `report` may be called from any thread
};

class isotpserver_link final : public stage_actor<isotpserver_link_actor>, private tcp_link_owner {
 public:
  /// Waits until there is a connection, or the first attempt has failed.
  isotpserver_link(caf::actor_config& config, stage& home, std::string title, isotpserver_link_spec spec);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  void on_connected() override;
  void on_bytes(std::string_view input) override;
  void on_written() override;
  void on_lost() override;

  void on_wake();
  void settle();

  connection_id id_;
  report_budget report_;
  connection_user_actor user_;
  isotpserver::client machine_;
  /// isotpserver says nothing by itself, and one that has no bus ends at once: only a connection that
  /// lasts, or that something comes from, is a good one.
  instant good_at_ = never;
  alarm alarm_;
  tcp_link tcp_;
};

}  // namespace canstage::actors

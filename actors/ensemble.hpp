// A whole bus in one actor: medium, endpoints and servers, for great numbers of nodes.
//
// Plays exactly what the normal cast plays, to the byte. Machines are fed through the same functions;
// what must agree is the order of inputs at one machine. In the normal cast every actor takes its
// messages in turn; here the same is done level by level: what the medium has sent goes to the
// connections, what they indicate goes to their users, what those request goes back to the
// connections, until nothing is left; only then the next phase of this instant begins.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "actors/alarm_queue.hpp"
#include "actors/connection.hpp"
#include "actors/medium.hpp"
#include "actors/misdeeds.hpp"
#include "actors/shared_data.hpp"
#include "actors/stage_actor.hpp"
#include "protocols/random.hpp"
#include "protocols/uds/server.hpp"

namespace canstage::actors {

/// Who uses a hosted connection.
struct hosted_server {
  std::shared_ptr<const uds::server_config> settings;
  random_stream randomness;
  std::shared_ptr<uds::script> script{};  ///< null: tables and rules only
  std::vector<shared_place> shared{};
  std::vector<uds::drawn_answer_fault> faults{};
};
/// A further tester's connection of a server whose node came before.
struct hosted_for_tester {
  port_id server = 0;
};
struct hosted_echo {};
struct hosted_swallow {};
struct external_user {};  ///< an actor that says so, as with any connection
using hosted_user =
    std::variant<external_user, hosted_server, hosted_for_tester, hosted_echo, hosted_swallow>;

struct hosted_node {
  connection_spec connection;
  hosted_user user;
};

class ensemble final : public stage_actor<ensemble_actor> {
 public:
  ensemble(caf::actor_config& config, stage& home, std::string title, const medium_spec& bus,
           const std::vector<hosted_node>& nodes);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  enum class user_kind : std::uint8_t { external, server, echo, swallow };

  using node_index = std::uint32_t;
  static constexpr node_index no_node = 0xFFFF'FFFF;

  struct node {
    isotp::endpoint machine;
    std::shared_ptr<const isotp::parameters> settings;
    alarm_id timer = 0;  ///< in connection_timers_
    port_id port = 0;
    bool hears = true;
    user_kind user = user_kind::external;
    uds::tester_number tester = 0;  ///< of a server
    std::uint32_t user_place = 0;   ///< in servers_ or external_users_
    misdeeds done{};
  };

  struct server_place {
    uds::server machine;
    alarm_id timer = 0;    ///< in server_timers_
    node_index below = 0;  ///< of the first tester
    std::vector<node_index> further_testers{};
    std::vector<shared_place> shared{};
  };

  using connection_input =
      std::variant<frames_indication, transmit_confirm, n_usdata_request, unacknowledged_data_request,
                   leave_bus_request, reset_connection, wake_up>;
  using user_input = std::variant<n_usdata_confirm, n_usdata_ff_indication, n_usdata_indication, power_cycle,
                                  ecu_stimulus, wake_up>;

  struct connection_outlet;
  struct server_outlet;

  void add_node(const hosted_node& spec);
  void add_user(const hosted_user& who, node_index index, node& next);
  void attach(const node& who);
  node_index node_at(port_id port) const;
  void on_wake(phase what);
  void wake_due(alarm_queue& timers, phase what);
  void publish(const sent_run& run);
  void settle();
  void to_connection(node_index index, connection_input&& what);
  void to_user(node_index index, user_input&& what);

  medium medium_;
  std::vector<node> nodes_;
  std::vector<server_place> servers_;
  std::vector<connection_user_actor> external_users_;
  std::unordered_map<port_id, node_index> by_port_;
  std::unordered_map<port_id, bus_user_actor> owners_;  ///< of ports that are not hosted here

  alarm_queue connection_timers_;  ///< ids are places in nodes_
  alarm_queue server_timers_;      ///< ids are places in servers_
  alarm connection_alarm_;
  alarm server_alarm_;

  std::deque<std::pair<node_index, connection_input>> connection_inputs_;
  std::deque<std::pair<node_index, user_input>> user_inputs_;
};

}  // namespace canstage::actors

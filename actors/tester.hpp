// A tester as an actor: performs exchanges over one connection per ECU and one that sends to all.
#pragma once

#include <caf/all.hpp>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "actors/stage_actor.hpp"
#include "actors/unknown_responders.hpp"
#include "protocols/uds/exchange.hpp"

namespace canstage::actors {

/// What a tester needs to know.
struct tester_spec {
  /// One per ECU; the place in this list is the key of that responder in exchanges.
  std::vector<connection_handle> peers;
  /// Sends functional requests; none: the tester has no functional address.
  std::optional<connection_handle> to_all;
  bus_actor bus;
  /// Frames of unknown responders, heard only where nobody else claims the identifier.
  std::vector<can::filter> listen;
  /// Ports from this one on are the tester's own.
  port_id first_port = 0;
  std::shared_ptr<const isotp::parameters> settings;  ///< for unknown responders
};

class tester final : public stage_actor<tester_actor> {
 public:
  tester(caf::actor_config& config, stage& home, std::string title, tester_spec spec);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  struct running_exchange {
    uds::exchange machine;
    connection_id sent_on = 0;
    bool request_confirmed = false;
    caf::typed_response_promise<uds::exchange_report> promise;
  };
  using running = std::unique_ptr<running_exchange>;

  caf::result<uds::exchange_report> begin(const perform_exchange& command);
  void on_confirm(const n_usdata_confirm& end);
  void on_first_frame(const n_usdata_ff_indication& begin);
  void on_message(const n_usdata_indication& message);
  void on_unknown(can::identifier id, const n_usdata_indication& message);
  void on_wake(phase what);

  /// Whether that ECU may answer that exchange. Outside of the process an answer may overtake the
  /// confirmation of its request; the exchange knows what to do with it.
  static bool listens_to(const running_exchange& one, std::uint32_t key);

  /// Whose request a message answers, if several exchanges with that ECU run: one of its service.
  running_exchange* asker_of(std::uint32_t key, byte_view message) const;

  unknown_responders::owner_calls calls();
  void settle();

  tester_spec spec_;
  std::unordered_map<connection_id, std::uint32_t> keys_;
  std::vector<running> running_;  ///< in order of their begin
  unknown_responders unknown_;
  alarm exchange_alarm_;
  alarm connection_alarm_;
};

}  // namespace canstage::actors

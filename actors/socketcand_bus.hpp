// A CAN bus of another machine, reached through its socketcand. Real time only.
//
// socketcand does not tell a client what the client has sent: a frame is confirmed, and heard by the other
// ports of this bus, when it was written to the connection. While there is no connection, what is requested
// is lost, as on a bus without power: senders learn it from their own timeouts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actors/outer_ports.hpp"
#include "actors/report_budget.hpp"
#include "actors/stage_actor.hpp"
#include "actors/tcp_link.hpp"
#include "protocols/socketcand/client.hpp"

namespace canstage::actors {

/// A bus, and a TCP connection that is ready.
using socketcand_bus_actor = bus_actor::extend<caf::reacts_to<tcp_ready>>;

struct socketcand_bus_spec {
  std::uint32_t index = 0;  ///< of the bus in its scenario
  std::string bus;          ///< its name at the server
  tcp_link_spec tcp;        ///< `report` may be called from any thread
};

class socketcand_bus final : public stage_actor<socketcand_bus_actor>, private tcp_link_owner {
 public:
  /// Frames that a connection may hand over at once: TCP takes them without arbitration.
  static constexpr unsigned burst = 16;

  /// Waits until the bus is open, or the first attempt has failed.
  socketcand_bus(caf::actor_config& config, stage& home, std::string title, socketcand_bus_spec spec);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  void on_connected() override;
  void on_bytes(std::string_view input) override;
  void on_written() override;
  void on_lost() override;

  void on_transmit(const transmit_request& request);
  void on_wake();
  void drain();
  void flush();
  void arm();
  void note_not_carried(bool fd);

  std::string server_;  ///< for messages
  std::string bus_;
  report_budget report_;
  std::optional<socketcand::client> machine_;  ///< of the connection, if there is one
  outer_ports ports_;
  std::vector<can::frame> writing_;  ///< in the connection's queue; confirmed when that is empty
  std::uint64_t fd_frames_ = 0;      ///< not carried, in either direction
  std::uint64_t remote_frames_ = 0;  ///< likewise
  std::optional<std::uint32_t> last_error_;
  alarm alarm_;
  tcp_link tcp_;
};

}  // namespace canstage::actors

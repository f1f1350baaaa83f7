// A CAN bus outside of the process, reached through SocketCAN. Real time only.
//
// A frame is confirmed when it comes back from the kernel, and reaches the other ports of this bus at
// that moment: they hear it as the other programs on the bus do. While the interface is down, what is
// requested is lost, as on a bus without power: senders learn it from their own timeouts.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/frames_ahead.hpp"
#include "actors/outer_ports.hpp"
#include "actors/stage_actor.hpp"
#include "transports/can_socket.hpp"
#include "transports/filter_set.hpp"
#include "transports/reader.hpp"

namespace canstage::actors {

/// What the reader's thread received of a socket.
struct socket_input {
  struct heard {
    transports::received_frame frame;
    instant at;  ///< when the kernel received it
  };
  unsigned generation = 0;  ///< of the socket: each time it is opened it is another one
  std::shared_ptr<const std::vector<heard>> frames;
  transports::can_problem problem = transports::can_problem::none;
  std::uint32_t lost = 0;  ///< frames so far that came while the socket's buffer was full
};

/// A bus, and what its socket receives.
using socket_bus_actor = bus_actor::extend<caf::reacts_to<socket_input>>;

struct socket_bus_spec {
  std::uint32_t index = 0;  ///< of the bus in its scenario
  std::string interface;
  std::shared_ptr<transports::reader> reader;  ///< shared by all buses of a stage
  /// The interface went down or came back, the controller reports an error ...: one sentence. Called
  /// from any thread.
  std::function<void(instant, const std::string&)> report;
};

class socket_bus final : public stage_actor<socket_bus_actor> {
 public:
  /// Frames that a connection may hand over at once: a socket takes them without arbitration.
  static constexpr unsigned burst = 16;

  /// An interface that cannot be opened is tried again until it can.
  socket_bus(caf::actor_config& config, stage& home, std::string title, socket_bus_spec spec);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  void open();
  void watch();
  void go_down(transports::can_problem problem);
  void report(const std::string& sentence);

  void on_transmit(const transmit_request& request);
  void on_input(const socket_input& input);
  void on_wake();
  void flush();
  void hear_everything();
  void arm();

  socket_bus_spec spec_;
  std::shared_ptr<transports::can_socket> socket_;  ///< the reader's thread uses it too, to receive
  std::shared_ptr<frames_ahead> ahead_;             ///< of this socket
  transports::reader::callback receive_;            ///< likewise
  unsigned generation_ = 0;
  bool down_reported_ = false;
  outer_ports ports_;
  transports::filter_set filters_;
  alarm alarm_;
  instant retry_at_ = never;   ///< the kernel's queue was full
  instant reopen_at_ = never;  ///< the interface is down
  instant narrow_at_ = never;  ///< everything is heard until then
  std::uint32_t lost_ = 0;
  std::string last_error_;
};

}  // namespace canstage::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::socket_input)

// An ISO-TP connection that the kernel plays: a CAN_ISOTP socket, and one that watches the bus beside it.
// Real time only.
//
// For its user it is as any connection. While the interface is down what is requested fails at once, and
// every 200 ms it is tried to open the sockets again. The reader's thread is one batch ahead at most: what
// comes meanwhile waits in the kernel.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/connection.hpp"
#include "actors/stage_actor.hpp"
#include "protocols/isotp/kernel_service.hpp"
#include "transports/can_socket.hpp"
#include "transports/isotp_socket.hpp"
#include "transports/one_shot_set.hpp"

namespace canstage::actors {

/// What the reader's thread found at the two sockets.
struct kernel_input {
  /// With its time, by the clock of the kernel's stamps.
  template <class Content>
  struct stamped {
    Content content;
    duration stamp;
  };
  unsigned generation = 0;   ///< of the sockets: each time they are opened they are others
  std::uint64_t writes = 0;  ///< into the socket, before the rest was found
  bool idle = false;
  std::shared_ptr<std::vector<stamped<can::frame>>> frames;
  std::shared_ptr<std::vector<stamped<bytes>>> messages;
  std::vector<int> errors;
  instant stage_now;   ///< the same moment ...
  duration stamp_now;  ///< ... by two clocks
  transports::can_problem problem = transports::can_problem::none;
};

/// A host of connections, and what its sockets receive.
using kernel_connection_actor =
    connection_host_actor::extend<caf::reacts_to<kernel_input>, caf::reacts_to<wake_up>>;

struct kernel_connection_spec {
  connection_spec connection;
  std::string interface;
  std::shared_ptr<transports::one_shot_set> reader;  ///< shared by all such connections
  /// The interface went down or came back: one sentence. From any thread; null where the bus tells it.
  std::function<void(instant, const std::string&)> report;
};

/// What such a connection asks of the kernel.
transports::isotp_wish wish_of(const connection_spec& spec);

class kernel_connection final : public stage_actor<kernel_connection_actor> {
 public:
  /// An interface that cannot be opened is tried again until it can.
  kernel_connection(caf::actor_config& config, stage& home, std::string title, kernel_connection_spec spec);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  /// Shared with the reader's thread, which receives from both.
  struct sockets {
    transports::isotp_socket messages;
    transports::can_socket bus;
    std::atomic<std::uint64_t> writes = 0;
  };

  void open();
  void close();
  void watch();
  void go_down(transports::can_problem problem);
  void report(const std::string& sentence);
  void on_input(const kernel_input& input);
  void settle();
  void await();
  void write(const isotp::socket_write& what);
  void replay(const kernel_input& input, bool idle);
  static kernel_input collect(sockets& from, const timekeeper& time);

  kernel_connection_spec spec_;
  isotp::kernel_service machine_;
  std::shared_ptr<sockets> sockets_;
  unsigned generation_ = 0;
  bool down_reported_ = false;
  connection_user_actor user_;
  alarm alarm_;
  instant reopen_at_ = never;
};

}  // namespace canstage::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::kernel_input)

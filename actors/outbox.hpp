// What was requested of a socket and is not confirmed yet, in the order of the requests: frames that
// wait, and frames that the kernel has taken and whose echo is awaited.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "actors/messages.hpp"

namespace canstage::actors {

class outbox {
 public:
  /// Frames that may be under way in the kernel at once. Their echoes come back through the socket's
  /// receive buffer, which holds some 550 frames where nobody is root: they have to fit.
  static constexpr std::size_t window = 128;
  /// Frames that may wait; 5 MB.
  static constexpr std::size_t limit = 65'536;
  /// After this time without an echo nobody waits for it any more, and it takes no place in the
  /// window: the controller went bus off, or the echo was lost.
  static constexpr duration echo_patience = std::chrono::seconds{2};

  bool idle() const { return frames_.empty(); }
  std::size_t waiting() const { return frames_.size() - in_flight_; }

  /// False: there are too many already; this one is dropped.
  bool push(port_id port, can::transmit_token token, const can::frame& f);

  /// The next frames to hand to the kernel, as far as the window allows.
  std::vector<can::frame> next() const;
  /// The kernel took that many of them.
  void on_taken(instant now, std::size_t count);
  /// It never will take the first of them.
  void drop_next();

  /// An own frame came back: whose it was. Nothing if nobody waits for it any more.
  std::optional<can::sent_frame> on_echo(const can::frame& f);

  /// When the oldest echo is given up; `never` if none is awaited.
  instant deadline() const;
  void on_time(instant now);

  /// A frame that waits vanishes; one that is under way is no longer confirmed.
  void withdraw(port_id port, can::transmit_token token);
  /// Likewise all frames of a port.
  void detach(port_id port);

  void clear();

 private:
  template <class Predicate>
  void remove(Predicate wanted);

  std::deque<can::sent_frame> frames_;  ///< those in flight first; `start`: when the kernel took them
  std::size_t in_flight_ = 0;
};

}  // namespace canstage::actors

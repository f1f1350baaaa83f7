// The medium itself: who sends next, and when a frame has been sent.
//
// Rules, whatever hosts this machine:
//  - Nodes request frames; nothing is sent before `on_arbitrate`, which the host calls once per
//    round, after everything that happens in the nodes at this instant has happened. So the winner
//    depends on what was requested, never on the order in which requests came in.
//  - The lowest arbitration key wins; between equal keys the lower node, then that node's older
//    request. One frame at a time. A frame is valid, and its sender confirmed, at the end of its EOF;
//    the next one starts no earlier than an intermission later.
//  - A bus without bit rates is ideal: frames take no time, and one arbitration grants all that was
//    requested, in the same order.
//  - Frames that would collide behind the arbitration field, or merge because they are bit-identical, are
//    sent one after the other.
//  - The bus is free of errors, but for those that its faults make (disturbance.hpp). A frame is destroyed
//    at its CRC delimiter, where all nodes notice it at once: what follows are 6 bits of error flag, 8 of
//    error delimiter and the intermission. An ideal bus has no error frames.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "protocols/can/disturbance.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/can/node.hpp"
#include "protocols/can/request_queue.hpp"
#include "protocols/can/wire_time.hpp"
#include "protocols/time.hpp"

namespace canstage::can {

/// A frame that was sent: receivers have it and the sender is confirmed at `end`.
struct sent_frame {
  frame content;
  node_id node = 0;
  transmit_token token = 0;
  instant start;             ///< SOF
  instant end;               ///< end of EOF
  bool unconfirmed = false;  ///< the node has left, or was confirmed before: deliver, but confirm to nobody
  bool lost = false;         ///< confirm, but deliver to nobody
};

class arbiter {
 public:
  /// Without rates the bus is ideal.
  explicit arbiter(std::optional<bit_rates> rates, std::vector<drawn_fault> faults = {});

  // Observers.

  /// How many frames a node may hand over at once without waiting for confirmations: 1 where each
  /// end of frame can change who wins, many on an ideal bus.
  unsigned burst() const;

  /// Whether a frame is on the wire: the deadline is its end.
  bool sending() const { return on_wire_.has_value(); }

  /// Whether `on_arbitrate(now)` would start something.
  bool wants_arbitration(instant now) const;

  /// Requests that have not been granted, over all nodes.
  std::size_t pending() const;

  /// When `on_time` or `on_arbitrate` has something to do: the end of the frame on the wire, or the
  /// end of the intermission if somebody waits for it (past already if the bus was idle: arbitrate in
  /// this round), or when a fault lets go of something. `never` when idle, and on an ideal bus without
  /// faults, which takes no time: ask `wants_arbitration` there.
  instant deadline() const;

  // Inputs.

  /// Copies the frame. It is sent or withdrawn or vanishes with its node; never refused.
  void on_transmit(node_id node, transmit_token token, const frame& f);

  /// Takes a request back. False: it is on the wire or was sent already, and will be confirmed.
  bool on_withdraw(node_id node, transmit_token token);

  /// A node leaves the bus: its waiting requests vanish; a frame on the wire is finished, but no
  /// longer confirmed to anybody (its `sent_frame` is still delivered to the others).
  void on_detach(node_id node);

  /// The end of the frame on the wire, if `now` has reached it.
  void on_time(instant now);

  /// Grants the bus, if it is free at `now`.
  void on_arbitrate(instant now);

  /// A fault looks at what happens from now on, or no longer.
  void on_arm(std::uint32_t fault, bool on);

  /// The node is bus off, for `least` at least. Not on an ideal bus without `least`.
  void on_bus_off(instant now, node_id node, duration least);

  // Outputs.

  /// The next frame that was sent, in order; nothing when there are no more.
  std::optional<sent_frame> poll();

  /// What went wrong meanwhile, in order.
  std::vector<incident> take_incidents();

 private:
  using request = request_queue::request;

  void send(instant now, const request& what, bool lost = false);
  void arbitrate_disturbed(instant now);
  bool is_disturbed(instant now, request& winner, bool& lost);
  void end_disturbed(instant end);
  void destroy(instant end);
  void hold(instant now, node_id node, std::optional<request> first, duration least);

  std::optional<bit_rates> rates_;
  request_queue queue_;
  std::optional<sent_frame> on_wire_;
  std::unique_ptr<disturbance> disturbance_;  ///< null: there are no faults
  std::optional<request> destroyed_;          ///< what is on the wire, if it ends in an error frame
  instant free_at_;                           ///< end of the last intermission
  std::vector<sent_frame> sent_;
  std::size_t polled_ = 0;  ///< how many of `sent_` were handed out
};

}  // namespace canstage::can

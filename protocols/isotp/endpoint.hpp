// One end of an ISO-TP connection: sender and receiver of one physical pair of identifiers, and
// the functional identifier that goes with it. Any format, classic CAN and CAN FD.
//
// Rules, whatever hosts this machine:
//  - One input, then `poll` until it is empty, then look at `deadline`.
//  - N_SDUs leave in the order of their requests, one at a time, and each request is confirmed
//    exactly once, in that order too, so that a host can tell which one a confirm belongs to. What was
//    requested meanwhile waits; only that takes memory beyond the N_SDUs themselves.
//  - Every `transmit` is confirmed by the host (`on_confirm`) unless it was withdrawn.
//  - After any abort both directions work again.
//  - Sender and receiver share nothing but the token counter; each has its own timers. In half duplex a
//    request waits for the end of a reception, and what comes at the wrong time is ignored here.
//  - A frame or confirmation that comes at the very instant of a deadline is still in time. One that
//    comes later is not, even if the host has not called `on_time` in between: the result does not
//    depend on how punctual the host is.
//  - Functional N_PDUs are single frames: nothing else is sent or received with those identifiers.
//  - Frames of another N_AI, remote frames, and frames that cannot be N_PDUs change nothing at all.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/isotp/events.hpp"
#include "protocols/isotp/mischief.hpp"
#include "protocols/isotp/parameters.hpp"
#include "protocols/isotp/receiver.hpp"
#include "protocols/isotp/sender.hpp"
#include "protocols/time.hpp"

namespace canstage::isotp {

class endpoint {
 public:
  /// `burst`: how many frames the bus takes at once before it confirms (at least 1).
  /// `settings` is shared between the endpoints that have the same.
  /// They have no problems (see `validate`).
  endpoint(const addressing& address, std::shared_ptr<const parameters> settings, unsigned burst = 1);

  // Observers.

  const addressing& address() const;

  /// The next time at which `on_time` has something to do.
  instant deadline() const;

  /// Whether a message is being sent or waits to be sent.
  bool sending() const;

  /// Whether a segmented message is being received.
  bool receiving() const;

  /// How often each fault was put into practice since `misbehave`.
  fault_counts faults() const;

  // Inputs.

  /// L_Data.indication. Frames of other identifiers are ignored, as are frames that the standard
  /// says to ignore.
  void on_frame(instant now, const can::frame& f);

  /// L_Data.confirm: the frame of that token was sent, or those of `count` tokens from `first` on.
  void on_confirm(instant now, can::transmit_token first, std::uint32_t count = 1);

  /// The deadline was reached (earlier calls do nothing).
  void on_time(instant now);

  // The application's calls.

  /// N_USData.request, which takes `sdu`. An empty SDU, one of 2^32 bytes or more, and a functional one that
  /// does not fit a single frame or has no identifier to go to, are confirmed with N_ERROR when their turn
  /// comes and leave no trace on the bus.
  void request(instant now, bytes&& sdu, target_type target = target_type::physical);

  /// N_ChangeParameter: BS or STmin of this endpoint's flow control from now on. N_RX_ON while a
  /// message is being received, N_WRONG_VALUE for what does not fit a byte and for a reserved STmin,
  /// N_WRONG_PARAMETER for any other parameter (ISOTP-104). Poll afterwards, as after an input.
  change_result change_parameter(instant now, changeable_parameter which, std::uint32_t value);

  /// From now on this endpoint deviates from the standard as `options` say, which have no problems
  /// (see `validate`). Without any option set it behaves again. `reset` changes nothing about that.
  void misbehave(const misbehaviour& options);

  /// Power loss: everything is forgotten, nothing is confirmed or indicated. The host withdraws
  /// what it handed to the bus; confirmations that still come are ignored.
  void reset();

  // Outputs.

  /// Puts the next output into `out`; false when there is no more for now. A host that polls a lot
  /// polls into the same `out` again and again.
  bool poll(instant now, event& out) {
    if (receiver_.has_output(now)) return take_received(now, out);
    if (sender_.may_have_output()) return take_sent(now, out);
    return !queue_.empty() && take_any_output(now, out);
  }

  /// The next outputs, if they are consecutive frames: fills `out` (not empty) from its begin on and says
  /// how many there were, with consecutive tokens from `first` on. 0: `poll` says what is next, if anything.
  std::size_t poll_block(instant now, can::transmit_token& first, std::span<can::frame> out) {
    if (!sender_.in_block() || receiver_.has_output(now) || faults_ != nullptr) return 0;
    first = next_token_;
    return sender_.poll_block(now, next_token_, out);
  }

  /// As the first `poll`, for occasional use.
  std::optional<event> poll(instant now);

 private:
  struct queued_request {
    bytes sdu;
    target_type target;
  };

  bool take_received(instant now, event& out);
  bool take_sent(instant now, event& out);
  [[gnu::noinline]] bool take_any_output(instant now, event& out);
  void on_any_confirm(instant now, can::transmit_token first, std::uint32_t count);
  [[gnu::noinline]] void on_frame(instant now, const can::frame& f, target_type target);
  [[gnu::noinline]] void on_late(instant now, received_frame f, target_type target);
  void on_n_pdu(instant now, received_frame f, target_type target);
  void on_single(received_frame f, target_type target);
  void on_flow_control(instant now, received_frame f);
  bool is_usual(const can::frame& f) const;
  bool half_duplex_ignores(pci_type type) const;
  n_address address_to(target_type target) const;
  bool can_send(const bytes& sdu, target_type target) const;
  bool may_start() const;
  void start(instant now, bytes&& sdu, target_type target);
  [[gnu::noinline]] void start_any(instant now, bytes&& sdu, target_type target);
  [[gnu::noinline]] void enqueue(bytes&& sdu, target_type target);
  void start_next(instant now);
  bool overdue(instant now) const { return sender_.overdue(now) || receiver_.overdue(now); }

  addressing address_;
  std::shared_ptr<const parameters> settings_;  // first of all that points into it
  sender sender_;
  receiver receiver_;
  std::vector<queued_request> queue_;  // from `queue_head_` on; the entries before it are done
  std::unique_ptr<mischief> faults_;   // none: well-behaved
  std::uint32_t queue_head_ : 31 = 0;
  std::uint32_t takes_any_frame_ : 1;  ///< a physical frame is told by its identifier, and none is forbidden
  can::transmit_token next_token_ = 0;
};

}  // namespace canstage::isotp

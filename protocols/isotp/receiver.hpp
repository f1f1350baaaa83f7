// The receiver of an ISO-TP connection: puts one segmented N_SDU together and answers with flow control.
//
// Rules:
//  - A message begins with an FF that fits and ends with exactly one indication: N_OK with the data,
//    or a result without data. A message that never began (FC.OVFLW, ignored frames) has none.
//  - An FC is due N_Br after the FF and after every BS-th CF, never after the last CF (ISOTP-074). The
//    flow control policy says which one, when it is requested: CTS; WAIT, after which the next is due
//    `wait_interval` after its confirmation; or OVFLW, which ends the message with N_BUFFER_OVFLW. One
//    WAIT more in a row than N_WFTmax is not sent but ends the message with N_WFT_OVRN (ISOTP-076).
//  - Until an FC.CTS is requested CFs are not expected and are ignored; from its request on they are
//    accepted, even before its confirmation has been seen, for a fast peer's CF can overtake it.
//  - At most one FC is on its way. A further one waits for its confirmation or for N_Ar.
//  - RX_DL is the CAN_DL of the FF. A CF must be as long if more follow, and as long as the rest needs
//    if it is the last; any other is ignored and N_Cr keeps running (ISOTP-046, 047, 048). Only then its
//    SN is looked at: a wrong one ends the message, and the CFs behind it are unexpected (ISOTP-042, 043).
//  - A new SF or FF ends a running message with N_UNEXP_PDU and is taken as what it is (ISOTP-031, 080).
//    An FC that still waits for the old one is withdrawn. A functional SF disturbs nothing.
//  - Three timers: `n_br_` until the FC is requested, `n_ar_` until it is on the bus, `n_cr_` until the
//    next CF comes. STmin is not enforced: early CFs are accepted.
//  - FF_DL is a claim. Memory grows with the data that arrived, at most to twice that.
//  - An FC that misbehaviour withholds counts as sent and confirmed.
#pragma once

#include <array>
#include <cstdint>

#include "protocols/isotp/events.hpp"
#include "protocols/isotp/mischief.hpp"
#include "protocols/isotp/n_pdu.hpp"

namespace canstage::isotp {

class receiver {
 public:
  /// `settings` outlives the receiver. Flow control goes out to `fc_address`.
  receiver(const parameters& settings, const n_address& fc_address);

  // Observers.

  /// Whether a message has begun and not ended.
  bool receiving() const { return has(running); }

  /// Whether there is nothing that a new message interrupts, and nothing to poll.
  bool at_rest() const { return flags_ == 0; }

  /// The next timer, and whether N_Ar or N_Cr ended before `now`.
  instant deadline() const;
  bool overdue(instant now) const { return now > n_ar_ || now > n_cr_; }

  bool has_output(instant now) const {  // or it is worth the while to poll
    if (!has(outputs)) return false;
    return (flags_ & outputs) != fc_due || (now >= n_br_ && !has(fc_unconfirmed));
  }

  // Inputs.

  void on_single(byte_view data, target_type target);

  void on_first(instant now, const first_frame& ff, std::size_t rx_dl, mischief* faults);
  void on_consecutive(instant now, received_frame cf);

  /// The same for a physical frame of 8 bytes without address byte, of which nobody checks the padding: an
  /// SF, SF_DL 1 to 7, at rest; a CF.
  void on_usual_single(const can::frame& f);
  void on_usual_consecutive(instant now, const can::frame& f);

  void on_malformed_start();  ///< a physical SF or FF that is ignored
  void on_invalid();          ///< a frame that is none of ISO-TP's
  void on_confirm(instant now, can::transmit_token first, std::uint32_t count);
  void on_time(instant now);

  // Calls. N_ChangeParameter: of the flow control from now on; no message is being received.

  void set_bs(std::uint8_t bs) { bs_ = bs; }
  void set_stmin(st_min stmin) { stmin_ = stmin; }

  /// Forgets everything, changed parameters and the token of an unconfirmed FC included.
  void reset();

  // Outputs.

  /// Fills `out` with the next output; false if there is none. Takes `next_token` and advances it if
  /// the output is a frame. `faults`: null for a receiver that behaves.
  bool poll(instant now, can::transmit_token& next_token, mischief* faults, event& out);

  /// Whether the only output is a message of at most 7 bytes, and that output.
  bool only_short_message() const { return flags_ == short_ready; }
  void poll_short_message(event& out);

 private:
  /// What is to be polled, in this order; what is going on.
  enum flag : std::uint8_t {
    withdraw_fc = 1,   ///< withdraw `fc_token_`
    aborted = 2,       ///< indication of `abort_result_`
    begun = 4,         ///< first_frame_indication
    ready = 8,         ///< indication of `ready_`
    short_ready = 16,  ///< indication of `short_`
    fc_due = 32,       ///< an FC, from `n_br_` on and when none is on its way
    outputs = 63,
    running = 64,          ///< a message has begun and not ended
    fc_unconfirmed = 128,  ///< an FC is on its way
    busy = fc_due | running | fc_unconfirmed,
  };

  bool has(flag what) const { return (flags_ & what) != 0; }
  void add(flag what) { flags_ = static_cast<std::uint8_t>(flags_ | what); }
  void remove(flag what) { flags_ = static_cast<std::uint8_t>(flags_ & ~what); }

  [[gnu::noinline]] void make_room(event& out);
  void answer(instant now, duration delay);
  void request_fc(instant now, flow_status fs, duration delay);
  bool poll_fc(instant now, can::transmit_token& next_token, mischief* faults, event& out);
  void on_fc_sent(instant now);
  void forget_fc();
  void interrupt();
  void end(n_result result);
  [[gnu::noinline]] void abort(n_result result);
  [[gnu::noinline]] void take_if_padded(instant now, received_frame cf, std::size_t length);
  void ignore_consecutive();
  void take(instant now, received_frame cf, std::size_t length);
  [[gnu::noinline]] void take_with_more_room(instant now, received_frame cf, std::size_t length);
  [[gnu::noinline]] void end_block(instant now, std::uint8_t* place, byte_view data);
  [[gnu::noinline]] void grow(std::size_t size);
  void complete();

  const parameters* settings_;
  bytes sdu_;  ///< the running message: `received_` bytes, and room for more
  instant n_br_ = never;
  instant n_ar_ = never;
  instant n_cr_ = never;
  n_address fc_address_;
  std::uint32_t ff_dl_ = 0;
  std::uint32_t received_ = 0;
  can::transmit_token fc_token_ = 0;     ///< of the FC that is unconfirmed, or to be withdrawn
  bytes ready_;                          ///< a complete N_SDU, until it is polled
  std::array<std::uint8_t, 8> short_{};  ///< the same of up to 7 bytes, behind their number
  std::uint8_t flags_ = 0;               ///< a set of `flag`
  n_result abort_result_ = n_result::n_ok;
  target_type ready_target_ = target_type::physical;
  flow_status fs_ = flow_status::cts;   ///< of the FC that is due, or was the latest
  std::uint8_t bs_;                     ///< of own flow control
  st_min stmin_;                        ///< of own flow control
  std::uint8_t sn_ = 0;                 ///< of the next CF
  std::uint8_t received_in_block_ = 0;  ///< CFs since the latest FC, counted if BS is not 0
  std::uint8_t rx_dl_ = 0;              ///< RX_DL of the running message
  std::uint8_t waits_ = 0;              ///< FC.WAIT in a row
  std::uint16_t answers_ = 0;           ///< FCs of the running message so far
};

}  // namespace canstage::isotp

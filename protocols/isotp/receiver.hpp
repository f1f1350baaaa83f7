// The receiver of an ISO-TP connection: puts one segmented N_SDU together and answers with flow control.
//
// Rules:
//  - A message begins with an FF that fits and ends with exactly one indication: N_OK with the data,
//    or a result without data. A message that never began (FC.OVFLW, ignored frames) has none.
//  - FC.CTS is due N_Br after the FF and after every BS-th CF, never after the last CF (ISOTP-074).
//    While it is due CFs are not expected and are ignored; from its request on they are accepted, even
//    before its confirmation has been seen, for a fast peer's CF can overtake it.
//  - At most one FC is on its way. A further one waits for its confirmation or for N_Ar.
//  - A CF must be as long as the FF if more follow, and as long as the rest needs if it is the last;
//    any other is ignored and N_Cr keeps running (ISOTP-046, 047). Only then its SN is looked at: a wrong
//    one ends the message, and the CFs behind it are unexpected (ISOTP-042, 043).
//  - A new SF or FF ends a running message with N_UNEXP_PDU and is taken as what it is (ISOTP-031, 080).
//    An FC that still waits for the old message is withdrawn: the peer would take it for the new one's.
//    A functional SF belongs to another N_AI and disturbs nothing.
//  - Three timers: `n_br_` until the FC is requested, `n_ar_` until it is on the bus, `n_cr_` until the
//    next CF comes. STmin is not enforced: early CFs are accepted.
//  - FF_DL is a claim. Memory grows with the data that arrived, at most to twice that.
#pragma once

#include <cstdint>
#include <optional>

#include "protocols/bytes.hpp"
#include "protocols/isotp/events.hpp"
#include "protocols/isotp/n_pdu.hpp"
#include "protocols/isotp/parameters.hpp"
#include "protocols/time.hpp"

namespace canstage::isotp {

class receiver {
 public:
  /// `settings` outlives the receiver. Flow control goes out on `fc_id`.
  receiver(const parameters& settings, can::identifier fc_id);

  // Observers.

  /// Whether a message has begun and not ended.
  bool receiving() const { return running_; }

  instant deadline() const;

  /// Whether `poll` has an output.
  bool has_output(instant now) const;

  // Inputs.

  void on_single(const single_frame& sf, target_type target);
  void on_first(instant now, const first_frame& ff);
  void on_consecutive(instant now, const consecutive_frame& cf);
  void on_confirm(instant now, can::transmit_token token);
  void on_time(instant now);

  // Calls.

  /// Forgets everything, the token of an unconfirmed FC included.
  void reset();

  // Outputs.

  /// Takes `next_token` and advances it if the output is a frame.
  std::optional<event> poll(instant now, can::transmit_token& next_token);

 private:
  void request_fc(instant now, flow_status fs);
  void forget_fc();
  void abort(n_result result);
  void append(byte_view data);
  can::frame next_fc() const;

  const parameters* settings_;
  bytes sdu_;    ///< what has arrived of the running message
  bytes ready_;  ///< a complete N_SDU, until it is polled
  instant n_br_ = never;
  instant n_ar_ = never;
  instant n_cr_ = never;
  can::identifier fc_id_;
  std::uint32_t ff_dl_ = 0;
  can::transmit_token fc_token_ = 0;  ///< of the FC that is unconfirmed, or to be withdrawn
  bool running_ = false;
  bool fc_due_ = false;          ///< an FC is to be requested at `n_br_`
  bool fc_unconfirmed_ = false;  ///< an FC is on its way
  bool withdraw_fc_ = false;     ///< output: withdraw `fc_token_`
  bool aborted_ = false;         ///< output: indication of `abort_result_`
  bool begun_ = false;           ///< output: first_frame_indication
  bool is_ready_ = false;        ///< output: indication of `ready_`
  n_result abort_result_ = n_result::n_ok;
  target_type ready_target_ = target_type::physical;
  flow_status fs_ = flow_status::cts;   ///< of the FC that is due
  std::uint8_t sn_ = 0;                 ///< of the next CF
  std::uint8_t received_in_block_ = 0;  ///< CFs since the latest FC, counted if BS is not 0
};

}  // namespace canstage::isotp

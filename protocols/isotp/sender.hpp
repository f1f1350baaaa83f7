// The sender of an ISO-TP connection: one N_SDU at a time, from request to confirm.
//
//   idle ---- start, short -----> single --- confirm of SF ------------------------> ended
//   idle ---- start, usual -----> usual_single --- SF handed over -----------------> single
//   idle ---- start, long ------> first ---- confirm of FF -> flow_control_awaited
//   flow_control_awaited ------- FC.CTS --------------------> block
//   flow_control_awaited ------- FC.WAIT -------------------> itself, N_Bs anew
//   block ---------------------- confirm of last CF of block > flow_control_awaited
//   block ---------------------- confirm of last CF of all --> ended (N_OK)
//   any ------------------------ timeout, bad FC ------------> ended (result says why)
//   ended ---------------------- withdraws and confirm polled > idle
//
// Rules:
//  - A frame that is due is not kept anywhere: `poll` makes it from the N_SDU when its time has come. Only
//    the usual SF is made at once, and its N_SDU forgotten.
//  - FC counts only in `flow_control_awaited`, which begins when the FF, or the last CF of a block, is
//    on the bus; any other FC is ignored (ISOTP-061, 078, 079).
//  - BS and STmin are those of the latest FC.CTS (ISOTP-073). STmin runs from the end of a CF, so there
//    is none between an FC and the CF after it; N_Cs runs from either.
//  - While a CF is unconfirmed no other is handed over, unless the bus takes bursts and neither STmin
//    nor N_Cs asks for time between frames. A burst ends with the block, and N_As counts for each frame
//    from when it is the oldest, as it would if frames were handed over one by one.
//  - FC.OVFLW ends the transmission with N_BUFFER_OVFLW wherever an FC counts, also where the standard does
//    not allow it: the peer has said plainly that it takes no more (ISOTP-069).
//  - A CF that misbehaviour drops counts as sent and confirmed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "protocols/bytes.hpp"
#include "protocols/isotp/events.hpp"
#include "protocols/isotp/mischief.hpp"
#include "protocols/isotp/n_pdu.hpp"
#include "protocols/isotp/parameters.hpp"
#include "protocols/isotp/token_window.hpp"
#include "protocols/time.hpp"

namespace canstage::isotp {

class sender {
 public:
  /// `settings` outlives the sender. `to`: where physical and functional N_PDUs go. `burst` counts as at
  /// least 1 and at most `token_window::width`.
  sender(const parameters& settings, const std::array<n_address, 2>& to, unsigned burst);

  // Observers.

  /// Whether `start` or `reject` may be called.
  bool idle() const { return state_ == state::idle; }

  /// Whether a segmented message is on its way.
  bool segmenting() const {
    return state_ == state::flow_control_awaited || state_ == state::first || state_ == state::block;
  }

  /// The timer, and whether it ended before `now`.
  instant deadline() const { return deadline_; }
  bool overdue(instant now) const { return now > deadline_; }

  // Inputs. `faults`: null for a sender that behaves.

  void on_flow_control(instant now, const flow_control& fc, mischief* faults);

  /// An FC of less than 3 bytes.
  void on_short_flow_control();

  /// Of `count` tokens from `first` on.
  void on_confirm(instant now, can::transmit_token first, std::uint32_t count, mischief* faults);
  void on_time(instant now);

  /// The same for the SF of that token, in time. False: it is for something else, and nothing was done.
  bool on_usual_confirm(instant now, can::transmit_token token);

  // Calls.

  /// Begins to send `sdu`, and leaves memory in it that is free, if there is some. Idle; `sdu` has 1 to
  /// 2^32-1 bytes, `single_capacity` if functional.
  void start(instant now, bytes&& sdu, target_type target, mischief* faults);

  /// The same for a physical SF of 8 bytes without address byte, of a sender that behaves: most are such.
  /// False: it would be another frame, and nothing was done.
  bool start_usual_single(instant now, byte_view sdu);

  void reject(target_type target);  ///< ends a request that cannot be sent, with N_ERROR; idle
  void reset();                     ///< forgets everything, tokens of unconfirmed frames included

  // Outputs.

  /// Whether it is worth the while to `poll`, and to `poll_block`.
  bool may_have_output() const { return state_ > state::flow_control_awaited; }
  bool in_block() const { return state_ == state::block; }

  /// Fills `out` with the next output; false if there is none. Takes `next_token` and advances it if
  /// the output is a frame.
  bool poll(instant now, can::transmit_token& next_token, mischief* faults, event& out);

  /// Whether the next output is the confirm, and that output.
  bool has_confirm() const { return state_ == state::ended && unconfirmed_.empty(); }
  void poll_confirm(event& out);

  /// Whether the next output is the SF of `start_usual_single`, and that output.
  bool usual_single_due() const { return state_ == state::usual_single; }
  void poll_usual_single(instant now, can::transmit_token& next_token, can::frame& out);

  /// The same for CFs, as many as are due and `out` takes. Returns how many.
  std::size_t poll_block(instant now, can::transmit_token& next_token, std::span<can::frame> out);

 private:
  enum class state : std::uint8_t { idle, flow_control_awaited, ended, usual_single, single, first, block };

  const n_address& to() const { return to_[static_cast<std::size_t>(target_)]; }
  bool block_complete() const { return bs_ != 0 && sent_in_block_ == bs_; }
  bool cf_due(instant now, can::transmit_token next_token, mischief* faults) const;
  bool frame_due(instant now, can::transmit_token next_token, mischief* faults) const;
  void poll_single(instant now, can::transmit_token& next_token, can::frame& out);
  void hand_over(instant now, can::transmit_token& next_token, std::size_t count);
  void await_flow_control(instant now);
  void clear_to_send(instant now, const flow_control& fc, mischief* faults);
  void on_cf_done(instant now, mischief* faults);
  void end(n_result result);
  bool write_segment(can::frame& out, mischief* faults);
  bool write_next_consecutive(can::frame& out, mischief* faults);

  const parameters* settings_;
  bytes sdu_;
  std::array<std::uint8_t, can::max_classic_length> usual_single_;  ///< the frame of that state
  token_window unconfirmed_;
  instant deadline_ = never;     ///< frames unconfirmed: N_As; N_Bs; the earliest time of the next frame
  duration gap_{};               ///< before a CF: STmin of the FC.CTS that counts, or N_Cs
  std::array<n_address, 2> to_;  ///< by `target_type`
  std::uint32_t offset_ = 0;     ///< bytes of `sdu_` that were handed over
  unsigned waits_ = 0;           ///< FC.WAIT in a row
  state state_ = state::idle;
  target_type target_ = target_type::physical;
  n_result result_ = n_result::n_ok;
  bool cleared_ = false;            ///< there was an FC.CTS for this message
  std::uint8_t bs_ = 0;             ///< of the FC.CTS that counts; 0: no end of block
  std::uint8_t sent_in_block_ = 0;  ///< CFs handed over since then, counted if `bs_` is not 0
  std::uint8_t sn_ = 0;             ///< of the next CF
  std::uint8_t burst_ : 7;
  std::uint8_t always_8_bytes_ : 1;  ///< own frames are classic and padded, and have no address byte
};

}  // namespace canstage::isotp

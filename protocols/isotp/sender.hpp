// The sender of an ISO-TP connection: one N_SDU at a time, from request to confirm.
//
//   idle ---- start, short -----> single --- confirm of SF ------------------------> ended
//   idle ---- start, long ------> first ---- confirm of FF -> flow_control_awaited
//   flow_control_awaited ------- FC.CTS --------------------> block
//   flow_control_awaited ------- FC.WAIT -------------------> itself, N_Bs anew
//   block ---------------------- confirm of last CF of block > flow_control_awaited
//   block ---------------------- confirm of last CF of all --> ended (N_OK)
//   any ------------------------ timeout, bad FC ------------> ended (result says why)
//   ended ---------------------- withdraws and confirm polled > idle
//
// Rules:
//  - A frame that is due is not kept anywhere: `poll` makes it from the N_SDU when its time has come.
//  - FC counts only in `flow_control_awaited`, which begins when the FF, or the last CF of a block, is
//    on the bus; any other FC is ignored (ISOTP-061, 078, 079).
//  - BS and STmin are those of the latest FC.CTS (ISOTP-073). STmin runs from the end of a CF, so there
//    is none between an FC and the CF after it; N_Cs runs from either.
//  - While a CF is unconfirmed no other is handed over, unless the bus takes bursts and neither STmin
//    nor N_Cs asks for time between frames. A burst changes nothing but the number of unconfirmed CFs:
//    it ends with the block, and N_As counts for each frame from when it is the oldest of them, as it
//    would if frames were handed over one by one.
//  - One timer is enough. Frames unconfirmed: N_As. None unconfirmed: N_Bs in `flow_control_awaited`,
//    else the earliest time of the next frame.
//  - FC.OVFLW ends the transmission with N_BUFFER_OVFLW wherever an FC counts. After a later block the
//    standard does not allow it, but the peer has said plainly that it takes no more (ISOTP-069).
//  - Where implementations differ, `compatibility` decides.
//  - Misbehaviour changes the frames that leave and the time between them; a CF that is dropped counts
//    as sent and confirmed.
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

  instant deadline() const { return deadline_; }

  /// Whether a timer ended before `now`.
  bool overdue(instant now) const { return now > deadline_; }

  // Inputs. `faults`: null for a sender that behaves.

  void on_flow_control(instant now, const flow_control& fc, mischief* faults);

  /// An FC of less than 3 bytes.
  void on_short_flow_control();

  /// Of `count` tokens from `first` on.
  void on_confirm(instant now, can::transmit_token first, std::uint32_t count, mischief* faults);
  void on_time(instant now);

  // Calls.

  /// Begins to send `sdu`, and leaves memory in it that is free, if there is some. Idle; `sdu` has 1 to
  /// 2^32-1 bytes, `single_capacity` if functional.
  void start(instant now, bytes&& sdu, target_type target, mischief* faults);

  /// Ends a request that cannot be sent, with N_ERROR. Idle.
  void reject(target_type target);

  /// Forgets everything, tokens of unconfirmed frames included.
  void reset();

  // Outputs.

  /// Whether it is worth the while to `poll`.
  bool may_have_output() const { return state_ > state::flow_control_awaited; }

  /// Whether it is worth the while to ask for an SF or CFs.
  bool may_have_frames() const { return state_ >= state::block; }

  /// Whether an SF is due; see `poll_single`.
  bool single_due() const { return state_ == state::single && unconfirmed_.empty(); }

  /// Fills `out` with the next output; false if there is none. Takes `next_token` and advances it if
  /// the output is a frame.
  bool poll(instant now, can::transmit_token& next_token, mischief* faults, event& out);

  /// Whether the next output is the confirm, and that output.
  bool has_confirm() const { return state_ == state::ended && unconfirmed_.empty(); }
  void poll_confirm(event& out);

  /// The same for the SF that is due, of a sender that behaves.
  void poll_single(instant now, can::transmit_token& next_token, can::frame& out);

  /// The same for CFs, as many as are due and `out` takes. Returns how many.
  std::size_t poll_block(instant now, can::transmit_token& next_token, std::span<can::frame> out);

 private:
  enum class state : std::uint8_t { idle, flow_control_awaited, ended, first, block, single };

  const n_address& to() const { return to_[static_cast<std::size_t>(target_)]; }
  bool block_complete() const { return bs_ != 0 && sent_in_block_ == bs_; }
  bool cf_due(instant now, can::transmit_token next_token, mischief* faults) const;
  bool frame_due(instant now, can::transmit_token next_token, mischief* faults) const;
  void hand_over(instant now, can::transmit_token& next_token, std::size_t count);
  void await_flow_control(instant now);
  void clear_to_send(instant now, const flow_control& fc, mischief* faults);
  void on_cf_done(instant now, mischief* faults);
  void end(n_result result);
  bool write_segment(can::frame& out, mischief* faults);
  bool write_next_consecutive(can::frame& out, mischief* faults);

  const parameters* settings_;
  bytes sdu_;
  std::size_t offset_ = 0;  ///< bytes of `sdu_` that were handed over
  token_window unconfirmed_;
  instant deadline_ = never;     ///< see the rules: N_As, N_Bs, or the time of the next frame
  duration gap_{};               ///< before a CF: STmin of the FC.CTS that counts, or N_Cs
  std::array<n_address, 2> to_;  ///< by `target_type`
  unsigned waits_ = 0;           ///< FC.WAIT in a row
  state state_ = state::idle;
  target_type target_ = target_type::physical;
  n_result result_ = n_result::n_ok;
  bool cleared_ = false;            ///< there was an FC.CTS for this message
  std::uint8_t bs_ = 0;             ///< of the FC.CTS that counts; 0: no end of block
  std::uint8_t sent_in_block_ = 0;  ///< CFs handed over since then, counted if `bs_` is not 0
  std::uint8_t sn_ = 0;             ///< of the next CF
  std::uint8_t burst_;
};

}  // namespace canstage::isotp

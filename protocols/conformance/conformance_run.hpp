// Plays statements against a stack, one after the other, and collects what was found.
//
// After each of them it waits until the bus was silent for longer than N_Cr and N_Bs, so that nothing
// of the one is left when the next begins. A frame that still comes fails a statement that had passed.
// Whether the stack echoes is asked first, if nobody said so.
//
// Rules, as for every machine: one input, then `poll` until it is empty, then look at `deadline`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "protocols/conformance/player.hpp"
#include "protocols/conformance/result.hpp"
#include "protocols/conformance/setting.hpp"
#include "protocols/conformance/statement.hpp"

namespace canstage::conformance {

/// How one statement did.
struct statement_result {
  const statement* what = nullptr;
  verdict is = verdict::not_observable;
  std::string reason;  ///< why it is not observable
  finding found;       ///< of those that were played
};

class conformance_run {
 public:
  /// `selection`: some of `statements()`, in their order.
  conformance_run(const setting& known, std::vector<const statement*> selection);

  // Observers.

  bool finished() const { return stage_ == stage::over; }

  /// Those that have ended.
  const std::vector<statement_result>& results() const { return results_; }

  /// What is known about the stack by now.
  const setting& known() const { return known_; }

  /// Frames of the stack, since the run began.
  std::size_t heard() const { return heard_; }

  instant deadline() const;

  // Inputs.

  void start(instant now);

  /// Any frame on the bus; those that the stack does not send are ignored.
  void on_frame(instant now, const heard_frame& f);
  void on_confirm(instant now, can::transmit_token token);
  void on_time(instant now);

  // Outputs.

  std::optional<request> poll();

 private:
  enum class stage : std::uint8_t { idle, asking, playing, quieting, over };

  bool is_of_stack(const can::frame& f) const;
  void note_block_size(const can::frame& f);
  void ask_for_echo(instant now);
  void go_on(instant now);
  void begin_next(instant now);
  void end_statement();
  void quieten(instant now);
  void on_straggler(const heard_frame& f);
  void give_up();

  setting known_;
  std::vector<const statement*> selection_;
  std::size_t next_ = 0;
  std::vector<statement_result> results_;
  stage stage_ = stage::idle;
  std::optional<player> player_;
  can::transmit_token next_token_ = 0;
  complaints said_;      ///< in a statement before
  bool passed_ = false;  ///< the statement after which the stack has to be silent
  instant quiet_at_;     ///< the stack has been silent for long enough
  instant patience_;     ///< it never will be
  std::size_t heard_ = 0;
};

}  // namespace canstage::conformance

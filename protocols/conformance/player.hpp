// Plays one script against the stack: one step after the other, until all are met or one is not.
//
// Rules, as for every machine: one input, then `poll` until it is empty, then look at `deadline`. One
// frame is under way at a time; the next step begins when it was confirmed. A frame at the very instant
// of a deadline is in time.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocols/can/frame.hpp"
#include "protocols/can/node.hpp"
#include "protocols/conformance/result.hpp"
#include "protocols/conformance/script.hpp"
#include "protocols/isotp/events.hpp"

namespace canstage::conformance {

/// A frame that was on the bus.
struct heard_frame {
  can::frame content;
  instant start;  ///< SOF, or `end` where that is not known
  instant end;
};

/// What the driver wants from its bus.
using request = std::variant<isotp::transmit, isotp::withdraw>;

/// What is wrong with a frame whatever the statement, and is therefore said only once in a run.
struct complaints {
  bool values = false;   ///< a reserved STmin
  bool lengths = false;  ///< fillers that are not consistent
};

class player {
 public:
  /// Begins at `now`. Frames get `first_token` and those after it. `said`: what fails no script that
  /// does not check it.
  player(const setting& known, script what, instant now, can::transmit_token first_token,
         complaints said = {});

  // Observers.

  bool finished() const { return over_; }

  /// Complete once it has finished.
  const finding& found() const { return found_; }

  /// What there was to complain of in this script.
  complaints seen() const { return {!bad_value_.empty(), !filling_.broken.empty()}; }

  /// When the last frame of this script was on the bus, or its begin.
  instant last_frame() const { return last_frame_; }

  can::transmit_token next_token() const { return next_token_; }
  instant deadline() const;

  // Inputs.

  /// A frame of the stack.
  void on_frame(instant now, const heard_frame& f);
  void on_confirm(instant now, can::transmit_token token);
  void on_time(instant now);

  // Outputs.

  std::optional<request> poll();

 private:
  enum class course : bool { done, waiting };

  /// What the stack's frames showed about their fillers.
  struct filling {
    std::optional<bool> filled;  ///< up to 8 bytes
    std::optional<std::uint8_t> byte;
    std::string broken;  ///< what is not consistent
  };

  void play();
  course play(const send_step& what);
  course play(const flow_control_step& what);
  course play(const receive_step& what);
  course play(const silence_step& what);
  course play(check_step what);

  bool in_time(std::string expected, duration within);
  course on_flow_control(const heard_frame& f, byte_view n_pdu);
  byte_view n_pdu_of(const can::frame& f) const;
  void note_filling(const can::frame& f, std::size_t used);
  std::string described(const heard_frame& f) const;
  course fail(std::string expected, std::string got);
  course unexpected(std::string expected);
  void end(bool met);

  setting known_;
  script script_;
  complaints said_;
  std::size_t next_step_ = 0;
  finding found_;
  bool over_ = false;

  instant now_;
  instant last_frame_;
  instant mark_;  ///< from when the current step counts: the last thing that happened
  std::deque<heard_frame> inbox_;
  std::optional<request> out_;
  can::transmit_token next_token_;
  bool under_way_ = false;             ///< a frame was handed to the bus and not confirmed
  instant last_consecutive_;           ///< end of the driver's last CF
  std::optional<instant> last_heard_;  ///< end of the stack's last frame
  bool in_block_ = false;              ///< the next CF is not the first of its block: STmin is due
  duration st_min_{};                  ///< what the stack asked for
  unsigned bs_ = 0;
  unsigned sent_in_block_ = 0;
  std::size_t waits_ = 0;  ///< FC.WAIT that came
  filling filling_;
  std::string bad_value_;  ///< a reserved value in a flow control
};

}  // namespace canstage::conformance

// The frames of a trace once more, at their distances: which of them is due when, and what became of it.
//
// Rules:
//  - The schedule is nominal: a frame is due so long after the start as it came after the first frame of
//    its bus, divided by the speed. One that is late makes no other one late.
//  - Frames keep the order of the trace; where its times go back, the earlier ones count.
//  - A further pass begins when the last frame of the one before is due.
//  - What is not confirmed within `patience` is lost. Not more than `window` frames wait for that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"
#include "protocols/trace/reader.hpp"

namespace canstage::trace {

/// A speed is counted in these: 1'000'000 is that of the trace.
inline constexpr std::uint64_t original_speed = 1'000'000;

struct replay_settings {
  std::string bus;                       ///< whose frames are sent
  std::uint64_t speed = original_speed;  ///< from 1'000 to 1'000'000'000'000
  std::uint64_t passes = 1;
  bool fd = true;      ///< whether CAN FD frames can be sent; else they are left out
  bool remote = true;  ///< likewise remote frames
};

struct replay_report {
  std::uint64_t sent = 0;  ///< confirmed
  std::uint64_t lost = 0;  ///< handed over, and never confirmed
  std::uint64_t left_out_fd = 0;
  std::uint64_t left_out_remote = 0;
  std::optional<can::identifier> first_fd;      ///< that was left out
  std::optional<can::identifier> first_remote;  ///< likewise
  duration latest{0};                           ///< how late the latest frame was on the bus
};

class replay {
 public:
  static constexpr std::size_t window = 1024;
  static constexpr duration patience = std::chrono::milliseconds{2500};

  /// Opens the trace, once for each pass.
  using opener = std::function<std::unique_ptr<reader>()>;

  /// The first frame of the bus is due at `start`.
  replay(instant start, replay_settings settings, opener open);

  // Observers.
  instant deadline() const;
  bool finished() const { return !next_ && under_way_.empty(); }
  const replay_report& report() const { return report_; }

  // Inputs.

  /// Gives up what was awaited for too long.
  void on_time(instant now);

  /// `count` frames with consecutive tokens were on the bus, the last one at `at`.
  void on_sent(instant at, std::uint32_t first, std::uint32_t count);

  // Output.

  /// The next frame that is due. Its token is the number of frames before it, cut to 32 bits.
  std::optional<can::frame> poll(instant now);

 private:
  struct waiting_frame {
    std::uint32_t token = 0;
    instant due;
    instant given;
  };

  void advance();
  bool carried(const can::frame& f);
  instant due_at(instant time) const;

  replay_settings settings_;
  opener open_;
  std::unique_ptr<reader> from_;
  std::uint64_t passes_ = 0;            ///< begun
  std::optional<instant> trace_start_;  ///< of this pass, by the trace's clock
  instant pass_start_;                  ///< by the stage's
  std::optional<can::frame> next_;
  instant next_due_;
  bool any_ = false;         ///< this pass had a frame
  std::uint32_t token_ = 0;  ///< of the next frame
  std::deque<waiting_frame> under_way_;
  replay_report report_;
};

}  // namespace canstage::trace

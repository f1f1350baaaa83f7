// The one notion of time that protocol machines know.
//
// A machine never reads a clock: every input carries `now`, and `deadline()` says when
// the machine wants to be woken. Virtual and wall-clock runs differ only in who counts.
#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>

namespace canstage {

/// Counts nanoseconds since the start of a run. Has no `now()` on purpose.
struct stage_clock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<stage_clock>;
  static constexpr bool is_steady = true;
};

using duration = stage_clock::duration;
using instant = stage_clock::time_point;

/// The deadline of a machine that waits for nothing.
inline constexpr instant never = instant::max();

}  // namespace canstage

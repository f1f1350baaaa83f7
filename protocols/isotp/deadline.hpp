// Arithmetic of timers: `never` stays never, and a timeout too long to count means none.
#pragma once

#include <algorithm>
#include <cstdint>

#include "protocols/time.hpp"

namespace canstage::isotp {

/// The instant `delay` after `now`, at most `never`. `now` is not before the start of the run.
constexpr instant after(instant now, duration delay) {
  // Two times of 63 bits fit 64.
  const std::uint64_t sum =
      static_cast<std::uint64_t>(now.time_since_epoch().count()) + static_cast<std::uint64_t>(delay.count());
  constexpr auto latest = static_cast<std::uint64_t>(never.time_since_epoch().count());
  return instant{duration{static_cast<duration::rep>(std::min(sum, latest))}};
}

}  // namespace canstage::isotp

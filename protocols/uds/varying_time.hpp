// How long something takes that does not always take the same: drawn with every use, always within bounds.
//
// The same draws everywhere: nothing but integers and the four operations of IEEE 754, no function of a
// mathematical library.
#pragma once

#include <cstdint>

#include "protocols/random.hpp"
#include "protocols/uds/time_range.hpp"

namespace canstage::uds {

/// Which of the times within the bounds come how often.
enum class spread : std::uint8_t {
  uniform,
  normal,       ///< `mean` and `deviation`
  exponential,  ///< the lower bound and, on the average, up to `mean`: most are short, few are long
};

struct varying_time {
  varying_time() = default;
  /// Uniform.
  varying_time(const time_range& range) : bounds(range) {}  // NOLINT(google-explicit-constructor)
  varying_time(duration low, duration high) : bounds{low, high} {}

  time_range bounds{};
  spread how = spread::uniform;
  duration mean{0};
  duration deviation{0};
  /// So many of a million are drawn from `outliers` instead, whatever the bounds.
  std::uint32_t outliers_per_million = 0;
  time_range outliers{};

  /// A fixed time draws no number. `normal` and `exponential` draw again what lies out of bounds, up to 100
  /// times.
  duration draw(random_stream& randomness) const;

  friend bool operator==(const varying_time&, const varying_time&) = default;
};

}  // namespace canstage::uds

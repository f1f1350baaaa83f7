#include "protocols/uds/varying_time.hpp"

#include <algorithm>

namespace canstage::uds {

namespace {

constexpr std::int64_t one = std::int64_t{1} << 32;  ///< of the fractions below
constexpr int most_draws = 100;

duration draw_uniform(const time_range& range, random_stream& randomness) {
  if (range.low == range.high) return range.low;
  return duration{randomness.between(range.low.count(), range.high.count())};
}

/// Standard normal: the sum of twelve uniform numbers has a variance of 1 (Irwin and Hall). It ends at 6
/// deviations.
double draw_normal(random_stream& randomness) {
  std::int64_t sum = -6 * one;
  for (int i = 0; i < 12; ++i) sum += randomness.between(0, one);
  return static_cast<double>(sum) / static_cast<double>(one);
}

/// Exponential with mean 1, by comparing uniform numbers only (von Neumann 1951).
double draw_exponential(random_stream& randomness) {
  for (std::int64_t whole = 0;; ++whole) {
    const std::int64_t first = randomness.between(0, one - 1);
    std::int64_t last = first;
    bool odd = true;
    for (std::int64_t next = randomness.between(0, one - 1); next < last;
         next = randomness.between(0, one - 1)) {
      last = next;
      odd = !odd;
    }
    if (odd) return static_cast<double>(whole) + static_cast<double>(first) / static_cast<double>(one);
  }
}

duration times(duration what, double factor) {
  return duration{static_cast<duration::rep>(static_cast<double>(what.count()) * factor)};
}

}  // namespace

duration varying_time::draw(random_stream& randomness) const {
  constexpr std::int64_t million = 1'000'000;
  if (outliers_per_million > 0 && randomness.between(0, million - 1) < outliers_per_million)
    return draw_uniform(outliers, randomness);
  if (how == spread::uniform) return draw_uniform(bounds, randomness);
  duration found = mean;
  for (int i = 0; i < most_draws; ++i) {
    found = how == spread::normal ? mean + times(deviation, draw_normal(randomness))
                                  : bounds.low + times(mean - bounds.low, draw_exponential(randomness));
    if (found >= bounds.low && found <= bounds.high) return found;
  }
  return std::clamp(found, bounds.low, bounds.high);
}

}  // namespace canstage::uds

#include "protocols/learn/time_shape.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace canstage::learn {

namespace {

/// Nothing of an exponential distribution lies so far above its third quartile, but once in a hundred
/// thousand times.
constexpr std::int64_t outlier_distances = 10;
constexpr std::size_t most_outliers = 10;  ///< one in so many

/// Skewness: 0 for uniform and normal, 2 for exponential distributions.
constexpr double least_exponential_skewness = 1.0;
/// Kurtosis: 1.8 for uniform, 3 for normal distributions.
constexpr double least_normal_kurtosis = 2.4;

constexpr std::uint32_t million = 1'000'000;

struct moments {
  double mean = 0;
  double deviation = 0;
  double skewness = 0;
  double kurtosis = 0;
};

moments moments_of(const std::vector<duration>& times) {
  const auto count = static_cast<double>(times.size());
  moments found;
  for (const auto time : times) found.mean += static_cast<double>(time.count()) / count;
  double second = 0, third = 0, fourth = 0;
  for (const auto time : times) {
    const double distance = static_cast<double>(time.count()) - found.mean;
    const double square = distance * distance;
    second += square / count;
    third += square * distance / count;
    fourth += square * square / count;
  }
  // Rounded exactly everywhere (IEEE 754), unlike all other functions of the mathematical library.
  found.deviation = std::sqrt(second);
  if (second > 0) {
    found.skewness = third / (second * found.deviation);
    found.kurtosis = fourth / (second * second);
  }
  return found;
}

/// How many of the ascending times at the end are outliers.
std::size_t count_outliers(const std::vector<duration>& times) {
  const duration low = times[times.size() / 4];
  const duration high = times[times.size() * 3 / 4];
  if (high == low) return 0;
  const duration limit = high + outlier_distances * (high - low);
  const auto first = std::upper_bound(times.begin(), times.end(), limit);
  const auto count = static_cast<std::size_t>(times.end() - first);
  return count * most_outliers <= times.size() ? count : 0;
}

duration whole_microseconds(double nanoseconds) {
  constexpr double microsecond = 1000;
  return std::chrono::microseconds{static_cast<std::int64_t>(std::floor(nanoseconds / microsecond + 0.5))};
}

}  // namespace

uds::varying_time shape_of(std::vector<duration> times) {
  std::sort(times.begin(), times.end());
  uds::varying_time shape{times.front(), times.back()};
  if (times.size() < enough_for_a_shape || times.front() == times.back()) return shape;
  const std::size_t outliers = count_outliers(times);
  if (outliers > 0) {
    shape.outliers_per_million = static_cast<std::uint32_t>(million * outliers / times.size());
    shape.outliers = {times[times.size() - outliers], times.back()};
    times.resize(times.size() - outliers);
    shape.bounds.high = times.back();
  }
  const moments found = moments_of(times);
  shape.mean = std::clamp(whole_microseconds(found.mean), times.front(), times.back());
  shape.deviation = whole_microseconds(found.deviation);
  if (shape.deviation == duration{0}) return shape;
  if (found.skewness >= least_exponential_skewness) {
    shape.how = uds::spread::exponential;
  } else if (found.kurtosis >= least_normal_kurtosis) {
    shape.how = uds::spread::normal;
  }
  return shape;
}

}  // namespace canstage::learn

// Times drawn from a distribution have to be taken for one of their kind.
#include "protocols/learn/time_shape.hpp"

#include <catch2/catch.hpp>

#include "protocols/random.hpp"

namespace canstage::learn::testing {

namespace {

using namespace std::chrono_literals;

std::vector<duration> drawn(const uds::varying_time& from, std::size_t count, const char* name) {
  random_stream randomness{2026, name};
  std::vector<duration> times;
  for (std::size_t i = 0; i < count; ++i) times.push_back(from.draw(randomness));
  return times;
}

uds::varying_time of_kind(uds::spread how, duration mean, duration deviation, duration low, duration high) {
  uds::varying_time made{low, high};
  made.how = how;
  made.mean = mean;
  made.deviation = deviation;
  return made;
}

}  // namespace

TEST_CASE("one time stays that time, few are a range") {
  CHECK(shape_of({5ms}) == uds::varying_time{5ms, 5ms});
  CHECK(shape_of({7ms, 5ms, 6ms}) == uds::varying_time{5ms, 7ms});
  CHECK(shape_of(std::vector<duration>(100, 5ms)) == uds::varying_time{5ms, 5ms});
}

TEST_CASE("uniform times are a range") {
  const auto shape = shape_of(drawn({2ms, 10ms}, 1000, "uniform"));
  CHECK(shape.how == uds::spread::uniform);
  CHECK(shape.bounds.low >= 2ms);
  CHECK(shape.bounds.low < 2100us);
  CHECK(shape.bounds.high > 9900us);
  CHECK(shape.bounds.high <= 10ms);
}

TEST_CASE("normal times have their mean and deviation") {
  const auto from = of_kind(uds::spread::normal, 20ms, 4ms, 4ms, 36ms);
  const auto shape = shape_of(drawn(from, 1000, "normal"));
  CHECK(shape.how == uds::spread::normal);
  CHECK(std::chrono::abs(shape.mean - 20ms) < 500us);
  CHECK(std::chrono::abs(shape.deviation - 4ms) < 400us);
  CHECK(shape.outliers_per_million == 0);
}

TEST_CASE("exponential times have their mean") {
  const auto from = of_kind(uds::spread::exponential, 8ms, 0ms, 2ms, 80ms);
  const auto shape = shape_of(drawn(from, 1000, "exponential"));
  CHECK(shape.how == uds::spread::exponential);
  CHECK(std::chrono::abs(shape.mean - 8ms) < 700us);
  CHECK(std::chrono::abs(shape.bounds.low - 2ms) < 100us);
  CHECK(shape.outliers_per_million == 0);
}

TEST_CASE("what lies far above all others are outliers, and changes nothing about these") {
  uds::varying_time from{2ms, 4ms};
  from.outliers_per_million = 10'000;
  from.outliers = {200ms, 300ms};
  const auto shape = shape_of(drawn(from, 2000, "outliers"));
  CHECK(shape.how == uds::spread::uniform);
  CHECK(shape.bounds.high <= 4ms);
  CHECK(shape.outliers_per_million > 5'000);
  CHECK(shape.outliers_per_million < 20'000);
  CHECK(shape.outliers.low >= 200ms);
  CHECK(shape.outliers.high <= 300ms);
}

TEST_CASE("two kinds of times are no outliers") {
  auto times = std::vector<duration>(50, 2ms);
  times.insert(times.end(), 50, 200ms);
  const auto shape = shape_of(times);
  CHECK(shape.outliers_per_million == 0);
  CHECK(shape.bounds == uds::time_range{2ms, 200ms});
}

}  // namespace canstage::learn::testing

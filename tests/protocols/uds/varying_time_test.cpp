// Times that vary: within their bounds, distributed as said, the same for the same seed.
#include "protocols/uds/varying_time.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "catch2/catch.hpp"

namespace canstage::uds {

namespace {

using namespace std::chrono_literals;

std::vector<double> draw_ms(const varying_time& what, std::size_t count, std::uint64_t seed = 1) {
  random_stream randomness{seed, "times"};
  std::vector<double> found;
  for (std::size_t i = 0; i < count; ++i)
    found.push_back(std::chrono::duration<double, std::milli>(what.draw(randomness)).count());
  return found;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double one : values) sum += one;
  return sum / static_cast<double>(values.size());
}

double deviation_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double one : values) sum += (one - mean) * (one - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

varying_time of(spread how, duration mean, duration low, duration high, duration deviation = {}) {
  varying_time made{low, high};
  made.how = how;
  made.mean = mean;
  made.deviation = deviation;
  return made;
}

constexpr std::size_t many = 20'000;

}  // namespace

TEST_CASE("a fixed time draws no number") {
  random_stream randomness{1, "times"};
  random_stream untouched{1, "times"};
  CHECK(varying_time{5ms, 5ms}.draw(randomness) == 5ms);
  CHECK(randomness.next() == untouched.next());
}

TEST_CASE("a normal time has its mean and its deviation") {
  const auto found = draw_ms(of(spread::normal, 20ms, 0ms, 40ms, 4ms), many);
  CHECK(mean_of(found) == Approx(20).margin(0.15));
  CHECK(deviation_of(found) == Approx(4).margin(0.15));
  const auto near = std::count_if(found.begin(), found.end(), [](double t) { return t > 16 && t < 24; });
  CHECK(static_cast<double>(near) / many == Approx(0.683).margin(0.02));
}

TEST_CASE("an exponential time begins at its lower bound and has its mean") {
  const auto found = draw_ms(of(spread::exponential, 8ms, 2ms, 1s), many);
  CHECK(mean_of(found) == Approx(8).margin(0.2));
  CHECK(*std::min_element(found.begin(), found.end()) >= 2);
  const auto below = std::count_if(found.begin(), found.end(), [](double t) { return t < 8; });
  CHECK(static_cast<double>(below) / many == Approx(0.632).margin(0.02));
}

TEST_CASE("no time is out of bounds") {
  for (const auto how : {spread::uniform, spread::normal, spread::exponential}) {
    const auto found = draw_ms(of(how, 20ms, 15ms, 22ms, 30ms), many);
    CHECK(*std::min_element(found.begin(), found.end()) >= 15);
    CHECK(*std::max_element(found.begin(), found.end()) <= 22);
  }
  // Bounds that almost nothing fits still hold.
  const auto found = draw_ms(of(spread::normal, 1s, 0ms, 1s, 1ms), 1000);
  CHECK(*std::max_element(found.begin(), found.end()) <= 1000);
}

TEST_CASE("outliers come as often as said, with times of their own") {
  varying_time what{5ms, 5ms};
  what.outliers_per_million = 10'000;
  what.outliers = {300ms, 2s};
  const auto found = draw_ms(what, many);
  const auto out = std::count_if(found.begin(), found.end(), [](double t) { return t >= 300; });
  CHECK(out > 140);
  CHECK(out < 260);
  CHECK(std::count(found.begin(), found.end(), 5.0) + out == static_cast<long>(many));
}

TEST_CASE("the same seed draws the same times, another one others") {
  const auto what = of(spread::normal, 20ms, 0ms, 40ms, 4ms);
  CHECK(draw_ms(what, 100, 7) == draw_ms(what, 100, 7));
  CHECK(draw_ms(what, 100, 7) != draw_ms(what, 100, 8));
  random_stream randomness{42, "times"};
  CHECK(what.draw(randomness).count() == 24'422'324);
}

}  // namespace canstage::uds

#include "protocols/random.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include "catch2/catch.hpp"

using canstage::random_stream;

TEST_CASE("random: the numbers of a seed and a name are the same in every version") {
  random_stream stream{1, "ecu"};
  CHECK(stream.next() == 0x4F30C052EADADD88U);
  CHECK(stream.next() == 0x282AC96690E23FF3U);
  CHECK(stream.between(1, 6) == 4);
}

TEST_CASE("random: equal seed and name give equal streams") {
  random_stream a{42, "can0"};
  random_stream b{42, "can0"};
  for (int i = 0; i < 100; ++i) CHECK(a.next() == b.next());
}

TEST_CASE("random: another seed or another name gives other numbers") {
  const std::uint64_t first = random_stream{42, "can0"}.next();
  CHECK(random_stream{43, "can0"}.next() != first);
  CHECK(random_stream{42, "can1"}.next() != first);
  CHECK(random_stream{42, ""}.next() != first);
}

TEST_CASE("random: every number of a range comes up about equally often") {
  random_stream stream{7, "dice"};
  std::array<int, 6> counts{};
  for (int i = 0; i < 60'000; ++i) ++counts[static_cast<std::size_t>(stream.between(1, 6) - 1)];
  // Five standard deviations (91 each); the stream is fixed, so that this never fails by chance.
  for (const int count : counts) CHECK(std::abs(count - 10'000) < 460);
}

TEST_CASE("random: a range of one number, and the widest one") {
  random_stream stream{7, "edge"};
  CHECK(stream.between(-5, -5) == -5);
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  constexpr auto highest = std::numeric_limits<std::int64_t>::max();
  CHECK(stream.between(lowest, highest) != stream.between(lowest, highest));
}

TEST_CASE("random: numbers stay in their range") {
  CHECK(rc::check([](std::uint64_t seed, std::int64_t a, std::int64_t b) {
    random_stream stream{seed, "range"};
    const auto [low, high] = std::minmax(a, b);
    const std::int64_t drawn = stream.between(low, high);
    RC_ASSERT(low <= drawn);
    RC_ASSERT(drawn <= high);
  }));
}

#include "protocols/random.hpp"

#include <cassert>

namespace canstage {

namespace {

/// SplitMix64's output function (Steele, Lea, Flood 2014): a bijection of 64-bit words.
std::uint64_t mix(std::uint64_t word) {
  word = (word ^ (word >> 30)) * 0xBF58'476D'1CE4'E5B9U;
  word = (word ^ (word >> 27)) * 0x94D0'49BB'1331'11EBU;
  return word ^ (word >> 31);
}

/// FNV-1a, 64 bit: short, and unlike std::hash the same on every platform.
std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x0000'0100'0000'01B3U;
  }
  return hash;
}

}  // namespace

// Streams of neighbouring seeds or similar names must not be shifted copies of each other, which
// they would be if the state were a plain sum; mixing both first puts them far apart.
random_stream::random_stream(std::uint64_t seed, std::string_view name)
    : state_(mix(seed ^ mix(fnv1a(name)))) {}

std::uint64_t random_stream::next() {
  state_ += 0x9E37'79B9'7F4A'7C15U;
  return mix(state_);
}

std::int64_t random_stream::between(std::int64_t low, std::int64_t high) {
  assert(low <= high);
  // Unsigned, because the distance of two int64 need not fit into one.
  const std::uint64_t first = static_cast<std::uint64_t>(low);
  const std::uint64_t count = static_cast<std::uint64_t>(high) - first + 1;
  if (count == 0) return static_cast<std::int64_t>(next());  // all 2^64 values
  // Draws below 2^64 mod count would make the small remainders likelier: draw again.
  const std::uint64_t surplus = (0 - count) % count;
  std::uint64_t word = next();
  while (word < surplus) word = next();
  return static_cast<std::int64_t>(first + word % count);
}

}  // namespace canstage

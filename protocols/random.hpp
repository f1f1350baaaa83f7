// Reproducible randomness: every consumer draws from its own stream, named by (seed, name), so
// that a consumer more or less changes no other consumer's numbers.
//
// The standard's engines are specified but its distributions are not, and an engine of 2.5 kB
// per ECU would be most of an idle ECU; SplitMix64 is 8 bytes and the same everywhere.
#pragma once

#include <cstdint>
#include <string_view>

namespace canstage {

class random_stream {
 public:
  random_stream(std::uint64_t seed, std::string_view name);

  /// Uniform over all 64-bit values.
  std::uint64_t next();

  /// Uniform over [low, high]; `low <= high`.
  std::int64_t between(std::int64_t low, std::int64_t high);

 private:
  std::uint64_t state_;
};

}  // namespace canstage

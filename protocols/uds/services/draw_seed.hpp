// Seeds and challenges.
#pragma once

#include "protocols/bytes.hpp"
#include "protocols/random.hpp"
#include "protocols/uds/services/security.hpp"

namespace canstage::uds {

/// Never all zeros, which would mean "unlocked already".
inline bytes draw_seed(const seed_source& from, random_stream& randomness) {
  if (!from.fixed.empty()) return from.fixed;
  bytes seed;
  bool zero = true;
  for (std::size_t i = 0; i < from.length; ++i) {
    seed.push_back(static_cast<std::uint8_t>(randomness.between(0, 0xFF)));
    zero = zero && seed.back() == 0;
  }
  if (zero && !seed.empty()) seed.back() = 1;
  return seed;
}

}  // namespace canstage::uds

// Acceptance filters with SocketCAN's meaning.
#pragma once

#include <cstdint>

#include "protocols/can/frame.hpp"

namespace canstage::can {

/// Accepts a frame when (can_id & mask) == (id & mask), the words as SocketCAN writes them: bit 31
/// extended format, bit 30 remote. A set bit 31 or 30 of the mask makes format or RTR matter.
///
/// Two refinements of the kernel are part of the meaning: bit 29 of `id` (CAN_INV_FILTER) negates
/// the filter, and a mask with bit 31 over an `id` without it looks at 11 identifier bits only.
struct filter {
  std::uint32_t id = 0;
  std::uint32_t mask = 0;

  /// Exactly the data frames of one identifier.
  static filter exactly(identifier id);

  /// Every frame.
  static constexpr filter everything() { return {}; }

  /// Whether exactly one identifier's data frames pass, so that a hash can route them.
  bool is_exact() const;

  bool accepts(const frame& f) const;

  friend bool operator==(const filter&, const filter&) = default;
};

}  // namespace canstage::can

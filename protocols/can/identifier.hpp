// CAN identifiers, 11 and 29 bit, ordered as the bus orders them.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace canstage::can {

/// An identifier with its format. The same number in both formats is two identifiers.
/// Trivially copyable, 4 bytes: bit 31 marks the extended format, as in SocketCAN's can_id.
class identifier {
 public:
  static constexpr std::uint32_t standard_mask = 0x7FF;
  static constexpr std::uint32_t extended_mask = 0x1FFF'FFFF;
  static constexpr std::uint32_t extended_flag = 0x8000'0000;

  constexpr identifier() = default;

  /// Base format (11 bit, CBFF/FBFF); higher bits of `value` are cut off.
  static constexpr identifier standard(std::uint32_t value) { return identifier{value & standard_mask}; }

  /// Extended format (29 bit, CEFF/FEFF); higher bits of `value` are cut off.
  static constexpr identifier extended(std::uint32_t value) {
    return identifier{(value & extended_mask) | extended_flag};
  }

  constexpr std::uint32_t value() const { return raw_ & extended_mask; }
  constexpr bool is_extended() const { return (raw_ & extended_flag) != 0; }

  /// The number with bit 31 set for the extended format, as in SocketCAN's can_id.
  constexpr std::uint32_t raw() const { return raw_; }

  /// The arbitration field as a number: the lower key wins the bus (ISO 11898-1; for one 11-bit
  /// value the order is base data, base remote, then any extended identifier that begins with it).
  constexpr std::uint32_t arbitration_key(bool remote = false) const {
    const std::uint32_t rtr = remote ? 1 : 0;
    if (!is_extended()) return (raw_ << 21) | (rtr << 20);
    const std::uint32_t id = value();
    return ((id >> 18) << 21) | (1U << 20) | (1U << 19) | ((id & 0x3'FFFF) << 1) | rtr;
  }

  friend constexpr bool operator==(identifier, identifier) = default;
  friend constexpr std::strong_ordering operator<=>(identifier a, identifier b) {
    return a.arbitration_key() <=> b.arbitration_key();
  }

 private:
  constexpr explicit identifier(std::uint32_t raw) : raw_(raw) {}

  std::uint32_t raw_ = 0;
};

}  // namespace canstage::can

template <>
struct std::hash<canstage::can::identifier> {
  std::size_t operator()(canstage::can::identifier id) const noexcept {
    return std::hash<std::uint32_t>{}(id.raw());
  }
};

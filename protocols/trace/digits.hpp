// Numbers as trace files have them: a fixed width, filled with zeros, whatever the locale.
#pragma once

#include <cstdint>
#include <string_view>

namespace canstage::trace {

/// Puts exactly `width` decimal digits at `end` and moves it behind them: cut off above.
inline void put_decimal(char*& end, std::uint64_t value, unsigned width) {
  for (unsigned i = width; i-- > 0; value /= 10) end[i] = static_cast<char>('0' + value % 10);
  end += width;
}

/// Likewise for upper-case hex digits; at most 8.
inline void put_hex(char*& end, std::uint32_t value, unsigned width) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  while (width-- > 0) *end++ = digits[value >> 4 * width & 0xF];
}

}  // namespace canstage::trace

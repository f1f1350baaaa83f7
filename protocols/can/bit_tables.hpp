// Tables that take a frame's bits eight at a time: what stuffing makes of a byte, and its CRC.
//
// Private to wire_time.cpp. A stuff bit is inserted when the bit behind a run of five is sent, not
// when the run is complete: that is where the standard counts it (a run that ends with BRS has its
// stuff bit in the data phase; one that ends with the last data bit of an FD frame has none).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace canstage::can::bit_tables {

/// The last bit and the length of its run (1-5), as an index of the stuffing table.
using run_state = std::uint8_t;
inline constexpr std::size_t run_states = 10;

constexpr run_state state_of(unsigned last, unsigned run) {
  return static_cast<run_state>(last * 5 + run - 1);
}

/// What becomes of a byte.
struct stuffing {
  std::uint16_t wire = 0;  ///< the byte with its stuff bits: 8 + `stuff` bits, the first one on top
  std::uint8_t stuff = 0;  ///< 0-2
  run_state next = 0;
};

constexpr stuffing stuff_byte(run_state before, unsigned byte) {
  unsigned last = before / 5U;
  unsigned run = before % 5U + 1;
  stuffing result;
  unsigned wire = 0;
  for (int position = 7; position >= 0; --position) {
    if (run == 5) {
      last ^= 1U;
      run = 1;
      wire = wire << 1 | last;
      ++result.stuff;
    }
    const unsigned bit = byte >> position & 1U;
    run = bit == last ? run + 1 : 1;
    last = bit;
    wire = wire << 1 | bit;
  }
  result.wire = static_cast<std::uint16_t>(wire);
  result.next = state_of(last, run);
  return result;
}

using stuffing_table = std::array<std::array<stuffing, 256>, run_states>;

/// 10 kB, of which a run of frames touches a small part.
inline constexpr stuffing_table stuffings = [] {
  stuffing_table table{};
  for (std::size_t state = 0; state < run_states; ++state) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      table[state][byte] = stuff_byte(static_cast<run_state>(state), static_cast<unsigned>(byte));
    }
  }
  return table;
}();

/// A CRC of 15, 17 or 21 bits, most significant bit first and without final inversion. `Polynomial`
/// is written without its leading term.
template <unsigned Width, std::uint32_t Polynomial>
struct crc {
  static constexpr std::uint32_t mask = (std::uint32_t{1} << Width) - 1;

  static constexpr std::uint32_t after_bit(std::uint32_t value, unsigned bit) {
    const unsigned feedback = (value >> (Width - 1) ^ bit) & 1U;
    return (value << 1 & mask) ^ (feedback != 0 ? Polynomial : 0);
  }

  /// Of a byte followed by zeros.
  static constexpr std::array<std::uint32_t, 256> remainders = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      std::uint32_t value = byte << (Width - 8);
      for (int bit = 0; bit < 8; ++bit) value = after_bit(value, 0);
      table[byte] = value;
    }
    return table;
  }();

  static constexpr std::uint32_t after_byte(std::uint32_t value, unsigned byte) {
    return (value << 8 & mask) ^ remainders[(value >> (Width - 8) ^ byte) & 0xFFU];
  }
};

using crc_15 = crc<15, 0x4599>;
using crc_17 = crc<17, 0x1685B>;
using crc_21 = crc<21, 0x102899>;

}  // namespace canstage::can::bit_tables

// A second opinion on how a frame looks on the wire: builds the whole bit string, one character per
// bit, the way the standard tells it. Slow and plain on purpose; shares no code with count_bits.
#pragma once

#include <cstdint>
#include <string>

#include "protocols/can/frame.hpp"

namespace canstage::can::test {

struct reference_bits {
  std::string nominal;  ///< SOF to EOF; for a frame with rate switch without its data phase
  std::string data;     ///< ESI to CRC delimiter of a frame with rate switch
  unsigned stuff = 0;
  std::uint32_t crc = 0;
};

inline std::string to_bits(std::uint32_t value, unsigned width) {
  std::string text;
  while (width-- > 0) text += (value >> width & 1) != 0 ? '1' : '0';
  return text;
}

/// `generator` without its leading term.
inline std::uint32_t remainder_of(const std::string& bits, unsigned width, std::uint32_t generator,
                                  std::uint32_t initial) {
  std::uint32_t crc = initial;
  for (const char bit : bits) {
    const bool feedback = ((crc >> (width - 1)) & 1U) != (bit == '1' ? 1U : 0U);
    crc = (crc << 1) & ((1U << width) - 1);
    if (feedback) crc ^= generator;
  }
  return crc;
}

/// Inserts a stuff bit behind each run of five. `at_end`: also if that is the end of the bits.
inline std::string stuffed(const std::string& bits, bool at_end) {
  std::string wire;
  unsigned run = 0;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    run = !wire.empty() && wire.back() == bits[i] ? run + 1 : 1;
    wire += bits[i];
    if (run == 5 && (at_end || i + 1 < bits.size())) {
      wire += bits[i] == '1' ? '0' : '1';
      run = 1;
    }
  }
  return wire;
}

/// SOF to IDE (base format) or to RTR/RRS (extended format).
inline std::string arbitration_bits(const frame& f) {
  const std::string rtr = f.flags.remote ? "1" : "0";
  if (!f.id.is_extended()) return "0" + to_bits(f.id.value(), 11) + rtr + "0";
  const std::string id = to_bits(f.id.value(), 29);
  return "0" + id.substr(0, 11) + "11" + id.substr(11) + rtr;
}

inline std::string data_bits(const frame& f) {
  std::string text;
  for (const std::uint8_t byte : f.payload()) text += to_bits(byte, 8);
  return text;
}

inline reference_bits classic_bits(const frame& f) {
  const std::string reserved = f.id.is_extended() ? "00" : "0";
  const std::string covered = arbitration_bits(f) + reserved + to_bits(dlc(f), 4) + data_bits(f);
  const std::uint32_t crc = remainder_of(covered, 15, 0x4599, 0);
  const std::string plain = covered + to_bits(crc, 15);
  const std::string wire = stuffed(plain, true);
  return {wire + "1" + "0" + "1" + "1111111", "", static_cast<unsigned>(wire.size() - plain.size()), crc};
}

inline reference_bits fd_bits(const frame& f) {
  const bool switched = f.flags.bit_rate_switch;
  const std::string head = arbitration_bits(f) + "1" + "0" + (switched ? "1" : "0");
  const std::string plain =
      head + (f.flags.error_state_indicator ? "1" : "0") + to_bits(dlc(f), 4) + data_bits(f);
  const std::string wire = stuffed(plain, false);
  const unsigned stuff = static_cast<unsigned>(wire.size() - plain.size());

  const char* const stuff_counts[] = {"0000", "0011", "0110", "0101", "1100", "1111", "1010", "1001"};
  const std::string stuff_count = stuff_counts[stuff % 8];
  const bool long_crc = f.length > 16;
  const std::uint32_t crc = long_crc ? remainder_of(wire + stuff_count, 21, 0x102899, 0x100000)
                                     : remainder_of(wire + stuff_count, 17, 0x1685B, 0x10000);
  const std::string check = stuff_count + to_bits(crc, long_crc ? 21 : 17);
  std::string tail;
  for (std::size_t i = 0; i < check.size(); ++i) {
    if (i % 4 == 0) tail += (tail.empty() ? wire : tail).back() == '1' ? '0' : '1';
    tail += check[i];
  }
  const std::string whole = wire + tail + "1";
  // Everything up to and with BRS is sent at the nominal rate: as long as the stuffed head, but a
  // stuff bit behind BRS comes with the bit after it.
  const std::size_t head_size = switched ? stuffed(head, false).size() : whole.size();
  return {whole.substr(0, head_size) + "0" + "1" + "1111111", whole.substr(head_size), stuff, crc};
}

inline reference_bits bits_on_wire(const frame& f) { return f.flags.fd ? fd_bits(f) : classic_bits(f); }

}  // namespace canstage::can::test

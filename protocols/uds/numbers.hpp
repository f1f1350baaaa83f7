// Numbers in messages: big endian, from 1 to 8 bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "protocols/bytes.hpp"

namespace canstage::uds {

/// `data[offset, offset + size)` as a number; the bytes have to be there.
inline std::uint64_t read_number(byte_view data, std::size_t offset, std::size_t size) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : data.subspan(offset, size)) value = value << 8 | byte;
  return value;
}

inline std::uint16_t read_u16(byte_view data, std::size_t offset) {
  return static_cast<std::uint16_t>(read_number(data, offset, 2));
}

/// The lowest `size` bytes of the number.
inline void append_number(bytes& data, std::uint64_t value, std::size_t size) {
  for (std::size_t i = size; i > 0; --i)
    data.push_back(static_cast<std::uint8_t>(value >> (8 * (i - 1)) & 0xFF));
}

inline void append_u16(bytes& data, std::uint16_t value) { append_number(data, value, 2); }

inline void append(bytes& data, byte_view more) { data.insert(data.end(), more.begin(), more.end()); }

}  // namespace canstage::uds

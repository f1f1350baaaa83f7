#include "protocols/conformance/layout.hpp"

#include <algorithm>

namespace canstage::conformance {

namespace {

constexpr std::size_t longest_12_bit_ff_dl = 4095;

void append(bytes& to, const bytes& from, std::size_t& offset, std::size_t room) {
  const std::size_t end = std::min(from.size(), offset + room);
  to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(offset),
            from.begin() + static_cast<std::ptrdiff_t>(end));
  offset = end;
}

std::uint8_t octet(std::size_t value, unsigned place) {
  return static_cast<std::uint8_t>((value >> (8 * place)) & 0xFF);
}

}  // namespace

std::vector<bytes> layout(const bytes& sdu, std::size_t address_bytes, std::size_t dl) {
  const std::size_t length = sdu.size();
  bytes single;
  if (length <= 7 - address_bytes) {
    single = {octet(length, 0)};
  } else if (dl > 8 && length <= dl - address_bytes - 2) {
    single = {0x00, octet(length, 0)};
  } else {
    return segmented_layout(sdu, address_bytes, dl);
  }
  single.insert(single.end(), sdu.begin(), sdu.end());
  return {single};
}

std::vector<bytes> segmented_layout(const bytes& sdu, std::size_t address_bytes, std::size_t dl) {
  const std::size_t length = sdu.size();
  bytes first;
  if (length <= longest_12_bit_ff_dl) {
    first = {static_cast<std::uint8_t>(0x10 | octet(length, 1)), octet(length, 0)};
  } else {
    first = {0x10, 0x00, octet(length, 3), octet(length, 2), octet(length, 1), octet(length, 0)};
  }
  std::size_t offset = 0;
  append(first, sdu, offset, dl - address_bytes - first.size());
  std::vector<bytes> frames{first};
  while (offset < length) {
    bytes next{static_cast<std::uint8_t>(0x20 | (frames.size() & 0x0F))};
    append(next, sdu, offset, dl - address_bytes - 1);
    frames.push_back(std::move(next));
  }
  return frames;
}

}  // namespace canstage::conformance

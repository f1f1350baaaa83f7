#include "protocols/can/frame.hpp"

#include <algorithm>
#include <cassert>

namespace canstage::can {

namespace {

constexpr std::array<std::uint8_t, 16> fd_lengths = {0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64};

std::uint8_t fd_dlc_for(std::size_t length) {
  if (length <= max_classic_length) return static_cast<std::uint8_t>(length);
  assert(length <= max_fd_length);
  const auto found = std::lower_bound(fd_lengths.begin(), fd_lengths.end() - 1, length);
  return static_cast<std::uint8_t>(found - fd_lengths.begin());
}

}  // namespace

bool operator==(const frame& a, const frame& b) {
  return a.id == b.id && a.flags == b.flags && a.length == b.length && a.raw_dlc == b.raw_dlc &&
         std::ranges::equal(a.payload(), b.payload());
}

std::uint8_t dlc(const frame& f) {
  if (f.flags.fd) return fd_dlc_for(f.length);
  return f.length == max_classic_length && f.raw_dlc > max_classic_length ? f.raw_dlc : f.length;
}

std::uint8_t fd_length_for(std::size_t length) { return fd_lengths[fd_dlc_for(length)]; }

bool is_fd_length(std::size_t length) { return length <= max_fd_length && fd_length_for(length) == length; }

std::uint8_t length_for_dlc(std::uint8_t dlc, bool fd) {
  assert(dlc < fd_lengths.size());
  const std::uint8_t length = fd_lengths[dlc & 0xF];
  return fd ? length : std::min(length, static_cast<std::uint8_t>(max_classic_length));
}

frame data_frame(identifier id, std::span<const std::uint8_t> data) {
  assert(data.size() <= max_classic_length);
  frame f;
  f.id = id;
  f.length = static_cast<std::uint8_t>(std::min(data.size(), max_classic_length));
  std::copy_n(data.begin(), f.length, f.data.begin());
  return f;
}

frame fd_frame(identifier id, std::span<const std::uint8_t> data, bool bit_rate_switch, std::uint8_t filler) {
  assert(data.size() <= max_fd_length);
  const std::size_t given = std::min(data.size(), max_fd_length);
  frame f;
  f.id = id;
  f.flags.fd = true;
  f.flags.bit_rate_switch = bit_rate_switch;
  f.length = fd_length_for(given);
  std::copy_n(data.begin(), given, f.data.begin());
  std::fill(f.data.begin() + given, f.data.begin() + f.length, filler);
  return f;
}

}  // namespace canstage::can

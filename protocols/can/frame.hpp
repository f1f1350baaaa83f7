// One CAN frame, classic or FD: a value of 72 bytes that never allocates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "protocols/can/identifier.hpp"

namespace canstage::can {

inline constexpr std::size_t max_classic_length = 8;
inline constexpr std::size_t max_fd_length = 64;

/// Where a frame travels; fd, bit rate switch and error state indicator are bits of FD frames only.
struct frame_flags {
  bool remote : 1 = false;                 ///< RTR; classic only, no data, `length` is the DLC's
  bool fd : 1 = false;                     ///< FDF
  bool bit_rate_switch : 1 = false;        ///< BRS
  bool error_state_indicator : 1 = false;  ///< ESI
  friend constexpr bool operator==(const frame_flags&, const frame_flags&) = default;
};

struct frame {
  identifier id;
  frame_flags flags;
  std::uint8_t length = 0;   ///< data bytes: 0-8 classic; 0-8, 12, 16, 20, 24, 32, 48, 64 FD
  std::uint8_t raw_dlc = 0;  ///< 9-15 for a classic frame of 8 bytes sent with that DLC, else 0
  std::array<std::uint8_t, max_fd_length> data{};

  /// The data as it is on the wire: nothing for a remote frame.
  std::span<const std::uint8_t> payload() const { return {data.data(), flags.remote ? 0U : length}; }

  friend bool operator==(const frame& a, const frame& b);
};

/// The DLC code (0-15) that is on the wire for `f`.
std::uint8_t dlc(const frame& f);

/// The shortest length of an FD frame that holds `length` bytes (12 for 9-12, ... 64 for 49-64).
/// `length <= 64`.
std::uint8_t fd_length_for(std::size_t length);

/// Whether `length` is the data length of some FD frame.
bool is_fd_length(std::size_t length);

/// Data bytes for a DLC code (0-15): 9-15 mean 8 in a classic frame.
std::uint8_t length_for_dlc(std::uint8_t dlc, bool fd);

/// A classic data frame. `data` has at most 8 bytes (more is cut off by an assertion).
frame data_frame(identifier id, std::span<const std::uint8_t> data);

/// An FD data frame, padded with `filler` to the next FD length. `data` has at most 64 bytes.
frame fd_frame(identifier id, std::span<const std::uint8_t> data, bool bit_rate_switch,
               std::uint8_t filler = 0xCC);

}  // namespace canstage::can

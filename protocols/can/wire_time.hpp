// How long a frame occupies the bus: exact, stuff bits and CRC included (ISO 11898-1).
#pragma once

#include <cstdint>

#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"

namespace canstage::can {

/// Bit rates of a bus in bit/s. `data` is the rate behind the BRS bit of FD frames; 0: no FD.
struct bit_rates {
  std::uint32_t nominal = 500'000;
  std::uint32_t data = 0;
  friend bool operator==(const bit_rates&, const bit_rates&) = default;
};

/// The three recessive bits between two frames, at the nominal rate.
inline constexpr unsigned intermission_bits = 3;

/// The bits of a frame from SOF to the end of EOF, without the intermission. A frame without rate
/// switch has all its bits in `nominal`.
struct frame_bits {
  unsigned nominal = 0;
  unsigned data = 0;
  unsigned stuff = 0;     ///< dynamic stuff bits among them
  std::uint32_t crc = 0;  ///< CRC-15, or CRC-17/CRC-21 of an FD frame
};

/// Counts the bits as sent. Pure and without allocation.
frame_bits count_bits(const frame& f);

/// Time from SOF to the end of EOF: when receivers and sender take the frame as valid.
/// Rounded up to the next nanosecond where the rates do not divide. `rates.nominal` is not 0; with a
/// data rate of 0 the bits behind BRS go at the nominal rate.
duration wire_time(const frame& f, const bit_rates& rates);

/// So many bits at the nominal rate. Rounded up like `wire_time`.
duration bit_time(std::int64_t bits, const bit_rates& rates);

/// The intermission after a frame: no SOF is sent before it is over. Rounded up like `wire_time`.
duration intermission_time(const bit_rates& rates);

}  // namespace canstage::can

// A frame that is sent in a fixed period, with a counter and a checksum in its data: what the other nodes of
// a vehicle put on a bus, and nobody simulates (the rest bus).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"

namespace canstage::can {

/// Counts the frames: 0, 1, ... `last`, 0, ... in the bits of `mask`.
struct counter_field {
  std::uint8_t byte = 0;
  std::uint8_t mask = 0xFF;  ///< bits that follow each other
  std::uint32_t last = 0xFF;
};

enum class checksum_kind : std::uint8_t {
  crc8_j1850,  ///< SAE J1850: polynomial 1D, begins with FF, inverted at the end
  xor_bytes,
  sum,  ///< of the bytes, modulo 256
};

/// Of `prefix`, which is not sent, and the bytes `first` to `last` without its own.
struct checksum_field {
  std::uint8_t byte = 0;
  checksum_kind kind = checksum_kind::crc8_j1850;
  std::uint8_t first = 0;
  std::uint8_t last = 63;  ///< or the last one of the frame
  bytes prefix;
};

std::uint8_t checksum(checksum_kind kind, byte_view data);

struct cyclic_settings {
  frame content;
  duration period{0};  ///< above 0
  duration offset{0};  ///< when the first one is sent
  std::optional<counter_field> counter;
  std::optional<checksum_field> checksum;
  bool on = true;  ///< from the beginning
};

/// The machine of one such frame. A frame that still waits for the bus when the next one is due is not
/// overtaken: that cycle is left out.
class cyclic_message {
 public:
  explicit cyclic_message(cyclic_settings settings);

  // Inputs.
  void on_time(instant now);
  void on_confirm() { waiting_ = false; }
  /// Switched on, it begins at once; off, nothing more is sent.
  void on_switch(instant now, bool on);

  /// The frame to send now; nothing when there is none.
  std::optional<frame> poll();

  /// When it wants `on_time`; `never` if it is off.
  instant deadline() const { return next_; }

 private:
  frame next_frame();

  cyclic_settings settings_;
  instant next_;
  std::uint32_t count_ = 0;
  bool due_ = false;
  bool waiting_ = false;  ///< a frame is not confirmed
};

}  // namespace canstage::can

// STmin, the separation time between consecutive frames, and its one-byte code (ISO 15765-2).
#pragma once

#include <cstdint>
#include <optional>

#include "protocols/time.hpp"

namespace canstage::isotp {

/// Exactly the values that the byte can say: 0-127 ms (00-7F) and 100-900 us (F1-F9).
class st_min {
 public:
  constexpr st_min() = default;

  /// Whether the code stands for no time of its own: 80-F0, FA-FF.
  static constexpr bool is_reserved(std::uint8_t code) {
    return code > 0x7F && (code <= 0xF0 || code > 0xF9);
  }

  /// As received. Reserved codes stand for 127 ms, the longest time (ISOTP-065).
  static st_min from_code(std::uint8_t code);

  /// None if the byte cannot say this time.
  static std::optional<st_min> from_time(duration time);

  std::uint8_t code() const { return code_; }
  duration time() const;

  friend bool operator==(const st_min&, const st_min&) = default;

 private:
  std::uint8_t code_ = 0;
};

}  // namespace canstage::isotp

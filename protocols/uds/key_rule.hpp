// How a key follows from a seed, and a proof from a challenge. Both sides use it: the simulated ECU, and
// a tester that unlocks one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/bytes.hpp"

namespace canstage::uds {

class key_rule {
 public:
  /// Steps from left to right, separated by commas:
  ///   "11 22 33 44"   these bytes, whatever the seed is
  ///   "xor:FF"        each byte with these bytes, repeated
  ///   "add:01 02"     the seed as a number, big endian, plus this one; what carries over is lost
  ///   "sub:01 02"     likewise
  ///   "not"           each bit inverted
  ///   "reverse"       the bytes in reverse order
  ///   "rol:3"         the whole as a number, rotated to the left by so many bits
  ///   "hmac:00 11"    HMAC-SHA-256 with this secret: 32 bytes
  ///   "first:8"       the first 8 bytes of it
  static std::optional<key_rule> parse(std::string_view text, text_error& error);

  bytes operator()(byte_view seed) const;

  friend bool operator==(const key_rule&, const key_rule&) = default;

 private:
  enum class kind : std::uint8_t { fixed, exclusive_or, add, subtract, invert, reverse, rotate, hmac, first };

  struct step {
    kind what = kind::fixed;
    bytes operand;
    std::uint32_t count = 0;
    friend bool operator==(const step&, const step&) = default;
  };

  static std::optional<step> parse_step(std::string_view text, text_error& error);
  static void apply(const step& what, bytes& value);

  std::vector<step> steps_;
};

}  // namespace canstage::uds

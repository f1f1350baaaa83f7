// Byte strings and their one spelling: upper-case hex pairs with blanks, as a trace prints them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace canstage {

using bytes = std::vector<std::uint8_t>;
using byte_view = std::span<const std::uint8_t>;

/// The value of one hex digit of either case; -1 for any other character, whatever the locale.
constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// "62 F1 90"; an empty view gives an empty string.
std::string to_hex(byte_view data);

/// What is wrong with a text, and at which offset of it (0-based, in characters).
struct text_error {
  std::size_t offset = 0;
  std::string message;
};

/// Reads hex pairs, with or without blanks between the pairs ("62F190", "62 F1 90").
/// Returns nothing and fills `error` for a character that is no hex digit or an odd digit.
std::optional<bytes> parse_hex(std::string_view text, text_error& error);

}  // namespace canstage

// UTF-8 as reports have to look at it: character by character, whatever a file's names contain.
#pragma once

#include <cstddef>
#include <string_view>

namespace canstage::scenarios {

struct utf8_character {
  std::size_t length = 1;  ///< bytes; 1 for a byte that begins no well-formed character
  char32_t code = 0;
  bool valid = false;
};

/// The character at the begin of `text`, which is not empty.
inline utf8_character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {1, lead, true};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  char32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {length, code, true};
}

}  // namespace canstage::scenarios

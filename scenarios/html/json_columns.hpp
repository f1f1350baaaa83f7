// Pieces of JSON without a document in memory: a hundred thousand frames are columns of numbers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>

#include "protocols/bytes.hpp"

namespace canstage::scenarios::html {

/// Text as a JSON string that may stand in a script element of HTML: no '<' in it. Not called `quoted`:
/// `std::quoted` is found first for a `std::string`, and escapes neither that nor control characters.
inline std::string json_text(std::string_view text) {
  std::string result;
  // Broken UTF-8 in a user's names must not cost the whole report.
  for (const char c : nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)) {
    if (c == '<') {
      result += "\\u003C";
    } else {
      result += c;
    }
  }
  return result;
}

/// "name":[1,2,3] out of what `number` says of each entry.
template <class Entries, class Number>
void write_column(std::ostream& out, std::string_view name, const Entries& entries, Number number) {
  out << '"' << name << "\":[";
  bool first = true;
  for (const auto& one : entries) {
    if (!first) out << ',';
    first = false;
    out << +number(one);
  }
  out << ']';
}

inline std::string base64(byte_view data) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve(data.size() / 3 * 4 + 4);
  for (std::size_t i = 0; i < data.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, data.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? data[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? digits[group >> (18 - 6 * k) & 0x3F] : '=';
  }
  return text;
}

}  // namespace canstage::scenarios::html

#include "protocols/bytes.hpp"

namespace canstage {

namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

}  // namespace

std::string to_hex(byte_view data) {
  std::string text;
  if (data.empty()) return text;
  text.reserve(data.size() * 3 - 1);
  for (const std::uint8_t byte : data) {
    if (!text.empty()) text += ' ';
    text += hex_digits[byte >> 4];
    text += hex_digits[byte & 0xF];
  }
  return text;
}

std::optional<bytes> parse_hex(std::string_view text, text_error& error) {
  bytes data;
  data.reserve((text.size() + 1) / 2);
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    const int high = hex_value(text[at]);
    if (high < 0) {
      error = {at, "not a hex digit"};
      return std::nullopt;
    }
    if (at + 1 == text.size() || text[at + 1] == ' ') {
      error = {at, "a byte has two hex digits"};
      return std::nullopt;
    }
    const int low = hex_value(text[at + 1]);
    if (low < 0) {
      error = {at + 1, "not a hex digit"};
      return std::nullopt;
    }
    data.push_back(static_cast<std::uint8_t>(high << 4 | low));
    at += 2;
  }
  return data;
}

}  // namespace canstage

#include "protocols/uds/message_text.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/names.hpp"

namespace canstage::uds {

namespace {

constexpr std::size_t data_shown = 16;
constexpr std::size_t text_shown = 40;
constexpr std::size_t shortest_text = 4;

bool printable(std::uint8_t c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

}  // namespace

std::uint32_t message_text::number(std::size_t count) {
  const byte_view found = take(count);
  std::uint32_t value = 0;
  if (found.size() < count) return value;
  for (const std::uint8_t byte : found) value = value << 8 | byte;
  return value;
}

byte_view message_text::take(std::size_t count) {
  if (count > rest_.size()) {
    cut_off_ = true;
    count = rest_.size();
  }
  const byte_view taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

void message_text::add(std::string part) {
  if (part.empty() || cut_off_) return;
  if (!parts_.empty()) parts_ += ", ";
  parts_ += std::move(part);
}

void message_text::add_data(std::string_view label, byte_view data) {
  if (data.empty()) return;
  add(std::string{label} + (label.empty() ? "" : " ") + data_text(data));
}

std::string message_text::text() const {
  if (!cut_off_) return parts_;
  return parts_ + (parts_.empty() ? "too short" : ", too short");
}

std::string hex_text(std::uint32_t value, std::size_t count) {
  std::string text;
  for (std::size_t i = 2 * count; i > 0; --i) text += "0123456789ABCDEF"[(value >> (4 * (i - 1))) & 0xF];
  return text;
}

std::string data_text(byte_view data) {
  const bool is_text = data.size() >= shortest_text && std::all_of(data.begin(), data.end(), printable);
  if (is_text && data.size() <= text_shown) return '"' + std::string(data.begin(), data.end()) + '"';
  if (data.size() <= data_shown) return to_hex(data);
  return to_hex(data.first(data_shown)) + " .. (" + std::to_string(data.size()) + " bytes)";
}

std::string did_text(std::uint16_t did) {
  const std::string_view name = did_name(did);
  return hex_text(did, 2) + (name.empty() ? "" : " ") + std::string{name};
}

}  // namespace canstage::uds

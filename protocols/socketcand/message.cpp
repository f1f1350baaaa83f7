#include "protocols/socketcand/message.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "protocols/bytes.hpp"

namespace canstage::socketcand {

namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

void append_hex(std::string& out, std::uint32_t value, unsigned width) {
  while (width-- > 0) out += hex_digits[value >> 4 * width & 0xF];
}

void append_identifier(std::string& out, can::identifier id) {
  append_hex(out, id.value(), id.is_extended() ? 8 : 3);
}

/// All of `word` as a number; nothing for anything else.
template <class Number>
std::optional<Number> parse_number(std::string_view word, int base) {
  Number value{};
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  if (problem != std::errc{} || end != word.data() + word.size() || word.empty()) return std::nullopt;
  return value;
}

std::optional<can::identifier> parse_identifier(std::string_view word) {
  const auto value = parse_number<std::uint32_t>(word, 16);
  if (!value || word.size() > 8 || *value > can::identifier::extended_mask) return std::nullopt;
  const bool extended = word.size() == 8 || *value > can::identifier::standard_mask;
  return extended ? can::identifier::extended(*value) : can::identifier::standard(*value);
}

std::optional<std::chrono::microseconds> parse_time(std::string_view word) {
  constexpr std::int64_t last_second = INT64_MAX / 1'000'000 - 1;
  const auto point = word.find('.');
  if (point == std::string_view::npos || word.size() - point - 1 != 6) return std::nullopt;
  const auto seconds = parse_number<std::int64_t>(word.substr(0, point), 10);
  const auto fraction = parse_number<std::uint32_t>(word.substr(point + 1), 10);
  if (!seconds || !fraction || *seconds < 0 || *seconds > last_second) return std::nullopt;
  return std::chrono::microseconds{*seconds * 1'000'000 + *fraction};
}

}  // namespace

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string_view> words;
  for (auto begin = text.find_first_not_of(blanks); begin != std::string_view::npos;) {
    const auto end = std::min(text.find_first_of(blanks, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(blanks, end);
  }
  return words;
}

void append_send(std::string& out, const can::frame& f) {
  out += "< send ";
  append_identifier(out, f.id);
  out += ' ';
  out += std::to_string(f.length);
  for (const auto byte : f.payload()) {
    out += ' ';
    append_hex(out, byte, 2);
  }
  out += " >";
}

std::optional<can::frame> parse_send(const std::vector<std::string_view>& words, std::string& problem) {
  if (words.size() < 3) {
    problem = "'send' wants an identifier, a length and bytes";
    return std::nullopt;
  }
  const auto id = parse_identifier(words[1]);
  if (!id) {
    problem = "'send' wants an identifier of 3 or 8 hex digits";
    return std::nullopt;
  }
  // python-can writes the length in hex, which for what can be carried is the same.
  const auto length = parse_number<std::uint8_t>(words[2], 16);
  if (!length || *length > can::max_classic_length) {
    problem = length ? "CAN FD frames are not carried" : "'send' wants a length from 0 to 8";
    return std::nullopt;
  }
  if (words.size() != 3U + *length) {
    problem =
        words.size() == 3 ? "remote frames are not carried" : "'send' wants as many bytes as its length says";
    return std::nullopt;
  }
  can::frame f;
  f.id = *id;
  f.length = *length;
  for (std::size_t i = 0; i < *length; ++i) {
    const auto byte = parse_number<std::uint8_t>(words[3 + i], 16);
    if (!byte) {
      problem = "'send' wants bytes of two hex digits";
      return std::nullopt;
    }
    f.data[i] = *byte;
  }
  return f;
}

void append_frame(std::string& out, const can::frame& f, duration since_1970, std::string_view between) {
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count();
  out += "< frame ";
  append_identifier(out, f.id);
  out += ' ';
  out += std::to_string(time / 1'000'000);
  out += '.';
  const auto fraction = std::to_string(time % 1'000'000);
  out.append(6 - fraction.size(), '0');
  out += fraction;
  std::string_view before = " ";
  if (f.payload().empty()) out += before;
  for (const auto byte : f.payload()) {
    out += std::exchange(before, between);
    append_hex(out, byte, 2);
  }
  out += " >";
}

std::optional<received_frame> parse_frame(const std::vector<std::string_view>& words) {
  if (words.size() < 3) return std::nullopt;
  const auto id = parse_identifier(words[1]);
  const auto time = parse_time(words[2]);
  if (!id || !time) return std::nullopt;
  std::string digits;
  for (std::size_t i = 3; i < words.size(); ++i) digits += words[i];
  text_error error;
  const auto data = parse_hex(digits, error);
  if (!data || data->size() > can::max_classic_length) return std::nullopt;
  return received_frame{can::data_frame(*id, *data), *time};
}

}  // namespace canstage::socketcand

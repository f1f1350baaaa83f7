#include "scenarios/reader.hpp"

#include <algorithm>

#include "fmt/format.h"
#include "scenarios/fields.hpp"
#include "scenarios/load_parts.hpp"
#include "scenarios/source_text.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::string_view identifier_wish = "a hexadecimal identifier like 7E0 or 18DA10F1";

std::string joined(const std::vector<std::string_view>& words, std::string_view between) {
  std::string result;
  for (const std::string_view word : words) {
    if (!result.empty()) result += between;
    result += word;
  }
  return result;
}

}  // namespace

void reader::refuse_value(const node& value, std::string_view wish, std::string_view why) {
  std::string message =
      key_.empty() ? fmt::format("expected {}", wish) : fmt::format("'{}' wants {}", key_, wish);
  message += ", found " + found(value);
  if (!why.empty()) message += fmt::format(": {}", why);
  refuse(value.where, std::move(message));
}

void reader::refuse_inside(const node& value, const text_error& error) {
  position where = value.where;
  if (value.verbatim) {
    where.column +=
        (value.quoted ? 1 : 0) + count_characters(std::string_view(value.text).substr(0, error.offset));
  }
  refuse(where, key_.empty() ? error.message : fmt::format("'{}': {}", key_, error.message));
}

bool reader::want_scalar(const node& value, std::string_view wish) {
  if (!value.is_scalar()) {
    refuse_value(value, wish);
  } else if (value.mentions_name) {
    refuse(value.where, unknown_variable(value.text, names_.variables));
  } else {
    return true;
  }
  return false;
}

bool reader::want_list(const node& value, std::string_view wish) {
  if (value.what == node::kind::list) return true;
  refuse_value(value, wish);
  return false;
}

std::optional<std::string> reader::text(const node& value) {
  if (!want_scalar(value, "a text")) return std::nullopt;
  return value.text;
}

std::optional<duration> reader::time(const node& value) {
  constexpr std::string_view wish = "a time like 5ms or 1.5s";
  if (!want_scalar(value, wish)) return std::nullopt;
  std::string why;
  auto result = parse_time(value.text, why);
  if (!result) refuse_value(value, wish, why);
  return result;
}

std::optional<duration> reader::time_above_zero(const node& value) {
  const auto result = time(value);
  if (!result || *result > duration::zero()) return result;
  refuse_value(value, "a time above 0");
  return std::nullopt;
}

std::optional<uds::time_range> reader::time_range(const node& value) {
  constexpr std::string_view wish = "a time like 5ms, or a range like 2ms..5ms";
  if (!want_scalar(value, wish)) return std::nullopt;
  std::string why;
  auto result = parse_time_range(value.text, why);
  if (!result) refuse_value(value, wish, why);
  return result;
}

std::optional<std::uint32_t> reader::rate(const node& value) {
  constexpr std::string_view wish = "a bit rate like 500k, 2M or 83333";
  if (!want_scalar(value, wish)) return std::nullopt;
  std::string why;
  auto result = parse_rate(value.text, why);
  if (!result) refuse_value(value, wish, why);
  return result;
}

std::optional<std::uint64_t> reader::count(const node& value, std::uint64_t least, std::uint64_t most) {
  constexpr std::string_view wish = "a decimal number";
  if (!want_scalar(value, wish)) return std::nullopt;
  std::string why;
  auto result = parse_count(value.text, least, most, why);
  if (!result) refuse_value(value, wish, why);
  return result;
}

std::optional<scenarios::count_range> reader::count_range(const node& value) {
  constexpr std::string_view wish = "a number like 2, 1..3 or 1..";
  if (!want_scalar(value, wish)) return std::nullopt;
  std::string why;
  const auto result = parse_count_range(value.text, why);
  if (!result) refuse_value(value, wish, why);
  return result;
}

std::optional<bool> reader::truth(const node& value) {
  const auto index = word(value, {"true", "false"});
  if (!index) return std::nullopt;
  return *index == 0;
}

std::optional<std::size_t> reader::word(const node& value, std::initializer_list<std::string_view> words,
                                        std::initializer_list<std::string_view> later) {
  const std::vector<std::string_view> known{words};
  if (!want_scalar(value, joined(known, " or "))) return std::nullopt;
  const auto it = std::find(known.begin(), known.end(), value.text);
  if (it != known.end()) return static_cast<std::size_t>(it - known.begin());
  for (const std::string_view begin : later) {
    if (!value.text.starts_with(begin)) continue;
    refuse(value.where, fmt::format("{} {} is not known yet in this version; {} is", key_, shown(value.text),
                                    joined(known, " or ")));
    return std::nullopt;
  }
  const auto near = nearest(value.text, known);
  refuse_value(value, joined(known, " or "), near.empty() ? "" : fmt::format("did you mean '{}'?", near));
  return std::nullopt;
}

std::optional<std::uint8_t> reader::hex_byte(const node& value) {
  constexpr std::string_view wish = "a hexadecimal byte like 7F";
  if (!want_scalar(value, wish)) return std::nullopt;
  std::string why;
  const auto result = parse_hex_number(value.text, 2, why);
  if (!result) refuse_value(value, wish, why);
  return result ? std::optional{static_cast<std::uint8_t>(*result)} : std::nullopt;
}

std::optional<bytes> reader::hex_bytes(const node& value) {
  if (!want_scalar(value, "hexadecimal bytes like 22 F1 90")) return std::nullopt;
  text_error error;
  auto result = parse_hex(value.text, error);
  if (!result) refuse_inside(value, error);
  return result;
}

std::optional<can::identifier> reader::identifier(const node& value) {
  if (!want_scalar(value, identifier_wish)) return std::nullopt;
  return identifier(value, value.text);
}

std::optional<can::identifier> reader::identifier(const node& value, std::string_view part) {
  std::string why;
  const auto number = parse_hex_number(part, 8, why);
  if (!number) {
    refuse_value(value, identifier_wish, why);
    return std::nullopt;
  }
  // The number of digits is the format, as in a candump log; nobody writes 000007E0 for 7E0.
  const bool extended = part.size() > 3;
  if (*number > (extended ? can::identifier::extended_mask : can::identifier::standard_mask)) {
    refuse_value(value, identifier_wish,
                 extended ? "29 bits end at 1FFFFFFF" : "up to 3 digits are 11 bits, which end at 7FF");
    return std::nullopt;
  }
  return extended ? can::identifier::extended(*number) : can::identifier::standard(*number);
}

std::optional<uds::pattern> reader::pattern(const node& value) {
  if (!want_scalar(value, "a pattern like 62 F1 90 *")) return std::nullopt;
  text_error error;
  auto result = uds::pattern::parse(value.text, error);
  if (!result) refuse_inside(value, error);
  return result;
}

std::optional<uds::reply_template> reader::reply_template(const node& value) {
  if (!want_scalar(value, "bytes like 22 F1 90")) return std::nullopt;
  text_error error;
  auto result = uds::reply_template::parse(value.text, error);
  if (!result) refuse_inside(value, error);
  return result;
}

}  // namespace canstage::scenarios

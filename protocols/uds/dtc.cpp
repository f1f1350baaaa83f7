#include "protocols/uds/dtc.hpp"

namespace canstage::uds {

namespace {

constexpr std::string_view systems = "PCBU";  // the two highest bits of a code
constexpr char upper_case = 'a' - 'A';

char digit_of(unsigned value) { return "0123456789ABCDEF"[value & 0xF]; }

/// Hex digits at [from, from + count); nothing and `error` at the first that is none.
std::optional<std::uint32_t> hex_at(std::string_view text, std::size_t from, std::size_t count,
                                    text_error& error) {
  std::uint32_t number = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    const int value = hex_value(text[i]);
    if (value < 0) {
      error = {i, "no hexadecimal digit"};
      return std::nullopt;
    }
    number = number << 4 | static_cast<std::uint32_t>(value);
  }
  return number;
}

}  // namespace

std::string dtc_code_name(std::uint16_t code) {
  return {systems[code >> 14], digit_of(code >> 12 & 0x3), digit_of(code >> 8), digit_of(code >> 4),
          digit_of(code)};
}

std::string dtc_name(dtc_number dtc) {
  return dtc_code_name(code_of(dtc)) + '-' + digit_of(dtc >> 4) + digit_of(dtc);
}

std::optional<dtc_number> parse_dtc(std::string_view text, text_error& error) {
  constexpr std::size_t code_length = 5;    // P0123
  constexpr std::size_t full_length = 8;    // P0123-17
  constexpr std::size_t number_length = 6;  // 012317
  const bool starts_with_digit = !text.empty() && hex_value(text[0]) >= 0;
  if (text.size() == number_length && starts_with_digit) return hex_at(text, 0, number_length, error);

  const char letter = text.empty() ? ' ' : static_cast<char>(text[0] >= 'a' ? text[0] - upper_case : text[0]);
  const auto system = systems.find(letter);
  if (system == std::string_view::npos || (text.size() != code_length && text.size() != full_length)) {
    error = {0, "a DTC is written like P0123-17, P0123 or 012317"};
    return std::nullopt;
  }
  const auto code = hex_at(text, 1, 4, error);
  if (!code) return std::nullopt;
  if (*code >= 0x4000) {
    error = {1, "the first digit of a DTC is 0 to 3"};
    return std::nullopt;
  }
  std::uint32_t failure_type = 0;
  if (text.size() == full_length) {
    if (text[code_length] != '-') {
      error = {code_length, "a '-' stands before the failure type"};
      return std::nullopt;
    }
    const auto found = hex_at(text, code_length + 1, 2, error);
    if (!found) return std::nullopt;
    failure_type = *found;
  }
  return static_cast<dtc_number>(system << 22) | *code << 8 | failure_type;
}

}  // namespace canstage::uds

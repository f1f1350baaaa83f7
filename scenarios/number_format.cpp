#include "scenarios/number_format.hpp"

#include "fmt/format.h"
#include "scenarios/quantity.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t widest = 20;

}  // namespace

bool parse_number_format(std::string_view text, number_format& format) {
  format.zeros = text.starts_with('0');
  const std::size_t style = text.find_first_not_of("0123456789");
  if (style != std::string_view::npos) {
    if (style + 1 != text.size()) return false;
    format.style = text[style];
    text.remove_suffix(1);
  }
  if (format.style != 'd' && format.style != 'x' && format.style != 'X') return false;
  if (text.empty()) return true;
  std::string why;
  const auto width = parse_count(text, 1, widest, why);
  if (!width) return false;
  format.width = *width;
  return true;
}

std::string spelled(const number_format& format, std::uint64_t number) {
  std::string digits = format.style == 'd'   ? fmt::format("{}", number)
                       : format.style == 'x' ? fmt::format("{:x}", number)
                                             : fmt::format("{:X}", number);
  if (digits.size() < format.width) digits.insert(0, format.width - digits.size(), format.zeros ? '0' : ' ');
  return digits;
}

}  // namespace canstage::scenarios

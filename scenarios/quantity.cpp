#include "scenarios/quantity.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "fmt/format.h"

namespace canstage::scenarios {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A number that was split from its unit: digits and at most six decimals.
struct decimal {
  std::uint64_t whole = 0;
  std::uint64_t fraction = 0;
  std::uint64_t fraction_scale = 1;  ///< 10 ^ decimals
  std::string_view unit;
};

std::optional<decimal> split_decimal(std::string_view text, std::string& why) {
  decimal result;
  std::size_t i = 0;
  if (text.starts_with('-')) {
    why = "it is never negative";
    return std::nullopt;
  }
  while (i < text.size() && is_digit(text[i])) {
    if (i >= 15) {
      why = "the number is too large";
      return std::nullopt;
    }
    result.whole = result.whole * 10 + static_cast<std::uint64_t>(text[i++] - '0');
  }
  if (i == 0) return std::nullopt;
  if (i < text.size() && text[i] == '.') {
    const std::size_t first = ++i;
    while (i < text.size() && is_digit(text[i])) {
      if (i - first >= 6) {
        why = "six decimals are allowed";
        return std::nullopt;
      }
      result.fraction = result.fraction * 10 + static_cast<std::uint64_t>(text[i++] - '0');
      result.fraction_scale *= 10;
    }
    if (i == first) return std::nullopt;
  }
  if (i < text.size() && text[i] == ' ') ++i;
  result.unit = text.substr(i);
  return result;
}

/// number * factor, if that is a whole number not above `most`.
std::optional<std::uint64_t> scale(const decimal& number, std::uint64_t factor, std::uint64_t most) {
  if (number.whole > most / factor) return std::nullopt;
  const std::uint64_t part = number.fraction * factor;  // below 10^6 * 3.6 * 10^12
  if (part % number.fraction_scale != 0) return std::nullopt;
  const std::uint64_t sum = number.whole * factor + part / number.fraction_scale;
  return sum > most ? std::nullopt : std::optional{sum};
}

struct unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

constexpr std::array units = {
    unit{"ns", 1},
    unit{"us", 1'000},
    unit{"ms", 1'000'000},
    unit{"s", 1'000'000'000},
    unit{"min", 60'000'000'000},
    unit{"h", 3'600'000'000'000},
};

/// The two sides of "a..b".
struct sides {
  std::string_view left;
  std::string_view right;
};

std::optional<sides> split_range(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  return sides{text.substr(0, dots), text.substr(dots + 2)};
}

}  // namespace

std::optional<duration> parse_time(std::string_view text, std::string& why) {
  const auto number = split_decimal(text, why);
  if (!number) return std::nullopt;
  if (number->unit.empty()) {
    why = "the unit is missing";
    return std::nullopt;
  }
  for (const unit& u : units) {
    if (u.name != number->unit) continue;
    const auto most = static_cast<std::uint64_t>(max_time.count());
    const auto time = scale(*number, u.nanoseconds, most);
    if (time) return duration{static_cast<std::int64_t>(*time)};
    const bool too_long = number->whole >= most / u.nanoseconds;
    why = too_long ? "1000h is the longest time" : "1ns is the finest step";
    return std::nullopt;
  }
  why = "units are ns, us, ms, s, min and h";
  return std::nullopt;
}

std::optional<uds::time_range> parse_time_range(std::string_view text, std::string& why) {
  const auto range = split_range(text);
  const auto low = parse_time(range ? range->left : text, why);
  if (!low) return std::nullopt;
  if (!range) return uds::time_range{*low, *low};
  const auto high = parse_time(range->right, why);
  if (!high) return std::nullopt;
  if (*high < *low) {
    why = "it ends before it begins";
    return std::nullopt;
  }
  return uds::time_range{*low, *high};
}

std::optional<std::uint32_t> parse_rate(std::string_view text, std::string& why) {
  const auto number = split_decimal(text, why);
  if (!number) return std::nullopt;
  const std::string_view unit = number->unit;
  const std::uint64_t factor = unit.empty() ? 1 : unit == "k" ? 1'000 : unit == "M" ? 1'000'000 : 0;
  if (factor == 0) {
    why = "units are k and M";
    return std::nullopt;
  }
  const auto rate = scale(*number, factor, std::numeric_limits<std::uint32_t>::max());
  if (!rate) {
    why = "it is no whole number of bit/s, or too many";
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(*rate);
}

std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most,
                                         std::string& why) {
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
  if (!digits) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    const bool fits = value <= (std::numeric_limits<std::uint64_t>::max() - digit) / 10;
    if (!fits || value * 10 + digit > most) {
      why = fmt::format("{} is the most", most);
      return std::nullopt;
    }
    value = value * 10 + digit;
  }
  if (value < least) {
    why = fmt::format("{} is the least", least);
    return std::nullopt;
  }
  return value;
}

std::optional<count_range> parse_count_range(std::string_view text, std::string& why) {
  constexpr std::uint64_t most = 1'000'000;
  const auto range = split_range(text);
  const auto least = parse_count(range ? range->left : text, 0, most, why);
  if (!least) return std::nullopt;
  count_range result{static_cast<std::uint32_t>(*least), std::nullopt};
  if (range && range->right.empty()) return result;
  const auto highest = range ? parse_count(range->right, 0, most, why) : least;
  if (!highest) return std::nullopt;
  if (*highest < *least) {
    why = "it ends before it begins";
    return std::nullopt;
  }
  result.most = static_cast<std::uint32_t>(*highest);
  return result;
}

std::optional<std::uint32_t> parse_share(std::string_view text, std::string& why) {
  const auto number = split_decimal(text, why);
  if (!number) return std::nullopt;
  if (number->unit != "%") {
    why = "the unit is %";
    return std::nullopt;
  }
  const auto share = scale(*number, 10'000, 1'000'000);
  if (!share) why = "shares are up to 100%, with up to four decimals";
  return share ? std::optional{static_cast<std::uint32_t>(*share)} : std::nullopt;
}

std::optional<share_range> parse_share_range(std::string_view text, std::string& why) {
  const auto range = split_range(text);
  const std::string_view left = range ? range->left : std::string_view{};
  const std::string_view right = range ? range->right : text;
  share_range result;
  if (!left.empty()) {
    const auto least = parse_share(left, why);
    if (!least) return std::nullopt;
    result.least = *least;
  }
  if (!right.empty()) {
    const auto most = parse_share(right, why);
    if (!most) return std::nullopt;
    result.most = *most;
  }
  if (result.most >= result.least && !(left.empty() && right.empty())) return result;
  why = "it ends before it begins";
  return std::nullopt;
}

std::optional<std::uint32_t> parse_hex_number(std::string_view text, std::size_t most_digits,
                                              std::string& why) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    why = "hexadecimal is written without 0x";
    return std::nullopt;
  }
  std::uint32_t value = 0;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!is_digit(c) && !letter) {
      const bool plain = c > 0x20 && c < 0x7F;
      why = plain ? fmt::format("'{}' is no hexadecimal digit", c) : "it has more than hexadecimal digits";
      return std::nullopt;
    }
    const int digit = is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value << 4U | static_cast<std::uint32_t>(digit);
  }
  if (text.empty() || text.size() > most_digits) {
    why = text.empty() ? "digits are missing" : fmt::format("{} digits are the most", most_digits);
    return std::nullopt;
  }
  return value;
}

std::string to_text(duration time) {
  const auto count = static_cast<std::uint64_t>(time.count());
  if (count == 0) return "0ms";
  // Not min and h: "5100ms" is what people write, and "300s" is still clear.
  for (std::size_t i = 3; i > 0; --i) {
    if (count % units.at(i).nanoseconds == 0) {
      return fmt::format("{}{}", count / units.at(i).nanoseconds, units.at(i).name);
    }
  }
  return fmt::format("{}ns", count);
}

}  // namespace canstage::scenarios

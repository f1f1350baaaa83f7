#include "scenarios/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "protocols/uds/service.hpp"

namespace canstage::scenarios {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view nrc_prefix = "NRC ";

/// `value` in units of which 10^9 nanoseconds make `per_second`, rounded to three decimals. In whole
/// numbers, because a report has to be the same on every machine.
std::string three_decimals(duration time, std::int64_t ns_per_unit) {
  const bool negative = time < 0ns;
  const std::int64_t ns = negative ? -time.count() : time.count();
  const std::int64_t step = ns_per_unit / 1000;
  const std::int64_t thousandths = ns / step + (ns % step * 2 >= step ? 1 : 0);
  return fmt::format("{}{}.{:03}", negative ? "-" : "", thousandths / 1000, thousandths % 1000);
}

std::string trimmed(std::string number) {
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number;
}

/// One text of two characters for each byte that a pattern speaks of; a trailing "*" stays one.
std::vector<std::string> byte_tokens(std::string_view pattern) {
  std::vector<std::string> tokens;
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == ' ') {
      ++at;
    } else if (pattern[at] == '*') {
      tokens.emplace_back("*");
      ++at;
    } else if (pattern[at] == '{') {
      const std::size_t end = std::min(pattern.find('}', at), pattern.size() - 1);
      const std::string_view inside = pattern.substr(at + 1, end - at - 1);
      std::size_t length = 0;
      if (const auto colon = inside.find(':'); colon != std::string_view::npos) {
        for (const char digit : inside.substr(colon + 1)) {
          if (digit >= '0' && digit <= '9') length = length * 10 + static_cast<std::size_t>(digit - '0');
        }
      }
      tokens.insert(tokens.end(), std::clamp<std::size_t>(length, 1, 4096), "??");
      at = end + 1;
    } else {
      tokens.emplace_back(pattern.substr(at, 2));
      at += 2;
    }
  }
  return tokens;
}

}  // namespace

std::string time_text(duration time) {
  if (time > -1us && time < 1us && time != 0ns) return fmt::format("{} ns", time.count());
  if (time > -10s && time < 10s) return trimmed(three_decimals(time, 1'000'000)) + " ms";
  return trimmed(three_decimals(time, 1'000'000'000)) + " s";
}

std::string fixed_ms(duration time) { return three_decimals(time, 1'000'000); }

std::string fixed_s(duration time) { return three_decimals(time, 1'000'000'000); }

std::string pendings_text(std::size_t count) {
  static constexpr std::array<std::string_view, 11> words{"no",  "one",   "two",   "three", "four", "five",
                                                          "six", "seven", "eight", "nine",  "ten"};
  if (count < words.size()) return fmt::format("{} 0x78", words[count]);
  return fmt::format("{} 0x78", count);
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string id_text(can::identifier id) {
  return id.is_extended() ? fmt::format("{:08X}", id.value()) : fmt::format("{:03X}", id.value());
}

std::string cut_hex(byte_view data, std::size_t max_bytes) {
  if (data.size() <= max_bytes) return to_hex(data);
  return fmt::format("{} .. ({} bytes)", to_hex(data.first(max_bytes)), data.size());
}

std::string negative_name(byte_view answer) {
  if (answer.size() != 3 || answer[0] != uds::negative_response) return {};
  return uds::nrc_name(answer[2]);
}

std::string expected_pattern(const verdict& judged, byte_view request) {
  const bool no_bytes = judged.expected == "silence" || judged.expected == "anything" ||
                        judged.expected.starts_with(breaks_off_prefix);
  if (no_bytes) return {};
  if (!judged.expected.starts_with(nrc_prefix)) return judged.expected;
  const std::string sid = request.empty() ? "??" : to_hex(request.first(1));
  return fmt::format("7F {} {}", sid, judged.expected.substr(nrc_prefix.size()));
}

comparison compare(std::string_view pattern, byte_view answer, std::size_t difference, std::size_t max_bytes,
                   bool marked) {
  const std::vector<std::string> wanted = byte_tokens(pattern);
  const std::size_t length = std::max(wanted.size(), answer.size());
  std::size_t first = 0;
  if (length > max_bytes && difference >= max_bytes / 2) {
    first = std::min(difference - max_bytes / 2, length - max_bytes);
  }
  const std::size_t last = std::min(length, first + max_bytes);

  comparison result;
  if (first > 0) result.expected = result.got = ".. ";
  result.column = result.got.size() + (difference - first) * 3;
  for (std::size_t i = first; i < last; ++i) {
    if (i < wanted.size()) result.expected += wanted[i] + ' ';
    const std::string byte = i < answer.size() ? to_hex(answer.subspan(i, 1)) : "";
    if (marked && i == difference) {
      result.got += fmt::format("[{}] ", byte);
    } else if (!byte.empty()) {
      result.got += byte + ' ';
    }
  }
  if (marked && difference >= last) result.got += "[] ";
  if (last < wanted.size()) result.expected += ".. ";
  if (last < answer.size()) result.got += ".. ";
  if (last < answer.size() || first > 0) result.got += fmt::format("({} bytes) ", answer.size());
  for (std::string* text : {&result.expected, &result.got}) {
    if (!text->empty() && text->back() == ' ') text->pop_back();
  }
  return result;
}

}  // namespace canstage::scenarios

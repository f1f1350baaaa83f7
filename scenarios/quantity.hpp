// Numbers as a scenario writes them: times and rates with a unit, counts in decimal, everything that
// is on the bus in hexadecimal. Each function returns nothing and fills `why` for a text that is
// none; `why` continues a sentence ("... found '50': the unit is missing").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/time.hpp"
#include "protocols/uds/server_config.hpp"

namespace canstage::scenarios {

/// The longest time that a scenario can write.
inline constexpr duration max_time = std::chrono::hours{1000};

/// "5ms", "1.5s"; units ns, us, ms, s, min and h. Never negative.
std::optional<duration> parse_time(std::string_view text, std::string& why);

/// "5ms" or "2ms..10ms".
std::optional<uds::time_range> parse_time_range(std::string_view text, std::string& why);

/// "500k", "1M", "83333", "33.3k" in bit/s.
std::optional<std::uint32_t> parse_rate(std::string_view text, std::string& why);

/// A decimal number from `least` to `most`.
std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most,
                                         std::string& why);

struct count_range {
  std::uint32_t least = 0;
  std::optional<std::uint32_t> most;
};

/// "2", "1..3" or "1..".
std::optional<count_range> parse_count_range(std::string_view text, std::string& why);

/// "40%" or "0.5%", in millionths.
std::optional<std::uint32_t> parse_share(std::string_view text, std::string& why);

/// A share in millionths, up to 1'000'000.
struct share_range {
  std::uint32_t least = 0;
  std::uint32_t most = 1'000'000;
};

/// "40%" (at most that), "10%..50%", "10%.." or "..50%".
std::optional<share_range> parse_share_range(std::string_view text, std::string& why);

/// At least one and at most `most_digits` hexadecimal digits.
std::optional<std::uint32_t> parse_hex_number(std::string_view text, std::size_t most_digits,
                                              std::string& why);

/// The shortest spelling of a time: "5ms", "1500us".
std::string to_text(duration time);

}  // namespace canstage::scenarios

#include "scenarios/quantity.hpp"

#include "catch2/catch.hpp"

namespace canstage::scenarios {
namespace {

using namespace std::chrono_literals;

std::optional<duration> time(std::string_view text) {
  std::string why;
  return parse_time(text, why);
}

std::string why_no_time(std::string_view text) {
  std::string why;
  CHECK_FALSE(parse_time(text, why));
  return why;
}

TEST_CASE("times carry a unit", "[quantity]") {
  CHECK(time("0ms") == 0ns);
  CHECK(time("5ns") == 5ns);
  CHECK(time("5us") == 5us);
  CHECK(time("5ms") == 5ms);
  CHECK(time("5 ms") == 5ms);
  CHECK(time("1.5s") == 1500ms);
  CHECK(time("0.000001ms") == 1ns);
  CHECK(time("2min") == 120s);
  CHECK(time("0.5h") == 30min);
  CHECK(time("1000h") == max_time);
  CHECK(why_no_time("5") == "the unit is missing");
  CHECK(why_no_time("5sec") == "units are ns, us, ms, s, min and h");
  CHECK(why_no_time("-5ms") == "it is never negative");
  CHECK(why_no_time("1.5ns") == "1ns is the finest step");
  CHECK(why_no_time("1000.000001h") == "1000h is the longest time");
  CHECK(why_no_time("999999999999999h") == "1000h is the longest time");
  CHECK(why_no_time("1000000000000000h") == "the number is too large");
  CHECK(why_no_time("0.0000001s") == "six decimals are allowed");
  for (const std::string_view text : {"", "ms", ".5ms", "5.ms", "+5ms", "5ms ", "five", "1,5ms"}) {
    CAPTURE(text);
    CHECK_FALSE(time(text));
  }
}

TEST_CASE("times are printed as people write them", "[quantity]") {
  CHECK(to_text(0ns) == "0ms");
  CHECK(to_text(5100ms) == "5100ms");
  CHECK(to_text(5s) == "5s");
  CHECK(to_text(100us) == "100us");
  CHECK(to_text(1500ns) == "1500ns");
  CHECK(to_text(2h) == "7200s");
}

TEST_CASE("a time range is one time or two", "[quantity]") {
  std::string why;
  CHECK(parse_time_range("5ms", why) == uds::time_range{5ms, 5ms});
  CHECK(parse_time_range("2ms..1s", why) == uds::time_range{2ms, 1s});
  CHECK_FALSE(parse_time_range("2..5ms", why));
  CHECK_FALSE(parse_time_range("5ms..", why));
  CHECK_FALSE(parse_time_range("5ms..2ms", why));
  CHECK(why == "it ends before it begins");
}

TEST_CASE("rates are bits per second", "[quantity]") {
  std::string why;
  CHECK(parse_rate("500k", why) == 500'000);
  CHECK(parse_rate("1M", why) == 1'000'000);
  CHECK(parse_rate("83333", why) == 83'333);
  CHECK(parse_rate("33.3k", why) == 33'300);
  CHECK_FALSE(parse_rate("0.0001k", why));
  CHECK_FALSE(parse_rate("99999999M", why));
  CHECK_FALSE(parse_rate("500K", why));
  CHECK_FALSE(parse_rate("k", why));
}

TEST_CASE("counts are decimal and have limits", "[quantity]") {
  std::string why;
  CHECK(parse_count("0", 0, 5, why) == 0);
  CHECK(parse_count("007", 0, 7, why) == 7);
  CHECK(parse_count("18446744073709551615", 0, UINT64_MAX, why) == UINT64_MAX);
  CHECK_FALSE(parse_count("18446744073709551616", 0, UINT64_MAX, why));
  CHECK(why == "18446744073709551615 is the most");
  CHECK_FALSE(parse_count("0", 1, 5, why));
  CHECK(why == "1 is the least");
  for (const std::string_view text : {"", "-1", "+1", "1.0", "0x1", "1 ", "A"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_count(text, 0, 100, why));
  }
}

TEST_CASE("a count range is open, closed or one number", "[quantity]") {
  std::string why;
  const auto check = [&](std::string_view text, std::uint32_t least, std::optional<std::uint32_t> most) {
    CAPTURE(text);
    const auto range = parse_count_range(text, why);
    REQUIRE(range);
    CHECK(range->least == least);
    CHECK(range->most == most);
  };
  check("0", 0, 0);
  check("2", 2, 2);
  check("1..3", 1, 3);
  check("1..", 1, std::nullopt);
  CHECK_FALSE(parse_count_range("..3", why));
  CHECK_FALSE(parse_count_range("3..1", why));
  CHECK_FALSE(parse_count_range("1...3", why));
}

TEST_CASE("hexadecimal is digits and nothing else", "[quantity]") {
  std::string why;
  CHECK(parse_hex_number("7e0", 8, why) == 0x7E0);
  CHECK(parse_hex_number("010", 8, why) == 0x10);
  CHECK(parse_hex_number("FFFFFFFF", 8, why) == 0xFFFF'FFFF);
  CHECK_FALSE(parse_hex_number("1FFFFFFFF", 8, why));
  CHECK_FALSE(parse_hex_number("", 8, why));
  CHECK_FALSE(parse_hex_number("7G", 8, why));
  CHECK(why == "'G' is no hexadecimal digit");
  CHECK_FALSE(parse_hex_number("0x7", 8, why));
  CHECK(why == "hexadecimal is written without 0x");
}

}  // namespace
}  // namespace canstage::scenarios

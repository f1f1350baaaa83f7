// Every form of a pattern and of a reply template, and every way to get one wrong.
#include "protocols/uds/pattern.hpp"

#include <rapidcheck.h>

#include "catch2/catch.hpp"

namespace canstage::uds {

namespace {

bytes from_hex(std::string_view text) {
  text_error error;
  const auto data = parse_hex(text, error);
  REQUIRE(data);
  return *data;
}

template <typename Kind>
Kind parsed(std::string_view text) {
  text_error error;
  const auto result = Kind::parse(text, error);
  INFO(text << ": " << error.offset << " " << error.message);
  REQUIRE(result);
  return *result;
}

bool fits(std::string_view text, std::string_view data) {
  return parsed<pattern>(text).matches(from_hex(data));
}

std::optional<std::size_t> difference(std::string_view text, std::string_view data) {
  return parsed<pattern>(text).first_difference(from_hex(data));
}

/// "offset: message" of a text that is refused.
template <typename Kind>
std::string refusal(std::string_view text) {
  text_error error;
  CAPTURE(text);
  REQUIRE_FALSE(Kind::parse(text, error));
  return std::to_string(error.offset) + ": " + error.message;
}

}  // namespace

TEST_CASE("bytes, digits and any rest") {
  CHECK(fits("62 F1 90", "62 F1 90"));
  CHECK_FALSE(fits("62 F1 90", "62 F1 91"));
  CHECK_FALSE(fits("62 F1 90", "62 F1"));
  CHECK_FALSE(fits("62 F1 90", "62 F1 90 00"));
  CHECK(fits("62f190", "62 F1 90"));
  CHECK(fits("62 ?? 90", "62 AB 90"));
  CHECK_FALSE(fits("62 ??", "62"));
  CHECK(fits("22 FD 0?", "22 FD 0F"));
  CHECK_FALSE(fits("22 FD 0?", "22 FD 10"));
  CHECK(fits("22 FD ?1", "22 FD A1"));
  CHECK_FALSE(fits("22 FD ?1", "22 FD A2"));
  CHECK(fits("62 *", "62"));
  CHECK(fits("62 *", "62 01 02 03"));
  CHECK(fits("62*", "62 01"));
  CHECK_FALSE(fits("62 *", "63 01"));
  CHECK_FALSE(fits("62 F1 *", "62"));
  CHECK(fits("*", ""));
  CHECK(fits("*", "01"));
}

TEST_CASE("captures") {
  const auto p = parsed<pattern>("67 01 {seed:4} {Last} *");
  CHECK(p.capture_names() == std::vector<std::string>{"seed", "Last"});
  captures caught{{"old", {0x01}}, {"Last", {0x02}}};
  CHECK_FALSE(p.matches(from_hex("67 01 AA BB CC DD"), &caught));
  CHECK(caught == captures{{"old", {0x01}}, {"Last", {0x02}}});
  CHECK(p.matches(from_hex("67 01 AA BB CC DD EE FF"), &caught));
  CHECK(caught == captures{{"old", {0x01}}, {"Last", {0xEE}}, {"seed", {0xAA, 0xBB, 0xCC, 0xDD}}});
  CHECK(p.matches(from_hex("67 01 AA BB CC DD EE")));
}

TEST_CASE("the first difference is shown") {
  CHECK_FALSE(difference("62 F1 90 *", "62 F1 90 01"));
  CHECK(difference("62 F1 90", "63 F1 90") == 0);
  CHECK(difference("62 F1 90", "62 F1 91") == 2);
  CHECK(difference("62 F1 90", "62 F1") == 2);
  CHECK(difference("62 F1 90", "62 F1 90 00") == 3);
  CHECK(difference("62 F1 90", "") == 0);
  CHECK(difference("62 {x:2}", "62 01") == 2);
  CHECK(difference("62 0?", "62 10") == 1);
}

TEST_CASE("the text of a pattern is upper case with single blanks") {
  CHECK(parsed<pattern>(" 62f1  9?\t{Vin:17}{x}{y:1} * ").text() == "62 F1 9? {Vin:17} {x} {y} *");
  CHECK(pattern::exactly(from_hex("62 F1")).text() == "62 F1");
  CHECK(pattern::exactly(from_hex("62 F1")).matches(from_hex("62 F1")));
  CHECK_FALSE(pattern::exactly(from_hex("62 F1")).matches(from_hex("62 F1 00")));
  CHECK(pattern::exactly({}).matches({}));
  CHECK(pattern{}.matches({}));
}

TEST_CASE("what is no pattern is refused with its offset") {
  CHECK(refusal<pattern>("") == "0: empty: at least one byte or '*' is needed");
  CHECK(refusal<pattern>("  ") == "0: empty: at least one byte or '*' is needed");
  CHECK(refusal<pattern>("6") == "0: a byte has two digits");
  CHECK(refusal<pattern>("62 F 90") == "3: a byte has two digits");
  CHECK(refusal<pattern>("62F") == "2: a byte has two digits");
  CHECK(refusal<pattern>("62 F*") == "3: a byte has two digits");
  CHECK(refusal<pattern>("62 ?{x}") == "3: a byte has two digits");
  CHECK(refusal<pattern>("62 X1") == "3: 'X' is neither a hex digit nor part of a pattern");
  CHECK(refusal<pattern>("62 1X") == "4: 'X' is neither a hex digit nor part of a pattern");
  CHECK(refusal<pattern>("62, F1") == "2: ',' is neither a hex digit nor part of a pattern");
  CHECK(refusal<pattern>("62 }") == "3: '}' is neither a hex digit nor part of a pattern");
  CHECK(refusal<pattern>("62 * 00") == "3: '*' stands for any rest, nothing can follow it");
  CHECK(refusal<pattern>("62 **") == "3: '*' stands for any rest, nothing can follow it");
}

TEST_CASE("what is no capture is refused with its offset") {
  const std::string number = ": a number from 1 to 4095 is needed here";
  CHECK(refusal<pattern>("62 {seed") == "3: '{' is not closed");
  CHECK(refusal<pattern>("62 {") == "3: '{' is not closed");
  CHECK(refusal<pattern>("62 {seed:4 00") == "3: '{' is not closed");
  CHECK(refusal<pattern>("62 {}") == "4: a name begins with a letter");
  CHECK(refusal<pattern>("62 {4}") == "4: a name begins with a letter");
  CHECK(refusal<pattern>("62 {1..2}") == "4: a name begins with a letter");
  CHECK(refusal<pattern>("62 {a b}") == "5: ' ' is neither a hex digit nor part of a pattern");
  CHECK(refusal<pattern>("62 {seed:}") == "9" + number);
  CHECK(refusal<pattern>("62 {seed:0}") == "9" + number);
  CHECK(refusal<pattern>("62 {seed:x}") == "9" + number);
  CHECK(refusal<pattern>("62 {seed:-1}") == "9" + number);
  CHECK(refusal<pattern>("62 {seed:4096}") == "9" + number);
  CHECK(refusal<pattern>("62 {seed:99999999999999999999999}") == "9" + number);
  CHECK(refusal<pattern>("62 {seed:4x}") == "10: 'x' is neither a hex digit nor part of a pattern");
  CHECK(refusal<pattern>("62 {a} {a:2}") == "8: 'a' is captured twice");
}

TEST_CASE("a template is filled from a request and from captures") {
  const auto t = parsed<reply_template>("62 {1..2}{seed} 00 {1} {seed}");
  CHECK(t.names() == std::vector<std::string>{"seed"});
  CHECK(t.uses_request());
  CHECK(to_hex(t.fill(from_hex("22 F1 90"), {{"seed", {0xAA, 0xBB}}})) == "62 F1 90 AA BB 00 F1 AA BB");
  // A name that nobody captured gives nothing, a range as many bytes as there are.
  CHECK(to_hex(t.fill(from_hex("22 F1"), {})) == "62 F1 00 F1");
  CHECK(to_hex(t.fill({}, {})) == "62 00");
  CHECK(to_hex(parsed<reply_template>("{0..4095}").fill(from_hex("01 02"), {})) == "01 02");
  CHECK(parsed<reply_template>(" 62f1 {1..2}{A} {0}").text() == "62 F1 {1..2} {A} {0}");
}

TEST_CASE("a template without holes") {
  CHECK_FALSE(parsed<reply_template>("62 F1").uses_request());
  CHECK(parsed<reply_template>("62 F1").names().empty());
  CHECK(reply_template::exactly(from_hex("62 F1")).text() == "62 F1");
  CHECK(to_hex(reply_template::exactly(from_hex("62 F1")).fill({}, {})) == "62 F1");
  CHECK(reply_template{}.fill({}, {}).empty());
  CHECK(reply_template::exactly({}).fill({}, {}).empty());
}

TEST_CASE("what is no template is refused with its offset") {
  const std::string number = ": a number from 0 to 4095 is needed here";
  CHECK(refusal<reply_template>("") == "0: empty: at least one byte is needed");
  CHECK(refusal<reply_template>("62 F") == "3: a byte has two digits");
  CHECK(refusal<reply_template>("62 G0") == "3: 'G' is neither a hex digit nor part of a pattern");
  CHECK(refusal<reply_template>("62 *") == "3: '*' has no meaning in bytes that are sent");
  CHECK(refusal<reply_template>("62 ??") == "3: '?' has no meaning in bytes that are sent");
  CHECK(refusal<reply_template>("62 0?") == "4: '?' has no meaning in bytes that are sent");
  CHECK(refusal<reply_template>("62 {1..2") == "3: '{' is not closed");
  CHECK(refusal<reply_template>("62 {2..1}") == "4: a range goes from the lower to the higher byte");
  CHECK(refusal<reply_template>("62 {1.2}") == "6: a range is written {1..2}");
  CHECK(refusal<reply_template>("62 {1..}") == "7" + number);
  CHECK(refusal<reply_template>("62 {5000}") == "4" + number);
  CHECK(refusal<reply_template>("62 {1-2}") == "5: '-' is neither a hex digit nor part of a pattern");
  CHECK(refusal<reply_template>("62 {seed:4}") == "8: ':' is neither a hex digit nor part of a pattern");
  CHECK(refusal<reply_template>("62 {}") == "4: a name begins with a letter");
}

TEST_CASE("any text is a pattern or an error inside of it, and a pattern's text is the same pattern") {
  const bool ok = rc::check([](const std::vector<std::uint8_t>& choice) {
    static constexpr std::string_view letters = "0123456789abcdefABCDEF??**{{}}::..  xyX\t,_";
    std::string text;
    for (const std::uint8_t c : choice) text += letters[c % letters.size()];
    text_error error;
    if (const auto p = pattern::parse(text, error)) {
      const auto again = pattern::parse(p->text(), error);
      RC_ASSERT(again.has_value());
      RC_ASSERT(again->text() == p->text());
      RC_ASSERT(again->capture_names() == p->capture_names());
    } else {
      RC_ASSERT(error.offset <= text.size());
      RC_ASSERT(!error.message.empty());
    }
    if (const auto t = reply_template::parse(text, error)) {
      const auto again = reply_template::parse(t->text(), error);
      RC_ASSERT(again.has_value());
      RC_ASSERT(again->fill(bytes{1, 2, 3}, {}) == t->fill(bytes{1, 2, 3}, {}));
    }
  });
  CHECK(ok);
}

TEST_CASE("a pattern fits exactly its own bytes") {
  const bool ok = rc::check([](const bytes& data, const bytes& other) {
    RC_ASSERT(pattern::exactly(data).matches(data));
    RC_ASSERT(pattern::exactly(data).matches(other) == (data == other));
    RC_ASSERT(reply_template::exactly(data).fill(other, {}) == data);
  });
  CHECK(ok);
}

}  // namespace canstage::uds

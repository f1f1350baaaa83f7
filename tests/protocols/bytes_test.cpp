#include "protocols/bytes.hpp"

#include <rapidcheck.h>

#include "catch2/catch.hpp"

using namespace canstage;

TEST_CASE("bytes: upper-case pairs with blanks between them") {
  CHECK(to_hex({}).empty());
  CHECK(to_hex(bytes{0x0A}) == "0A");
  CHECK(to_hex(bytes{0x62, 0xF1, 0x90}) == "62 F1 90");
}

TEST_CASE("bytes: pairs are read with and without blanks, in either case") {
  text_error error;
  CHECK(parse_hex("", error) == bytes{});
  CHECK(parse_hex("62F190", error) == bytes{0x62, 0xF1, 0x90});
  CHECK(parse_hex("62 f1 90", error) == bytes{0x62, 0xF1, 0x90});
  CHECK(parse_hex(" 62  F190 ", error) == bytes{0x62, 0xF1, 0x90});
}

TEST_CASE("bytes: what is no pair is refused at its offset") {
  struct {
    std::string_view text;
    std::size_t offset;
  } const cases[] = {{"6", 0}, {"62 F", 3}, {"6 2", 0}, {"62 G1", 3}, {"6G", 1}, {"0x12", 1}, {"62\t10", 2}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    text_error error;
    CHECK_FALSE(parse_hex(c.text, error).has_value());
    CHECK(error.offset == c.offset);
    CHECK_FALSE(error.message.empty());
  }
}

TEST_CASE("bytes: what was written is read back") {
  CHECK(rc::check([](const bytes& data) {
    text_error error;
    RC_ASSERT(parse_hex(to_hex(data), error) == data);
  }));
}

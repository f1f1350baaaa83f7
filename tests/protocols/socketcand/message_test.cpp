#include "protocols/socketcand/message.hpp"

#include <rapidcheck.h>

#include <chrono>

#include "catch2/catch.hpp"
#include "tests/protocols/can/frames.hpp"

using namespace canstage;
using namespace canstage::socketcand;
using namespace std::chrono_literals;
using can::data_frame;
using can::identifier;
using can::test::hex;

namespace {

const identifier base = identifier::standard(0x123);

std::string sent(const can::frame& f) {
  std::string text;
  append_send(text, f);
  return text;
}

std::string told(const can::frame& f, duration at) {
  std::string text;
  append_frame(text, f, at);
  return text;
}

/// What stands between the brackets.
std::string inside(const std::string& text) { return text.substr(1, text.size() - 2); }

std::string refused(std::string_view text) {
  std::string problem;
  CHECK_FALSE(parse_send(words_of(text), problem));
  return problem;
}

can::frame read(std::string_view text) {
  std::string problem;
  const auto f = parse_send(words_of(text), problem);
  INFO(text << ": " << problem);
  REQUIRE(f);
  return *f;
}

}  // namespace

TEST_CASE("socketcand: a frame that a client sends") {
  CHECK(sent(data_frame(base, hex("0210F1"))) == "< send 123 3 02 10 F1 >");
  CHECK(sent(data_frame(identifier::extended(0x123), {})) == "< send 00000123 0 >");
}

TEST_CASE("socketcand: how others write a frame that they send") {
  CHECK(read("send 123 2 1 f1") == data_frame(base, hex("01F1")));
  CHECK(read("  send  123  1  01 ") == data_frame(base, hex("01")));
  CHECK(read("send 00000123 0") == data_frame(identifier::extended(0x123), {}));
  CHECK(read("send 18DA10F1 0") == data_frame(identifier::extended(0x18DA10F1), {}));
}

TEST_CASE("socketcand: an identifier that 11 bits do not hold is extended, though it has no 8 digits") {
  CHECK(read("send 8DA10F1 0") == data_frame(identifier::extended(0x8DA10F1), {}));
  CHECK(read("send 800 0") == data_frame(identifier::extended(0x800), {}));
}

TEST_CASE("socketcand: what is no frame to send") {
  CHECK(refused("send") == "'send' wants an identifier, a length and bytes");
  CHECK(refused("send 123") == "'send' wants an identifier, a length and bytes");
  CHECK(refused("send 12G 0") == "'send' wants an identifier of 3 or 8 hex digits");
  CHECK(refused("send 20000000 0") == "'send' wants an identifier of 3 or 8 hex digits");
  CHECK(refused("send 123 x") == "'send' wants a length from 0 to 8");
  CHECK(refused("send 123 2 01") == "'send' wants as many bytes as its length says");
  CHECK(refused("send 123 1 01 02") == "'send' wants as many bytes as its length says");
  CHECK(refused("send 123 1 123") == "'send' wants bytes of two hex digits");
  CHECK(refused("send 123 C 0 0 0 0 0 0 0 0 0 0 0 0") == "CAN FD frames are not carried");
  CHECK(refused("send 123 4") == "remote frames are not carried");
}

TEST_CASE("socketcand: a frame that a server tells") {
  CHECK(told(data_frame(base, hex("DEADBEEF")), 1345212884s + 318850us) ==
        "< frame 123 1345212884.318850 DEADBEEF >");
  CHECK(told(data_frame(identifier::extended(0x12345678), hex("01")), 1s + 7us) ==
        "< frame 12345678 1.000007 01 >");
  SECTION("without data there are two blanks before the end") {
    CHECK(told(data_frame(base, {}), 0s) == "< frame 123 0.000000  >");
  }
  SECTION("the broadcast manager's bytes have blanks between them") {
    std::string text;
    append_frame(text, data_frame(base, hex("DEAD")), 0s, " ");
    CHECK(text == "< frame 123 0.000000 DE AD >");
    CHECK(parse_frame(words_of(inside(text)))->content == data_frame(base, hex("DEAD")));
  }
}

TEST_CASE("socketcand: what is no frame that a server tells") {
  for (const auto* text :
       {"frame", "frame 123", "frame 123 1.000000 1", "frame 123 1.000000 XX", "frame 123 1 11",
        "frame 123 1.5 11", "frame 123 x.000000 11", "frame 123 -1.000000 11", "frame 99999999 1.000000 11",
        "frame 123 1.000000 112233445566778899", "frame 123 9999999999999999999.000000 11"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_frame(words_of(text)));
  }
}

TEST_CASE("socketcand: only classic data frames are carried") {
  CHECK(can_carry(data_frame(base, hex("01"))));
  CHECK_FALSE(can_carry(can::fd_frame(base, hex("01"), false)));
  CHECK_FALSE(can_carry(can::test::remote_frame(base, 1)));
}

TEST_CASE("socketcand: what was written is read back") {
  CHECK(rc::check([] {
    const auto f = can::test::any_frame();
    RC_PRE(can_carry(f) && f.raw_dlc == 0);
    std::string problem;
    const auto as_sent = parse_send(words_of(inside(sent(f))), problem);
    RC_ASSERT(as_sent && *as_sent == f);
    const std::chrono::microseconds at{*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000'000)};
    const auto as_told = parse_frame(words_of(inside(told(f, at))));
    RC_ASSERT(as_told && as_told->content == f && as_told->since_1970 == at);
  }));
}

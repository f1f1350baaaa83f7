#include "protocols/trace/candump_log.hpp"

#include <rapidcheck.h>

#include <chrono>

#include "catch2/catch.hpp"
#include "tests/protocols/can/frames.hpp"

using namespace canstage;
using namespace canstage::can;
using namespace canstage::trace;
using namespace std::chrono_literals;
using canstage::can::test::hex;
using canstage::can::test::remote_frame;

namespace {

const identifier base = identifier::standard(0x123);

/// The frame's part of its line.
std::string written(const frame& f) {
  const std::string line = format_line(instant{}, "can0", f);
  constexpr std::string_view before = "(0000000000.000000) can0 ";
  REQUIRE(line.substr(0, before.size()) == before);
  return line.substr(before.size());
}

frame read(std::string_view text) {
  text_error error;
  const auto parsed = parse_line("(1.000000) can0 " + std::string(text), error);
  INFO(error.message << " at " << error.offset);
  REQUIRE(parsed);
  return parsed->content;
}

frame with_raw_dlc(frame f, std::uint8_t code) {
  f.raw_dlc = code;
  return f;
}

}  // namespace

TEST_CASE("candump_log: a line") {
  const frame f = data_frame(identifier::standard(0x7E0), hex("0210030000000000"));
  CHECK(format_line(instant{230us}, "can0", f) == "(0000000000.000230) can0 7E0#0210030000000000");
  CHECK(format_line(instant{1345212884s + 318850us}, "vcan0", data_frame(base, {})) ==
        "(1345212884.318850) vcan0 123#");
}

TEST_CASE("candump_log: times are rounded down to microseconds") {
  CHECK(format_line(instant{1999ns}, "b", data_frame(base, {})) == "(0000000000.000001) b 123#");
  CHECK(format_line(instant{1s - 1ns}, "b", data_frame(base, {})) == "(0000000000.999999) b 123#");
}

TEST_CASE("candump_log: a line is appended to what is there") {
  std::string text = "x\n";
  append_line(text, instant{}, "can0", data_frame(base, hex("AB")));
  CHECK(text == "x\n(0000000000.000000) can0 123#AB");
}

TEST_CASE("candump_log: every kind of frame") {
  frame passive = fd_frame(base, hex("11"), true);
  passive.flags.error_state_indicator = true;
  const std::pair<frame, std::string> cases[] = {
      {data_frame(base, hex("DEADBEEF")), "123#DEADBEEF"},
      {data_frame(base, {}), "123#"},
      {data_frame(identifier::standard(1), {}), "001#"},
      {data_frame(identifier::extended(0x123), hex("00")), "00000123#00"},
      {data_frame(identifier::extended(0x18DA10F1), {}), "18DA10F1#"},
      {remote_frame(base, 0), "123#R"},
      {remote_frame(base, 5), "123#R5"},
      {remote_frame(identifier::extended(0x1F334455), 8), "1F334455#R8"},
      {with_raw_dlc(remote_frame(base, 8), 0xF), "123#R8_F"},
      {with_raw_dlc(data_frame(base, hex("1122334455667788")), 0xB), "123#1122334455667788_B"},
      {fd_frame(base, hex("112233"), false), "123##4112233"},
      {fd_frame(base, hex("112233"), true), "123##5112233"},
      {fd_frame(base, {}, false), "123##4"},
      {passive, "123##711"},
      {fd_frame(identifier::extended(0x12345678), bytes(12, 0xAA), true),
       "12345678##5AAAAAAAAAAAAAAAAAAAAAAAA"},
  };
  for (const auto& [f, text] : cases) {
    CHECK(written(f) == text);
    CHECK(read(text) == f);
  }
}

TEST_CASE("candump_log: forms that other programs write are read") {
  CHECK(read("123#11.22.33") == data_frame(base, hex("112233")));
  CHECK(read("123#dead") == data_frame(base, hex("DEAD")));
  CHECK(read("123##1112233") == fd_frame(base, hex("112233"), true));
  CHECK(read("123##4" + std::string(18, '1')) == fd_frame(base, bytes(9, 0x11), false, 0x00));
  CHECK(read("1F334455#R8 T") == remote_frame(identifier::extended(0x1F334455), 8));
  CHECK(read("123#11 R\r\n") == data_frame(base, hex("11")));
  CHECK(read("123#11\n") == data_frame(base, hex("11")));

  text_error error;
  const auto padded = parse_line("(1345212884.318850123)  vcan0   123#", error);
  REQUIRE(padded);
  CHECK(padded->time == instant{1345212884s + 318850123ns});
  CHECK(padded->bus == "vcan0");
}

TEST_CASE("candump_log: anything else is refused at its offset") {
  const std::pair<std::string, std::size_t> cases[] = {
      {"", 0},
      {"1.000000) can0 123#", 0},
      {"(", 1},
      {"(-1.000000) can0 123#", 1},
      {"(x.000000) can0 123#", 1},
      {"(1) can0 123#", 2},
      {"(1.00000) can0 123#", 8},
      {"(1.0000000) can0 123#", 10},
      {"(9999999999.000000) can0 123#", 11},
      {"(99999999999999999999.000000) can0 123#", 1},
      {"(1.000000 can0 123#", 9},
      {"(1.000000)can0 123#", 10},
      {"(1.000000) can0", 11},
      {"(1.000000) ", 11},
      {"(1.000000) can0 ", 16},
      {"(1.000000) can0 12#", 18},
      {"(1.000000) can0 1234#", 20},
      {"(1.000000) can0 123456789#", 24},
      {"(1.000000) can0 123", 19},
      {"(1.000000) can0 800#", 16},
      {"(1.000000) can0 20000000#0000000000000000", 25},
      {"(1.000000) can0 60000080#0000000000000000", 16},
      {"(1.000000) can0 00123#81:00:12345678#11", 21},
      {"(1.000000) can0 123#1", 21},
      {"(1.000000) can0 123#1G", 21},
      {"(1.000000) can0 123#G", 20},
      {"(1.000000) can0 123#112233445566778899", 36},
      {"(1.000000) can0 123#R9", 21},
      {"(1.000000) can0 123#11_9", 23},
      {"(1.000000) can0 123#1122334455667788_8", 37},
      {"(1.000000) can0 123##", 21},
      {"(1.000000) can0 123##4" + std::string(130, '1'), 150},
      {"(1.000000) can0 123#11 X", 23},
      {"(1.000000) can0 123#11 R more", 24},
      {"(1.000000) can0 123#R 456#", 22},
  };
  for (const auto& [line, offset] : cases) {
    CAPTURE(line);
    text_error error;
    CHECK_FALSE(parse_line(line, error).has_value());
    CHECK(error.offset == offset);
    CHECK_FALSE(error.message.empty());
  }
}

TEST_CASE("candump_log: what was written is read back, up to the nanoseconds") {
  CHECK(rc::check([] {
    const instant time{
        std::chrono::nanoseconds{*rc::gen::inRange<std::int64_t>(0, 9'000'000'000'000'000'000)}};
    const frame f = can::test::any_frame();
    text_error error;
    const auto parsed = parse_line(format_line(time, "can0", f), error);
    RC_ASSERT(parsed);
    RC_ASSERT(parsed->content == f);
    RC_ASSERT(parsed->bus == "can0");
    RC_ASSERT(parsed->time <= time);
    RC_ASSERT(time - parsed->time < 1us);
  }));
}

TEST_CASE("candump_log: no line makes the reader fall over") {
  CHECK(rc::check([] {
    std::string line = format_line(instant{1s}, "can0", can::test::any_frame());
    const auto changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i) {
      const auto position = *rc::gen::inRange<std::size_t>(0, line.size());
      line[position] = *rc::gen::arbitrary<char>();
    }
    line.resize(*rc::gen::inRange<std::size_t>(0, line.size() + 1));
    text_error error;
    const auto parsed = parse_line(line, error);
    RC_ASSERT(parsed.has_value() == error.message.empty());
    RC_ASSERT(error.offset <= line.size());
  }));
}

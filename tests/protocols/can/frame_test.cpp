#include "protocols/can/frame.hpp"

#include <rapidcheck.h>

#include "catch2/catch.hpp"
#include "tests/protocols/can/frames.hpp"

using namespace canstage;
using namespace canstage::can;
using canstage::can::test::hex;
using canstage::can::test::remote_frame;

namespace {

const identifier id = identifier::standard(0x123);

}  // namespace

TEST_CASE("frame: DLC to length") {
  const int classic[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8, 8};
  const int fd[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64};
  for (std::uint8_t code = 0; code < 16; ++code) {
    CHECK(length_for_dlc(code, false) == classic[code]);
    CHECK(length_for_dlc(code, true) == fd[code]);
  }
}

TEST_CASE("frame: length to FD length and FD DLC") {
  struct {
    std::size_t first, last;
    int length, code;
  } const rows[] = {{9, 12, 12, 9},   {13, 16, 16, 10}, {17, 20, 20, 11}, {21, 24, 24, 12},
                    {25, 32, 32, 13}, {33, 48, 48, 14}, {49, 64, 64, 15}};
  for (std::size_t length = 0; length <= 8; ++length) {
    CHECK(fd_length_for(length) == length);
    CHECK(is_fd_length(length));
    CHECK(dlc(fd_frame(id, bytes(length), false)) == length);
  }
  for (const auto& row : rows) {
    for (std::size_t length = row.first; length <= row.last; ++length) {
      CAPTURE(length);
      CHECK(fd_length_for(length) == row.length);
      CHECK(is_fd_length(length) == (length == row.last));
      CHECK(dlc(fd_frame(id, bytes(length), false)) == row.code);
    }
  }
  CHECK_FALSE(is_fd_length(65));
  CHECK_FALSE(is_fd_length(128));
}

TEST_CASE("frame: a classic frame of 8 bytes keeps the DLC it was sent with") {
  frame f = data_frame(id, bytes(8));
  CHECK(dlc(f) == 8);
  f.raw_dlc = 0xB;
  CHECK(dlc(f) == 0xB);
  CHECK(f.payload().size() == 8);
}

TEST_CASE("frame: a remote frame has a DLC and no data") {
  const frame f = remote_frame(id, 8);
  CHECK(dlc(f) == 8);
  CHECK(f.payload().empty());
}

TEST_CASE("frame: FD data is padded to the next FD length") {
  const frame f = fd_frame(id, hex("01 02 03 04 05 06 07 08 09"), true);
  CHECK(to_hex(f.payload()) == "01 02 03 04 05 06 07 08 09 CC CC CC");
  CHECK(f.flags.fd);
  CHECK(f.flags.bit_rate_switch);
  CHECK_FALSE(f.flags.error_state_indicator);
  CHECK(to_hex(fd_frame(id, bytes(9, 0x11), false, 0x55).payload()) == "11 11 11 11 11 11 11 11 11 55 55 55");
}

TEST_CASE("frame: equal means equal on the wire") {
  const frame f = data_frame(id, hex("11 22"));
  CHECK(f == data_frame(id, hex("1122")));
  CHECK(f != data_frame(identifier::extended(0x123), hex("1122")));
  CHECK(f != data_frame(id, hex("1123")));
  CHECK(f != data_frame(id, hex("112200")));
  CHECK(f != fd_frame(id, hex("1122"), false));
  CHECK(fd_frame(id, hex("1122"), true) != fd_frame(id, hex("1122"), false));
  CHECK(remote_frame(id, 2) != f);

  frame behind_the_data = f;
  behind_the_data.data[7] = 0xFF;
  CHECK(behind_the_data == f);
}

TEST_CASE("frame: length and DLC belong together, for any frame") {
  CHECK(rc::check([] {
    const frame f = test::any_frame();
    RC_ASSERT(length_for_dlc(dlc(f), f.flags.fd) == f.length);
    RC_ASSERT(f.payload().size() == (f.flags.remote ? 0U : f.length));
  }));
}

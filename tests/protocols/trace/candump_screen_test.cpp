#include "protocols/trace/candump_screen.hpp"

#include <chrono>

#include "catch2/catch.hpp"
#include "protocols/bytes.hpp"

namespace canstage::trace {

namespace {

using namespace std::chrono_literals;
using can::identifier;

std::string line(duration time, const can::frame& f) {
  std::string text;
  append_screen_line(text, time, "vcan0", f);
  return text;
}

}  // namespace

TEST_CASE("a frame is a line as candump -tz prints it") {
  const bytes request{0x02, 0x10, 0x03};
  CHECK(line(12'345'678ns, can::data_frame(identifier::standard(0x7E0), request)) ==
        "(000.012345)  vcan0       7E0   [3]  02 10 03");
  CHECK(line(61min, can::data_frame(identifier::extended(0x18DA10F1), request)) ==
        "(3660.000000)  vcan0  18DA10F1   [3]  02 10 03");
  CHECK(line(1s, can::fd_frame(identifier::standard(0x1), bytes(9, 0xAB), true)) ==
        "(001.000000)  vcan0       001  [12]  AB AB AB AB AB AB AB AB AB CC CC CC");
  CHECK(line(0s, can::fd_frame(identifier::standard(0x1), request, true)) ==
        "(000.000000)  vcan0       001  [03]  02 10 03");
}

TEST_CASE("a frame without data is a short line, and a remote frame says so") {
  auto empty = can::data_frame(identifier::standard(0x7FF), {});
  CHECK(line(0s, empty) == "(000.000000)  vcan0       7FF   [0]");
  empty.flags.remote = true;
  empty.length = 4;
  CHECK(line(0s, empty) == "(000.000000)  vcan0       7FF   [4]  remote request");
}

}  // namespace canstage::trace

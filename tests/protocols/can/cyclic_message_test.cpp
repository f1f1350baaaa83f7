// Cyclic frames: counter, checksum, period.
#include <chrono>
#include <string_view>
#include <vector>

#include "catch2/catch.hpp"
#include "protocols/can/cyclic_message.hpp"

namespace canstage::can {
namespace {

using namespace std::chrono_literals;

byte_view view(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

cyclic_settings every_10_ms() {
  return {.content = data_frame(identifier::standard(0x123), bytes{0xFF, 0xFF, 0x03}),
          .period = 10ms,
          .offset = 0ms,
          .counter = {},
          .checksum = {}};
}

instant at(duration time) { return instant{time}; }

/// The data of the frame that is due, and confirms it; empty: none.
bytes data_at(cyclic_message& machine, duration time) {
  machine.on_time(at(time));
  const auto frame = machine.poll();
  machine.on_confirm();
  return frame ? bytes(frame->payload().begin(), frame->payload().end()) : bytes{};
}

TEST_CASE("the check value of CRC-8 SAE J1850 is 4B", "[can]") {
  CHECK(checksum(checksum_kind::crc8_j1850, view("123456789")) == 0x4B);
  CHECK(checksum(checksum_kind::xor_bytes, bytes{0x0F, 0xF1}) == 0xFE);
  CHECK(checksum(checksum_kind::sum, bytes{0xFF, 0x02}) == 0x01);
}

TEST_CASE("a frame comes at its offset and then in its period", "[can]") {
  auto settings = every_10_ms();
  settings.offset = 3ms;
  cyclic_message machine{settings};
  CHECK(machine.deadline() == at(3ms));
  CHECK(data_at(machine, 2ms).empty());
  CHECK(data_at(machine, 3ms) == bytes{0xFF, 0xFF, 0x03});
  CHECK_FALSE(machine.poll());
  CHECK(machine.deadline() == at(13ms));
}

TEST_CASE("a counter goes on in its bits and begins again behind its last number", "[can]") {
  auto settings = every_10_ms();
  settings.counter = counter_field{.byte = 1, .mask = 0xF0, .last = 2};
  cyclic_message machine{settings};
  std::vector<int> second_bytes;
  for (int i = 0; i < 4; ++i) second_bytes.push_back(data_at(machine, i * 10ms).at(1));
  CHECK(second_bytes == std::vector<int>{0x0F, 0x1F, 0x2F, 0x0F});
}

TEST_CASE("a checksum covers its bytes and a prefix, but not itself, and comes after the counter", "[can]") {
  auto settings = every_10_ms();
  settings.counter = counter_field{.byte = 1, .mask = 0xFF, .last = 255};
  settings.checksum =
      checksum_field{.byte = 0, .kind = checksum_kind::sum, .first = 0, .last = 63, .prefix = {0x10}};
  cyclic_message machine{settings};
  CHECK(data_at(machine, 0ms) == bytes{0x13, 0x00, 0x03});
  CHECK(data_at(machine, 10ms) == bytes{0x14, 0x01, 0x03});
}

TEST_CASE("a frame that still waits is not overtaken, and its counter does not go on", "[can]") {
  auto settings = every_10_ms();
  settings.counter = counter_field{.byte = 0, .mask = 0xFF, .last = 255};
  cyclic_message machine{settings};
  machine.on_time(at(0ms));
  CHECK(machine.poll());
  machine.on_time(at(10ms));
  CHECK_FALSE(machine.poll());
  machine.on_confirm();
  CHECK_FALSE(machine.poll());
  CHECK(data_at(machine, 20ms).at(0) == 1);
}

TEST_CASE("switched off nothing is sent; switched on it begins at once", "[can]") {
  cyclic_message machine{every_10_ms()};
  machine.on_switch(at(0ms), false);
  CHECK(machine.deadline() == never);
  CHECK(data_at(machine, 50ms).empty());
  machine.on_switch(at(55ms), true);
  CHECK(machine.deadline() == at(55ms));
  CHECK_FALSE(data_at(machine, 55ms).empty());
  CHECK(machine.deadline() == at(65ms));
}

}  // namespace
}  // namespace canstage::can

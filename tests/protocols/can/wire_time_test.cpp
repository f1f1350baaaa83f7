#include "protocols/can/wire_time.hpp"

#include <rapidcheck.h>

#include <chrono>

#include "catch2/catch.hpp"
#include "tests/protocols/can/frames.hpp"
#include "tests/protocols/can/reference_bits.hpp"

using namespace canstage;
using namespace canstage::can;
using namespace std::chrono_literals;
using canstage::can::test::hex;
using canstage::can::test::remote_frame;

namespace {

struct classic_vector {
  frame sent;
  unsigned bits_with_intermission;
  unsigned stuff;
  std::uint32_t crc;
};

constexpr auto base(std::uint32_t id) { return identifier::standard(id); }
constexpr auto extended(std::uint32_t id) { return identifier::extended(id); }

std::vector<classic_vector> classic_vectors() {
  const bytes zeros(8, 0x00);
  const bytes ones(8, 0xFF);
  return {
      {data_frame(base(0x000), {}), 53, 6, 0x0000},
      {data_frame(base(0x7FF), {}), 50, 3, 0x272F},
      {remote_frame(base(0x100), 0), 49, 2, 0x4BCF},
      {remote_frame(base(0x100), 8), 49, 2, 0x3FC8},
      {data_frame(base(0x123), hex("1122334455667788")), 112, 1, 0x4237},
      {data_frame(base(0x7DF), hex("02010D5555555555")), 115, 4, 0x5A14},
      {data_frame(base(0x7E0), hex("0210030000000000")), 125, 14, 0x7B0D},
      {data_frame(base(0x7E0), hex("300000")), 78, 7, 0x5A5C},
      {data_frame(base(0x7E0), hex("30000000CCCCCCCC")), 119, 8, 0x2509},
      {data_frame(base(0x7E8), hex("065003003201F4AA")), 120, 9, 0x62DD},
      {data_frame(base(0x7E8), hex("065003003201F4CC")), 120, 9, 0x5C52},
      {data_frame(base(0x000), zeros), 127, 16, 0x145B},
      {data_frame(base(0x7FF), ones), 126, 15, 0x4C89},
      {data_frame(extended(0x18DA10F1), hex("0222F190CCCCCCCC")), 132, 1, 0x1E53},
      {data_frame(extended(0x18DAF110), hex("0250030000000000")), 144, 13, 0x3DFF},
      {data_frame(extended(0x00000000), zeros), 150, 19, 0x3DAF},
      {data_frame(extended(0x1FFFFFFF), ones), 149, 18, 0x1B69},
  };
}

struct fd_vector {
  frame sent;
  unsigned nominal_with_intermission;
  unsigned data;
  unsigned stuff;
  std::uint32_t crc;
  duration at_500k_2m;
  duration at_500k_5m;
};

bytes counting(std::size_t count) {
  bytes data(count);
  for (std::size_t i = 0; i < count; ++i) data[i] = static_cast<std::uint8_t>(i);
  return data;
}

std::vector<fd_vector> fd_vectors() {
  const auto fd = [](identifier id, const bytes& data) { return fd_frame(id, data, true); };
  return {
      {fd(base(0x123), {}), 29, 33, 0, 0x1ED12, 74500ns, 64600ns},
      {fd(base(0x123), hex("1122334455667788")), 29, 98, 1, 0x1C60F, 107000ns, 77600ns},
      {fd(base(0x123), counting(16)), 29, 174, 13, 0x19153, 145000ns, 92800ns},
      {fd(base(0x123), counting(20)), 29, 213, 15, 0x0EAC23, 164500ns, 100600ns},
      {fd(base(0x7E0), bytes(64, 0x00)), 31, 652, 104, 0x114325, 388000ns, 192400ns},
      {fd(base(0x7E0), bytes(64, 0xFF)), 31, 653, 105, 0x0C81C0, 388500ns, 192600ns},
      {fd(base(0x7E0), counting(64)), 31, 575, 27, 0x053453, 349500ns, 177000ns},
      {fd(extended(0x18DA10F1), bytes(12, 0x55)), 48, 129, 0, 0x181DF, 160500ns, 121800ns},
      {fd(extended(0x18DA10F1), bytes(64, 0xCC)), 48, 551, 1, 0x057430, 371500ns, 206200ns},
  };
}

}  // namespace

TEST_CASE("wire_time: exact bits, stuff bits and CRC-15 of classic frames") {
  for (const classic_vector& v : classic_vectors()) {
    CAPTURE(v.sent);
    const frame_bits bits = count_bits(v.sent);
    CHECK(bits.nominal + intermission_bits == v.bits_with_intermission);
    CHECK(bits.data == 0);
    CHECK(bits.stuff == v.stuff);
    CHECK(bits.crc == v.crc);
  }
}

TEST_CASE("wire_time: a classic frame and its intermission at 500 kbit/s") {
  const bit_rates rates{500'000, 0};
  for (const classic_vector& v : classic_vectors()) {
    CAPTURE(v.sent);
    CHECK(wire_time(v.sent, rates) + intermission_time(rates) == v.bits_with_intermission * 2us);
  }
}

TEST_CASE("wire_time: exact bits of both phases and CRC-17/21 of FD frames with rate switch") {
  for (const fd_vector& v : fd_vectors()) {
    CAPTURE(v.sent);
    const frame_bits bits = count_bits(v.sent);
    CHECK(bits.nominal + intermission_bits == v.nominal_with_intermission);
    CHECK(bits.data == v.data);
    CHECK(bits.stuff == v.stuff);
    CHECK(bits.crc == v.crc);
    CHECK(wire_time(v.sent, {500'000, 2'000'000}) + 6us == v.at_500k_2m);
    CHECK(wire_time(v.sent, {500'000, 5'000'000}) + 6us == v.at_500k_5m);
  }
}

TEST_CASE("wire_time: an FD frame without rate switch is sent at the nominal rate") {
  const frame f = fd_frame(base(0x7FF), bytes(64, 0x55), false);
  const frame_bits bits = count_bits(f);
  CHECK(bits.nominal + intermission_bits == 31 + 550);
  CHECK(bits.data == 0);
  CHECK(bits.stuff == 2);
  CHECK(bits.crc == 0x0E1B78);
  CHECK(wire_time(f, {500'000, 2'000'000}) + 6us == 1162us);
}

TEST_CASE("wire_time: a raw DLC changes the CRC but not the data") {
  frame f = data_frame(base(0x123), hex("1122334455667788"));
  f.raw_dlc = 0xB;
  CHECK(count_bits(f).crc != 0x4237);
  CHECK(count_bits(f).nominal - count_bits(f).stuff == 44 + 64);
}

TEST_CASE("wire_time: the bits that a frame has without and at most with stuffing") {
  for (unsigned n = 0; n <= 8; ++n) {
    for (const bool is_extended : {false, true}) {
      const identifier id = is_extended ? extended(0) : base(0);
      const frame_bits bits = count_bits(data_frame(id, bytes(n, 0)));
      const unsigned unstuffed = (is_extended ? 64 : 44) + 8 * n;
      CHECK(bits.nominal - bits.stuff == unstuffed);
      CHECK(bits.stuff <= (is_extended ? 13 : 8) + 2 * n);
    }
  }
}

TEST_CASE("wire_time: times that the rates do not divide are rounded up, as a whole") {
  const frame f = data_frame(base(0x123), hex("1122334455667788"));  // 109 bits
  CHECK(wire_time(f, {300'000, 0}) == 363'334ns);                    // 363,333.33
  CHECK(intermission_time({300'000, 0}) == 10us);
  CHECK(intermission_time({7'000'000, 0}) == 429ns);  // 428.57

  const frame fd = fd_frame(base(0x123), hex("1122334455667788"), true);  // 26 and 98 bits
  CHECK(wire_time(fd, {300'000, 600'000}) == 250us);                      // 86,666.67 + 163,333.33
  CHECK(wire_time(fd, {300'000, 700'000}) == 226'667ns);                  // 86,666.67 + 140,000
  CHECK(wire_time(fd, {700'000, 1'100'000}) == 126'234ns);                // 37,142.86 + 89,090.91
  CHECK(wire_time(fd, {300'000, 7'000'000}) == 100'667ns);                // 86,666.67 + 14,000
}

TEST_CASE("wire_time: on a bus without data rate everything goes at the nominal rate") {
  const frame fd = fd_frame(base(0x123), hex("1122334455667788"), true);
  CHECK(wire_time(fd, {500'000, 0}) == (26 + 98) * 2us);
}

TEST_CASE("wire_time: random frames agree with the bit string that the standard describes") {
  CHECK(rc::check([] {
    const frame f = test::any_frame();
    const frame_bits bits = count_bits(f);
    const test::reference_bits reference = test::bits_on_wire(f);
    RC_ASSERT(bits.nominal == reference.nominal.size());
    RC_ASSERT(bits.data == reference.data.size());
    RC_ASSERT(bits.stuff == reference.stuff);
    RC_ASSERT(bits.crc == reference.crc);
  }));
}

// 2C 02: DIDs that the tester makes of memory.
#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/lines.hpp"

using namespace canstage::conversation;

namespace {

const std::string with_memory = of_uds(R"(
dids: { F190: "WVWZZZ1JZXW000001" }
security: { 1: { seed: "11 22", key: "xor:FF" } }
memory:
  ram: { address: "1000", size: 16, data: "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F", write: true }
  keys: { address: "2000", size: 16, data: "AA", read: { security: 1 } }
  boot: { address: "3000", size: 16, read: false, write: true }
dynamic_dids: {}
periodic: { fast: 20ms }
)");

}  // namespace

TEST_CASE("UDS-111 2C 02 puts a DID together from memory") {
  converse(with_memory, lines(R"(
    2C 02 F3 01 12 10 04 03 -> 6C 02 F3 01
    22 F3 01 -> 62 F3 01 04 05 06
    3D 12 10 05 01 EE -> 7D 12 10 05 01
    22 F3 01 -> 62 F3 01 04 EE 06
    2C 02 F3 01 14 00 00 10 0F 01 00 00 10 00 02 -> 6C 02 F3 01   # is added
    22 F3 01 -> 62 F3 01 04 EE 06 0F 00 01
    2C 01 F3 01 F1 90 01 01 -> 6C 01 F3 01
    22 F3 01 -> 62 F3 01 04 EE 06 0F 00 01 57
    2C 03 F3 01 -> 6C 03 F3 01
    22 F3 01 -> 7F 22 31
    )"));
}

TEST_CASE("UDS-111 what 2C 02 refuses") {
  converse(with_memory, lines(R"(
    2C 02 F3 01 -> 7F 2C 13
    2C 02 F3 01 12 -> 7F 2C 13
    2C 02 F3 01 12 10 00 -> 7F 2C 13
    2C 02 F3 01 12 10 00 01 10 -> 7F 2C 13
    2C 02 F3 01 02 10 00 01 -> 7F 2C 31     # no size
    2C 02 F3 01 10 01 -> 7F 2C 31           # no address
    2C 02 F3 01 12 10 00 00 -> 7F 2C 31     # nothing
    2C 02 F3 01 12 10 0F 02 -> 7F 2C 31     # beyond the area
    2C 02 F3 01 12 40 00 01 -> 7F 2C 31
    2C 02 F3 01 12 30 00 01 -> 7F 2C 31     # not to be read
    2C 02 F1 01 12 10 00 01 -> 7F 2C 31     # no DID for that
    2C 02 F1 90 12 10 00 01 -> 7F 2C 31
    2C 02 F3 01 88 00 00 00 00 00 00 10 00 FF FF FF FF FF FF FF FF -> 7F 2C 31
    2C 02 F3 01 12 20 00 01 -> 7F 2C 33
    22 F3 01 -> 7F 22 31
    )"));
}

TEST_CASE("UDS-111 what is made of locked memory is locked with it") {
  converse(with_memory, lines(R"(
    10 03 -> 50 03 *
    27 01 -> 67 01 11 22
    27 02 EE DD -> 67 02
    2C 02 F3 01 12 20 00 02 -> 6C 02 F3 01
    22 F3 01 -> 62 F3 01 AA FF
    10 03 -> 50 03 *
    22 F3 01 -> 7F 22 33
    )"));
}

TEST_CASE("UDS-109 2A sends what 2C 02 defined") {
  const bus_log log{converse(with_memory, lines(R"(
    10 03 -> 50 03 *
    2C 02 F2 05 12 10 0A 02 -> 6C 02 F2 05
    2A 03 05 -> 6A
    2C 02 F2 05 12 10 0C 01 -> 7F 2C 22
    wait 110ms
    2A 04 05 -> 6A
    )"))};
  CHECK(log.count("7E8 04 6A 05 0A 0B") == 5);
}

TEST_CASE("2C 02 is unknown to an ECU without memory that can be read") {
  converse(of_uds("dynamic_dids: {}"), lines(R"(
    2C 02 F3 01 12 10 00 01 -> 7F 2C 12
    )"));
}

// Every other family of services. The same statements are tested through the whole stack in
// tests/end_to_end/uds.
#include <string>

#include "catch2/catch.hpp"
#include "tests/protocols/uds/service_lines.hpp"

namespace canstage::uds::testing {

TEST_CASE("UDS-072 UDS-073 communication control") {
  holds(R"(
    28 03 01 -> 7F 28 7F
    10 03 -> 50 03 *
    28 03 01 -> 68 03
    28 83 01 -> silence
    28 03 04 -> 7F 28 31
    28 03 05 -> 7F 28 31
    28 03 00 -> 7F 28 31
    28 03 21 -> 7F 28 31
    28 03 F1 -> 68 03
    28 03 -> 7F 28 13
    28 04 01 00 01 -> 7F 28 12    # there are no nodes
    28 06 01 -> 7F 28 12
    )");
}

TEST_CASE("UDS-083 input and output control") {
  holds(R"(
    2F 01 00 03 AB C0 -> 7F 2F 7F
    10 03 -> 50 03 *
    2F 01 00 03 AB 80 -> 6F 01 00 03 A0    # the first parameter alone
    22 01 00 -> 62 01 00 A0
    2E 01 00 55 -> 6E 01 00
    22 01 00 -> 62 01 00 A5
    2F 01 00 01 40 -> 6F 01 00 01 A9
    2F 01 00 00 C0 -> 6F 01 00 00 55
    2F 01 00 02 C0 -> 6F 01 00 02 55
    2E 01 00 66 -> 6E 01 00
    22 01 00 -> 62 01 00 55
    2F 01 00 04 C0 -> 7F 2F 31
    2F 01 00 03 AB -> 7F 2F 13
    2F F1 90 03 00 00 00 -> 7F 2F 31
    2F 01 00 -> 7F 2F 13
    10 01 -> 50 01 *
    22 01 00 -> 62 01 00 66
    )");
}

TEST_CASE("UDS-109 UDS-110 periodic data") {
  plain_ecu ecu;
  CHECK(ecu.ask("2A 01 01") == "7F 2A 7F");
  ecu.ask("10 03");
  CHECK(ecu.ask("2A") == "7F 2A 13");
  CHECK(ecu.ask("2A 05 01") == "7F 2A 31");
  CHECK(ecu.ask("2A 00 01") == "7F 2A 31");
  CHECK(ecu.ask("2A 01") == "7F 2A 13");
  CHECK(ecu.ask("2A 01 77") == "7F 2A 31");
  CHECK(ecu.run(2s).empty());
  server_config exact = config_with_everything();
  exact.response_time = {};
  plain_ecu punctual{exact};
  punctual.ask("10 03");
  CHECK(punctual.ask("2A 02 01") == "6A");
  CHECK(punctual.run(950ms) == "+300ms 6A 01 06 07 | +600ms 6A 01 06 07 | +900ms 6A 01 06 07");
  CHECK(punctual.ask("2A 04 01") == "6A");
  CHECK(punctual.run(1s).empty());
  CHECK(punctual.ask("2A 01 01") == "6A");
  CHECK(punctual.run(1500ms) == "+1000ms 6A 01 06 07");
  punctual.ask("10 01");
  CHECK(punctual.run(3s).empty());
}

TEST_CASE("UDS-111 UDS-112 dynamically defined DIDs") {
  holds(R"(
    2C 01 F3 01 F1 90 02 02 -> 6C 01 F3 01
    22 F3 01 -> 62 F3 01 04 05
    2C 01 F3 01 01 00 01 01 -> 6C 01 F3 01
    22 F3 01 -> 62 F3 01 04 05 00
    2C 01 F3 02 F1 90 03 02 -> 7F 2C 31    # behind the end
    2C 01 F3 02 F1 90 00 01 -> 7F 2C 31
    2C 01 F1 90 F1 90 01 01 -> 7F 2C 31
    2C 01 F3 02 12 34 01 01 -> 7F 2C 31
    2C 01 F3 02 F1 90 01 -> 7F 2C 13
    2C 04 F3 02 -> 7F 2C 12
    2C 03 F3 01 -> 6C 03 F3 01
    22 F3 01 -> 7F 22 31
    2C 03 F3 01 -> 7F 2C 31
    )");
}

TEST_CASE("UDS-060 UDS-061 UDS-062 UDS-063 UDS-064 UDS-065 UDS-066 UDS-067 UDS-068 UDS-071 DTCs") {
  holds(R"(
    19 01 08 -> 59 01 FF 01 00 01
    19 02 08 -> 59 02 FF C1 00 00 2F
    19 02 00 -> 59 02 FF
    19 0A -> 59 0A FF 01 23 17 50 C1 00 00 2F 42 00 11 50
    19 04 12 34 56 FF -> 7F 19 31
    19 04 C1 00 00 FF -> 59 04 C1 00 00 2F
    19 43 -> 7F 19 12
    19 02 -> 7F 19 13
    19 08 40 08 -> 59 08 FF 40 00 C1 00 00 2F
    14 12 34 56 -> 7F 14 31
    14 FF FF -> 7F 14 13
    14 FF FF FF -> 54
    19 02 08 -> 59 02 FF
    19 0A -> 59 0A FF 01 23 17 50 C1 00 00 50 42 00 11 50
    85 02 -> 7F 85 7F
    10 03 -> 50 03 *
    85 02 -> C5 02
    85 02 12 34 56 -> 7F 85 31
    85 03 -> 7F 85 12
    85 02 00 -> 7F 85 13
    )");
}

TEST_CASE("UDS-114 UDS-115 UDS-117 link control, scaling, secured data, access timing") {
  holds(R"(
    24 01 00 -> 64 01 00 01
    24 F1 90 -> 7F 24 31
    24 01 -> 7F 24 13
    87 03 -> 7F 87 7F
    10 03 -> 50 03 *
    87 03 -> 7F 87 24
    87 01 02 -> 7F 87 31
    87 01 03 -> C7 01
    87 03 -> C7 03
    87 03 -> 7F 87 24
    87 02 0F 42 40 -> C7 02
    87 02 0F 42 41 -> 7F 87 31
    87 01 -> 7F 87 13
    84 00 01 00 00 00 00 00 22 F1 90 -> C4 00 00 00 00 00 00 00 62 F1 90 03 04 05
    84 00 01 00 00 00 00 00 BA -> C4 00 00 00 00 00 00 00 7F BA 11
    84 00 01 00 00 00 00 00 3E 80 -> silence
    84 00 -> 7F 84 13
    83 03 -> C3 03 00 32 01 F4
    83 04 00 64 03 E8 -> C3 04
    83 03 -> C3 03 00 64 03 E8
    83 02 -> C3 02
    83 03 -> C3 03 00 32 01 F4
    83 04 00 -> 7F 83 13
    83 05 -> 7F 83 12
    )");
}

TEST_CASE("UDS-113 response on event") {
  holds(R"(
    86 05 02 -> 7F 86 24
    86 03 02 12 34 22 01 00 -> 7F 86 31
    86 03 09 01 00 22 01 00 -> 7F 86 31
    86 03 02 01 00 11 01 -> 7F 86 31
    86 03 02 01 00 22 01 00 -> C6 03 00 02 01 00 22 01 00
    2E 01 00 01 -> 6E 01 00                  # not started
    86 05 02 -> C6 05 00 02
    2E 01 00 02 -> 6E 01 00 | 62 01 00 02
    2E 01 00 02 -> 6E 01 00                  # no change
    10 03 -> 50 03 *
    2E 01 00 03 -> 6E 01 00                  # stopped by the transition
    86 43 02 01 00 22 01 00 -> C6 43 00 02 01 00 22 01 00
    86 05 02 -> C6 05 00 02
    10 03 -> 50 03 *
    2E 01 00 04 -> 6E 01 00 | 62 01 00 04    # but not one that is stored
    86 00 02 -> C6 00 00 02
    2E 01 00 05 -> 6E 01 00
    )");
}

TEST_CASE("OBD-002 OBD-003 OBD-004 legislated OBD") {
  holds(R"(
    01 0C -> 41 0C 1A F8
    01 0D -> silence
    all 01 0D -> silence
    01 0D 0C -> 41 0C 1A F8
    01 00 -> 41 00 80 10 00 00
    03 -> 43 00
    04 -> 44
    )");
}

}  // namespace canstage::uds::testing

// What has to be unlocked, erased, started or transferred before: security, memory, routines, files. The same
// statements are tested through the whole stack in tests/end_to_end/uds.
#include <string>

#include "catch2/catch.hpp"
#include "tests/protocols/uds/service_lines.hpp"

namespace canstage::uds::testing {

namespace {

const std::string unlock = "10 03 -> 50 03 *\n 27 01 -> 67 01 11\n 27 02 EE -> 67 02\n";

}  // namespace

TEST_CASE("UDS-008 UDS-050 UDS-051 UDS-054 UDS-055 UDS-057 UDS-058 security access") {
  holds(R"(
    27 01 -> 7F 27 7F
    all 27 01 -> silence
    10 03 -> 50 03 *
    27 02 EE -> 7F 27 24
    27 03 -> 7F 27 12
    27 00 -> 7F 27 12
    27 01 00 -> 7F 27 13
    2E F1 8C 00 00 -> 7F 2E 33
    27 01 -> 67 01 11
    27 02 EE EE -> 7F 27 13
    27 02 EE -> 67 02
    2E F1 8C 00 00 -> 6E F1 8C
    27 02 EE -> 7F 27 24
    27 01 -> 67 01 00         # unlocked: UDS-054
    10 03 -> 50 03 *          # UDS-055
    2E F1 8C 00 00 -> 7F 2E 33
    27 01 -> 67 01 11
    )");
}

TEST_CASE("UDS-052 UDS-053 UDS-059 wrong keys") {
  holds(R"(
    10 03 -> 50 03 *
    27 01 -> 67 01 11
    27 02 00 -> 7F 27 35
    27 02 EE -> 7F 27 24      # the seed is used up
    10 03 -> 50 03 *
    27 01 -> 67 01 11
    27 02 00 -> 7F 27 36
    27 01 -> 7F 27 37
    27 02 EE -> 7F 27 24
    wait 1000
    27 01 -> 67 01 11
    27 02 00 -> 7F 27 36      # one attempt was left
    wait 1000
    27 01 -> 67 01 11
    27 02 EE -> 67 02
    10 03 -> 50 03 *
    27 01 -> 67 01 11
    27 02 00 -> 7F 27 35      # the right key has cleared the count
    )");
}

TEST_CASE("UDS-056 only one level at a time, and each with its own seed") {
  server_config config = config_with_everything();
  config.security.levels.push_back({.level = 3, .seed = {{0x33}, 1}, .key = config.security.levels[0].key});
  holds(R"(
    10 03 -> 50 03 *
    27 01 -> 67 01 11
    27 04 EE -> 7F 27 24
    27 02 EE -> 67 02
    2E F1 8C 00 00 -> 6E F1 8C
    27 03 -> 67 03 33
    27 04 CC -> 67 04
    2E F1 8C 00 00 -> 7F 2E 33
    27 01 -> 67 01 11
    )",
        config);
}

TEST_CASE("UDS-009 UDS-010 a sub-function that needs another diagnostic session") {
  server_config config = config_with_everything();
  service_restriction restricted{.id = 0x11, .subfunction = 0x01};
  restricted.needs.diagnostic_sessions.set(0x03);
  config.restrictions.push_back(restricted);
  holds(R"(
    11 01 -> 7F 11 7E
    all 11 01 -> silence
    11 7F -> 7F 11 12
    10 03 -> 50 03 *
    11 01 -> 51 01
    )",
        config);
}

TEST_CASE("UDS-046 a DID that is locked, also beside one that is not") {
  server_config config = config_with_everything();
  config.data.records[1].read = config.data.records[1].write;
  holds("22 F1 8C -> 7F 22 33\n 22 F1 90 F1 8C -> 7F 22 33\n" + unlock + "22 F1 8C -> 62 F1 8C 01 02\n",
        config);
}

TEST_CASE("UDS-080 UDS-081 UDS-082 UDS-101 routines") {
  holds(R"(
    31 01 00 -> 7F 31 13
    31 01 00 09 -> 7F 31 31
    31 02 00 01 -> 7F 31 24
    31 03 00 01 -> 7F 31 24
    31 04 00 01 -> 7F 31 12
    31 02 00 02 -> 7F 31 12
    31 01 00 01 -> 7F 31 78 | 71 01 00 01 01
    31 81 00 01 -> 7F 31 78 | 71 01 00 01 01    # in spite of SPRMIB
    31 03 00 01 -> 71 03 00 01 03
    31 02 00 01 -> 71 02 00 01 02
    31 02 00 01 -> 7F 31 24
    31 03 00 01 -> 71 03 00 01 03
    10 03 -> 50 03 *
    31 03 00 01 -> 71 03 00 01 03
    10 01 -> 50 01 *
    31 03 00 01 -> 7F 31 24   # forgotten
    )");
}

TEST_CASE("UDS-084 UDS-085 memory") {
  holds(R"(
    3D 12 10 00 02 AA BB -> 7D 12 10 00 02
    23 12 10 00 03 -> 63 AA BB FF
    23 12 0F FF 02 -> 7F 23 31
    23 22 11 2B 00 02 -> 7F 23 31
    23 22 11 2B 00 01 -> 63 FF
    23 02 10 00 -> 7F 23 31
    23 10 01 -> 7F 23 31
    23 12 10 00 00 -> 7F 23 31
    23 12 10 00 -> 7F 23 13
    23 12 10 00 40 -> 7F 23 14     # 64 bytes and their SID
    3D 12 10 00 02 AA -> 7F 3D 13
    3D 12 20 00 01 AA -> 7F 3D 31  # read only
    31 01 00 02 12 10 00 01 -> 71 01 00 02 00
    23 12 10 00 02 -> 63 FF BB
    )");
}

TEST_CASE("UDS-090 UDS-091 UDS-093 UDS-094 UDS-095 UDS-096 UDS-097 UDS-098 downloads") {
  holds(R"(
    34 00 12 10 00 0A -> 7F 34 7F
    10 02 -> 50 02 *
    36 01 00 -> 7F 36 24
    37 -> 7F 37 24
    34 01 12 10 00 0A -> 7F 34 31
    34 00 12 20 00 0A -> 7F 34 33
    34 00 12 10 00 -> 7F 34 13
    34 00 12 10 00 0A 00 -> 7F 34 13
    34 00 12 10 00 0A -> 74 10 0A
    34 00 12 10 00 0A -> 7F 34 22
    36 02 00 -> 7F 36 73
    36 01 -> 7F 36 13
    36 01 01 02 03 04 05 06 07 08 09 -> 7F 36 13
    36 01 01 02 03 04 05 06 07 08 -> 76 01
    36 01 FF -> 76 01         # again: acknowledged, not stored
    37 -> 7F 37 24            # not complete
    36 02 01 02 03 -> 7F 36 71
    36 02 09 0A -> 76 02
    37 00 -> 7F 37 13
    37 -> 77
    37 -> 7F 37 24
    23 12 10 00 0A -> 63 01 02 03 04 05 06 07 08 09 0A
    31 01 00 03 -> 71 01 00 03 00 25 20 57 7B    # CRC-32
    31 01 00 03 25 20 57 7B -> 71 01 00 03 00
    31 01 00 03 25 20 57 7C -> 71 01 00 03
    34 00 12 10 00 0A -> 74 10 0A
    10 02 -> 50 02 *          # aborts
    36 01 00 -> 7F 36 24
    )");
}

TEST_CASE("UDS-092 UDS-094 uploads") {
  holds(R"(
    3D 12 10 00 0A 01 02 03 04 05 06 07 08 09 0A -> 7D 12 10 00 0A
    10 02 -> 50 02 *
    35 00 12 10 00 0A -> 75 10 0A
    36 01 00 -> 7F 36 13
    36 01 -> 76 01 01 02 03 04 05 06 07 08
    36 01 -> 76 01 01 02 03 04 05 06 07 08
    36 02 -> 76 02 09 0A
    36 03 -> 7F 36 24
    37 -> 77
    )");
}

TEST_CASE("UDS-118 UDS-119 authentication") {
  const std::string algorithm = " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ";
  server_config config = config_with_everything();
  config.data.records[0].write.authentication = true;
  holds(
      "2E 01 00 01 -> 7F 2E 34\n"
      "29 00 -> 69 00 10\n"
      "29 08 -> 69 08 04\n"
      "29 01 -> 7F 29 12\n"
      "29 06" +
          algorithm +
          "00 01 DD 00 00 00 00 -> 7F 29 24\n"
          "29 05 00" +
          algorithm + "-> 69 05 00" + algorithm +
          "00 01 22 00 00\n"
          "29 06" +
          algorithm +
          "00 01 DC 00 00 00 00 -> 7F 29 58\n"
          "29 06" +
          algorithm +
          "00 01 DD 00 00 00 00 -> 7F 29 24\n"
          "29 05 00" +
          algorithm +
          "-> 69 05 *\n"
          "29 06" +
          algorithm + "00 01 DD 00 00 00 00 -> 69 06 12" + algorithm +
          "00 00\n"
          "2E 01 00 01 -> 6E 01 00\n"
          "29 00 -> 69 00 10\n"
          "2E 01 00 01 -> 7F 2E 34\n",
      config);
}

TEST_CASE("UDS-116 files") {
  holds(R"(
    38 04 00 02 2F 61 00 -> 7F 38 7F
    10 02 -> 50 02 *
    38 04 00 02 2F 62 00 -> 7F 38 31
    38 04 00 02 2F 61 00 -> 78 04 01 0A 00 00 04 00 00 00 03 00 00 00 03
    36 01 -> 76 01 01 02 03
    37 -> 77
    38 02 00 02 2F 61 -> 78 02
    38 02 00 02 2F 61 -> 7F 38 31
    38 09 00 02 2F 61 -> 7F 38 31
    38 04 00 09 2F -> 7F 38 13
    )");
}

TEST_CASE("a reset forgets what is volatile") {
  holds(unlock + R"(
    28 03 01 -> 68 03
    reset
    wait 50
    22 F1 86 -> 62 F1 86 01
    10 03 -> 50 03 *
    2E F1 8C 00 00 -> 7F 2E 33
    )");
}

}  // namespace canstage::uds::testing

// 0x34 to 0x38.
#include <cstdio>

#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/conversation.hpp"

using namespace canstage::conversation;

namespace {

const std::string ecu = R"(uds:
  memory:
    flash: { address: "1000", size: 4096, download: { security: 1 }, upload: true, needs_erase: true }
    open: { address: "8000", size: 1024, fill: "00", download: true, upload: true }
  transfer: { max_block: 6 }
  security: { 1: { seed: "01", key: "not" } }
  routines: { FF00: { start: {}, erase: by_options } }
)";

}  // namespace

TEST_CASE("UDS-090 34 is answered with a block length above 2; locked is 33, another range 31") {
  converse(ecu, {ask("34 00 12 80 00 08", "7F 34 7F"), ask("10 02", "50 02 *"),
                 ask("34 00 12 80 00 08", "74 10 06")});
  converse(ecu, {ask("10 02", "50 02 *"), ask("34 00 12 10 00 08", "7F 34 33"),
                 ask("34 00 12 70 00 08", "7F 34 31"), ask("34 00 22 80 00 04 01", "7F 34 31"),
                 ask("34 11 12 80 00 08", "7F 34 31"), ask("34 00 02 80 00", "7F 34 31"),
                 ask("34 00 12 80 00", "7F 34 13"), ask("34 00", "7F 34 13"), ask("27 01", "67 01 01"),
                 ask("27 02 FE", "67 02"), ask("34 00 12 10 00 08", "74 10 06"),
                 ask("34 00 12 10 00 08", "7F 34 22"), ask("35 00 12 10 00 08", "7F 35 22")});
  converse(
      ecu + "  compatibility: { second_transfer: \"70\" }\n",
      {ask("10 02", "50 02 *"), ask("34 00 12 80 00 08", "74 10 06"), ask("34 00 12 80 00 08", "7F 34 70")});
}

TEST_CASE("UDS-091 36 before 34 is 24") {
  converse(ecu, {ask("10 02", "50 02 *"), ask("36 01 00", "7F 36 24"), ask("36", "7F 36 13")});
}

TEST_CASE("UDS-092 the block counter goes from 01 to FF, then 00") {
  std::string steps = "repeat:\n  times: 1\n  steps:\n";
  for (int i = 1; i <= 258; ++i) {
    char text[160];
    std::snprintf(text, sizeof text,
                  "  - request: { to: ecu, bytes: \"36 %02X 55\" }\n    expect: \"76 %02X\"\n", i & 0xFF,
                  i & 0xFF);
    steps += text;
  }
  converse(ecu, {ask("10 02", "50 02 *"), ask("34 00 22 80 00 01 02", "74 10 06"), step(steps),
                 ask("37", "77"), ask("35 00 12 81 00 04", "75 10 06"), ask("36 01", "76 01 55 55 00 00")});
}

TEST_CASE("UDS-093 a jump of the block counter is 73") {
  converse(ecu, {ask("10 02", "50 02 *"), ask("34 00 12 80 00 08", "74 10 06"), ask("36 02 AA", "7F 36 73"),
                 ask("36 00 AA", "7F 36 73"), ask("36 01 AA", "76 01"), ask("36 03 AA", "7F 36 73"),
                 ask("36 02 AA", "76 02")});
}

TEST_CASE("UDS-094 a block that is repeated is acknowledged and not stored again") {
  converse(ecu, {ask("10 02", "50 02 *"), ask("34 00 12 80 00 04", "74 10 06"), ask("36 01 AA BB", "76 01"),
                 ask("36 01 11 22", "76 01"), ask("36 02 CC DD", "76 02"), ask("37", "77"),
                 ask("35 00 12 80 00 06", "75 10 06"), ask("36 01", "76 01 AA BB CC DD"),
                 ask("36 01", "76 01 AA BB CC DD"), ask("36 02", "76 02 00 00"), ask("36 02", "76 02 00 00"),
                 ask("36 03", "7F 36 24"), ask("37", "77")});
}

TEST_CASE("UDS-095 a block that is longer than announced is 13, more data than announced 71") {
  converse(ecu, {ask("10 02", "50 02 *"), ask("34 00 12 80 00 08", "74 10 06"),
                 ask("36 01 01 02 03 04 05", "7F 36 13"), ask("36 01", "7F 36 13"),
                 ask("36 01 01 02 03 04", "76 01"), ask("36 02 01 02 03 04", "76 02"),
                 ask("36 03 01", "7F 36 71"), ask("37", "77")});
  converse(
      ecu + "  compatibility: { too_much_data: \"31\" }\n",
      {ask("10 02", "50 02 *"), ask("34 00 12 80 00 02", "74 10 06"), ask("36 01 01 02 03", "7F 36 31")});
}

TEST_CASE("UDS-096 37 before everything was transferred is 24") {
  converse(ecu, {ask("10 02", "50 02 *"), ask("37", "7F 37 24"), ask("34 00 12 80 00 04", "74 10 06"),
                 ask("37", "7F 37 24"), ask("36 01 01 02", "76 01"), ask("37", "7F 37 24"),
                 ask("36 02 01 02", "76 02"), ask("37 00", "7F 37 13"), ask("37", "77")});
}

TEST_CASE("UDS-097 a second 37 is 24") {
  converse(ecu, {ask("10 02", "50 02 *"), ask("34 00 12 80 00 01", "74 10 06"), ask("36 01 01", "76 01"),
                 ask("37", "77"), ask("37", "7F 37 24"), ask("36 02 01", "7F 36 24")});
}

TEST_CASE("UDS-098 a change of the diagnostic session aborts a transfer") {
  converse(ecu, {ask("10 02", "50 02 *"), ask("34 00 12 80 00 04", "74 10 06"), ask("36 01 01", "76 01"),
                 ask("10 02", "50 02 *"), ask("36 02 01", "7F 36 24"), ask("34 00 12 80 00 04", "74 10 06"),
                 ask("10 01", "50 01 *"), ask("36 01 01", "7F 36 7F"), ask("10 02", "50 02 *"),
                 ask("36 01 01", "7F 36 24")});
}

TEST_CASE("a download needs erased memory where the ECU is made so, and erasing is a routine") {
  converse(ecu, {ask("10 02", "50 02 *"), ask("27 01", "67 01 01"), ask("27 02 FE", "67 02"),
                 ask("34 00 12 10 00 02", "74 10 06"), ask("36 01 AA BB", "76 01"), ask("37", "77"),
                 ask("34 00 12 10 01 02", "74 10 06"), ask("36 01 11 22", "7F 36 72"),
                 ask("10 02", "50 02 *"), ask("31 01 FF 00 12 10 00 10", "71 01 FF 00"),
                 ask("27 01", "67 01 01"), ask("27 02 FE", "67 02"), ask("34 00 12 10 01 02", "74 10 06"),
                 ask("36 01 11 22", "76 01"), ask("37", "77"), ask("23 12 10 00 04", "63 FF 11 22 FF")});
}

TEST_CASE("UDS-116 38: an unknown path is 31, 38 02 deletes; files are read, written and resumed") {
  const std::string files = R"(uds:
  files: { /log/one.txt: abcdefgh, /log/two.bin: { hex: "00 01" } }
  transfer: { max_block: 6 }
)";
  converse(
      files,
      {ask("38 04 00 02 2F 78 00", "7F 38 7F"), ask("10 02", "50 02 *"),
       ask("38 04 00 02 2F 78 00", "7F 38 31"),
       // "/log/one.txt"
       ask("38 04 00 0C 2F 6C 6F 67 2F 6F 6E 65 2E 74 78 74 00",
           "78 04 01 06 00 00 04 00 00 00 08 00 00 00 08"),
       ask("36 01", "76 01 61 62 63 64"), ask("36 02", "76 02 65 66 67 68"), ask("37", "77"),
       ask("38 05 00 04 2F 6C 6F 67", "78 05 01 06 00 00 04 00 00 00 10"), ask("36 01", "76 01 6F 6E 65 2E"),
       ask("10 02", "50 02 *"), ask("38 02 00 0C 2F 6C 6F 67 2F 6F 6E 65 2E 74 78 74", "78 02"),
       ask("38 02 00 0C 2F 6C 6F 67 2F 6F 6E 65 2E 74 78 74", "7F 38 31"), ask("38 02 00 0C 2F", "7F 38 13"),
       ask("38 09 00 01 2F", "7F 38 31"),
       // A new file "/n" of 6 bytes, broken off after four and resumed.
       ask("38 01 00 02 2F 6E 00 01 06 06", "78 01 01 06 00"), ask("36 01 01 02 03 04", "76 01"),
       ask("10 02", "50 02 *"),
       ask("38 06 00 02 2F 6E 00 01 06 06", "78 06 01 06 00 00 00 00 00 00 00 00 04"),
       ask("36 01 05 06", "76 01"), ask("37", "77"), ask("38 01 00 02 2F 6E 00 01 06 06", "7F 38 31"),
       ask("38 04 00 02 2F 6E 00", "78 04 01 06 00 00 04 00 00 00 06 00 00 00 06"),
       ask("36 01", "76 01 01 02 03 04"), ask("36 02", "76 02 05 06"), ask("37", "77")});
}

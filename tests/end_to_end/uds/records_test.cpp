// Data that lives: 24, 2A, 2C, 2F and 86, statement by statement.
#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/lines.hpp"

using namespace canstage::conversation;

namespace {

const std::string records = of_uds(R"(
dids:
  F190: "WVWZZZ1JZXW000001"
  F40C: { hex: "1A F8", scaling: "02 90 03", write: true }
  "0110": { hex: "00 10", write: true }
  "0111": { hex: "AA BB" }
  F201: { hex: "01 02", write: true }
  F202: { hex: "33" }
io:
  "0110": { reset_value: "80 00" }
  "0111": { parameters: [8, 4, 4], options: [return, adjust] }
dynamic_dids: {}
periodic: { slow: 1s, medium: 200ms, fast: 20ms, most: 3 }
)");

const std::string in_own_frames = of_uds(R"(
dids: { F201: { hex: "01 02" }, F202: { hex: "33" }, F203: { hex: "01 02 03 04 05 06 07 08" } }
periodic: { fast: 20ms, frame_id: "6E8" }
)");

const std::string watched = of_uds(R"(
dids: { F40C: { hex: "00 01", write: true } }
dtcs: { P0123-17: {}, U0100: {} }
events: { windows: { "03": 2s }, most: 2 }
)");

}  // namespace

TEST_CASE("UDS-115 24 of a DID without scaling is 31") {
  converse(records, lines(R"(
    24 F4 0C -> 64 F4 0C 02 90 03
    24 01 10 -> 7F 24 31
    24 12 34 -> 7F 24 31
    24 F4 -> 7F 24 13
    24 F4 0C 00 -> 7F 24 13
    all 24 01 10 -> silence
    )"));
}

TEST_CASE("UDS-083 2F adjusts, and returnControlToECU gives the value back") {
  converse(records, lines(R"(
    2F 01 10 03 12 34 -> 7F 2F 7F
    10 03 -> 50 03 *
    2F 01 10 03 12 34 -> 6F 01 10 03 12 34
    22 01 10 -> 62 01 10 12 34
    2E 01 10 55 66 -> 6E 01 10
    22 01 10 -> 62 01 10 12 34
    2F 01 10 01 -> 6F 01 10 01 80 00
    2F 01 10 00 -> 6F 01 10 00 55 66
    2F 01 10 02 -> 6F 01 10 02 55 66
    set did: "0110", value: { hex: "77 88" }
    22 01 10 -> 62 01 10 55 66
    2F 01 10 00 -> 6F 01 10 00 77 88
    )"));
}

TEST_CASE("UDS-083 the end of the diagnostic session returns control") {
  converse(records, lines(R"(
    10 03 -> 50 03 *
    2F 01 10 03 12 34 -> 6F 01 10 03 12 34
    10 02 -> 50 02 *
    22 01 10 -> 62 01 10 12 34
    10 01 -> 50 01 *
    22 01 10 -> 62 01 10 00 10
    10 03 -> 50 03 *
    2F 01 10 03 12 34 -> 6F 01 10 03 12 34
    wait 6s
    22 01 10 -> 62 01 10 00 10
    )"));
}

TEST_CASE("UDS-083 with several parameters a mask says which") {
  converse(records, lines(R"(
    10 03 -> 50 03 *
    2F 01 11 03 12 34 A0 -> 6F 01 11 03 12 B4
    2F 01 11 00 20 -> 6F 01 11 00 12 BB
    2F 01 11 00 80 -> 6F 01 11 00 AA BB
    )"));
}

TEST_CASE("UDS-083 the order of the NRCs of 2F: length, DID, parameter, length") {
  converse(records, lines(R"(
    10 03 -> 50 03 *
    2F 01 10 -> 7F 2F 13
    2F 12 34 03 00 -> 7F 2F 31
    2F 01 10 04 -> 7F 2F 31
    2F 01 11 02 00 -> 7F 2F 31
    2F 01 10 03 12 -> 7F 2F 13
    2F 01 10 00 12 -> 7F 2F 13
    2F 01 11 03 12 34 -> 7F 2F 13
    )"));
}

TEST_CASE("UDS-109 2A 01 sends at the slow rate until 2A 04") {
  const bus_log log{converse(records, lines(R"(
    2A 01 01 -> 7F 2A 7F
    10 03 -> 50 03 *
    2A 01 01 -> 6A
    wait 3500ms
    2A 04 01 -> 6A
    wait 1500ms
    )"))};
  CHECK(log.count("7E8 04 6A 01 01 02") == 3);
}

TEST_CASE("UDS-109 the periods are exact") {
  const bus_log log{converse(records, lines(R"(
    10 03 -> 50 03 *
    2A 02 01 02 -> 6A
    wait 900ms
    2A 04 -> 6A
    wait 500ms
    )"))};
  const auto times = log.times("7E8 04 6A 01");
  REQUIRE(times.size() == 4);
  CHECK(log.count("7E8 03 6A 02") == 4);
  for (std::size_t i = 1; i < times.size(); ++i) CHECK(times[i] - times[i - 1] == 200'000);
}

TEST_CASE("UDS-109, 110 what 2A refuses") {
  converse(records, lines(R"(
    10 03 -> 50 03 *
    2A -> 7F 2A 13
    2A 05 01 -> 7F 2A 31
    2A 00 01 -> 7F 2A 31
    2A 01 -> 7F 2A 13
    2A 01 77 -> 7F 2A 31
    2A 01 77 78 -> 7F 2A 31
    2A 04 77 -> 7F 2A 31
    2A 01 77 01 -> 6A
    2A 04 -> 6A
    )"));
}

TEST_CASE("UDS-109 periodic data ends with the default diagnostic session and changes with what it tells") {
  const bus_log log{converse(records, lines(R"(
    10 03 -> 50 03 *
    2A 02 01 -> 6A
    wait 250ms
    set did: F201, value: { hex: "05 06" }
    wait 200ms
    10 01 -> 50 01 *
    wait 1s
    )"))};
  CHECK(log.count("7E8 04 6A 01 01 02") == 1);
  CHECK(log.count("7E8 04 6A 01 05 06") == 1);
}

TEST_CASE("UDS-109 as frames of their own, without N_PCI") {
  const bus_log log{converse(in_own_frames, lines(R"(
    10 03 -> 50 03 *
    2A 03 03 -> 7F 2A 31       # 8 bytes do not fit
    2A 03 01 02 -> 6A
    wait 70ms
    2A 04 -> 6A
    wait 100ms
    )"))};
  CHECK(log.count("6E8 01 01 02 CC CC CC CC CC") == 3);
  CHECK(log.count("6E8 02 33 CC CC CC CC CC CC") == 3);
  CHECK(log.count("7E8 04 6A") == 0);
}

TEST_CASE("UDS-111 2C 01 puts a DID together that 22 reads") {
  converse(records, lines(R"(
    2C 01 F3 01 F1 90 01 03 -> 6C 01 F3 01
    22 F3 01 -> 62 F3 01 57 56 57
    2C 01 F3 01 F4 0C 02 01 01 10 01 02 -> 6C 01 F3 01
    22 F3 01 -> 62 F3 01 57 56 57 F8 00 10
    2E F4 0C 00 99 -> 6E F4 0C
    22 F3 01 F4 0C -> 62 F3 01 57 56 57 99 00 10 F4 0C 00 99
    )"));
}

TEST_CASE("UDS-111 what 2C refuses") {
  converse(records, lines(R"(
    2C -> 7F 2C 13
    2C 04 F3 01 -> 7F 2C 12
    2C 01 F3 01 -> 7F 2C 13
    2C 01 F3 01 F1 90 01 -> 7F 2C 13
    2C 01 F1 00 F1 90 01 03 -> 7F 2C 31
    2C 01 F2 01 F1 90 01 03 -> 7F 2C 31
    2C 01 F3 01 12 34 01 01 -> 7F 2C 31
    2C 01 F3 01 F1 90 00 01 -> 7F 2C 31
    2C 01 F3 01 F1 90 11 02 -> 7F 2C 31
    2C 01 F3 01 F1 90 11 01 -> 6C 01 F3 01
    2C 01 F3 02 F3 01 01 01 -> 7F 2C 31
    )"));
}

TEST_CASE("UDS-112 2C 03 clears, and 22 is 31 then") {
  converse(records, lines(R"(
    2C 01 F3 01 F1 90 01 03 -> 6C 01 F3 01
    2C 01 F3 02 F1 90 01 03 -> 6C 01 F3 02
    2C 03 F3 01 -> 6C 03 F3 01
    22 F3 01 -> 7F 22 31
    22 F3 02 -> 62 F3 02 57 56 57
    2C 03 F3 01 -> 7F 2C 31
    2C 03 -> 6C 03
    22 F3 02 -> 7F 22 31
    2C 03 F3 -> 7F 2C 13
    )"));
}

TEST_CASE("UDS-112 a definition that is sent periodically ends with it") {
  const bus_log log{converse(records, lines(R"(
    10 03 -> 50 03 *
    2C 01 F2 10 F1 90 01 02 -> 6C 01 F2 10
    2A 02 10 -> 6A
    wait 300ms
    2C 01 F2 10 F1 90 01 02 -> 7F 2C 22
    2C 03 F2 10 -> 6C 03 F2 10
    wait 1s
    )"))};
  CHECK(log.count("7E8 04 6A 10 57 56") == 1);
}

TEST_CASE("UDS-113 an event is set up, started, answered, stopped and cleared") {
  const bus_log log{converse(watched, lines(R"(
    86 01 02 08 19 0E -> C6 01 00 02 08 19 0E
    set dtc: U0100, test: failed            # not started yet
    wait 10ms
    86 05 02 -> C6 05 00 02
    86 04 02 -> C6 04 01 01 02 08 19 0E
    set dtc: P0123-17, test: failed
    wait 10ms
    set dtc: P0123-17, test: passed         # bit 3 stays
    wait 10ms
    86 00 02 -> C6 00 00 02
    86 04 02 -> C6 04 00
    14 FF FF FF -> 54
    86 05 02 -> C6 05 00 02
    86 06 02 -> C6 06 00 02
    86 05 02 -> 7F 86 24
    )"))};
  CHECK(log.count("7E8 07 59 0E FF 01 23 17 2F") == 1);
  CHECK(log.count("7E8 07 59") == 1);
}

TEST_CASE("UDS-113 an event fires in its window only, and the window's end is told") {
  const bus_log log{converse(watched, lines(R"(
    86 03 03 F4 0C 22 F4 0C -> C6 03 00 03 F4 0C 22 F4 0C
    86 05 03 -> C6 05 00 03
    set did: F40C, value: { hex: "00 02" }
    wait 500ms
    2E F4 0C 00 03 -> 6E F4 0C
    wait 2s
    set did: F40C, value: { hex: "00 04" }
    wait 100ms
    )"))};
  CHECK(log.count("7E8 05 62 F4 0C 00 02") == 1);
  CHECK(log.count("7E8 05 62 F4 0C 00 03") == 1);
  CHECK(log.count("7E8 05 62") == 2);
  CHECK(log.count("7E8 10 09 C6 03 02 03 F4 0C") == 1);
}

TEST_CASE("UDS-113 a change of the diagnostic session stops events, but not stored ones") {
  const bus_log log{converse(watched, lines(R"(
    86 41 02 08 19 02 08 -> C6 41 00 02 08 19 02 08
    86 05 02 -> C6 05 00 02
    10 03 -> 50 03 *
    set dtc: P0123-17, test: failed
    wait 10ms
    reset
    wait 10ms
    set dtc: U0100, test: failed
    wait 10ms
    86 06 02 -> C6 06 00 02
    86 01 02 08 19 02 08 -> C6 01 00 02 08 19 02 08
    86 05 02 -> C6 05 00 02
    10 03 -> 50 03 *
    14 FF FF FF -> 54
    wait 10ms
    86 04 02 -> C6 04 00
    )"))};
  CHECK(log.count("7E8 07 59 02 FF 01 23 17 2F") == 1);
  CHECK(log.count("7E8 10 0B 59 02 FF 01 23 17") == 1);
}

TEST_CASE("UDS-113 what 86 refuses") {
  converse(watched, lines(R"(
    86 -> 7F 86 13
    86 02 02 00 -> 7F 86 12
    86 44 02 -> 7F 86 12
    86 05 -> 7F 86 13
    86 05 02 00 -> 7F 86 13
    86 01 02 08 -> 7F 86 13
    86 01 04 08 19 0E -> 7F 86 31
    86 03 02 12 34 22 F4 0C -> 7F 86 31
    86 01 02 08 11 01 -> 7F 86 31
    86 05 02 -> 7F 86 24
    86 01 02 01 19 0E -> C6 01 00 02 01 19 0E
    86 01 02 02 19 0E -> C6 01 00 02 02 19 0E
    86 01 02 04 19 0E -> 7F 86 22
    86 81 02 02 19 02 FF -> silence
    )"));
}

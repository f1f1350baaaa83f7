// Fault memories: 14, 19 and 85, statement by statement.
#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/lines.hpp"

using namespace canstage::conversation;

namespace {

/// P0123-17 stored and confirmed, U0100 only confirmed, C0200-11 never failed; some of everything else.
const std::string memory = of_uds(R"(
dids: { F40C: { hex: "1A F8" }, F40D: { hex: "50" } }
dtcs:
  P0123-17:
    status: "2F"
    severity: check_at_next_halt
    functional_unit: "10"
    snapshots: { "01": { F40C: "0F A0" }, "02": [F40C, F40D] }
    extended_data: { "01": "{occurrences} {aging}", "90": "{failed_cycles} AA" }
  U0100: "08"
  C0200-11: { severity: maintenance_only, group: safety, snapshots: { "01": [F40D] } }
dtc_memory: { groups: { "400000": [C] } }
)");

}  // namespace

TEST_CASE("UDS-060 14 FFFFFF clears: each DTC has the status 50") {
  converse(memory, lines(R"(
    14 FF FF FF -> 54
    19 0A -> 59 0A FF 01 23 17 50 C1 00 00 50 42 00 11 50
    19 04 01 23 17 FF -> 59 04 01 23 17 50
    19 03 -> 59 03
    all 14 FF FF FF -> 54
    )"));
}

TEST_CASE("UDS-060 a group or a single DTC is cleared alone") {
  converse(memory, lines(R"(
    set dtc: C0200-11, test: failed
    14 40 00 00 -> 54
    19 02 FF -> 59 02 FF 01 23 17 2F C1 00 00 08 42 00 11 50
    set dtc: C0200-11, test: failed
    14 FF FF D0 -> 54
    19 02 2F -> 59 02 FF 01 23 17 2F C1 00 00 08
    14 C1 00 00 -> 54
    19 02 2F -> 59 02 FF 01 23 17 2F
    )"));
}

TEST_CASE("UDS-061 a group that is none is 31, functionally silence") {
  converse(memory, lines(R"(
    14 12 34 56 -> 7F 14 31
    14 FF FF 33 -> 7F 14 31
    all 14 12 34 56 -> silence
    19 02 08 -> 59 02 FF 01 23 17 2F C1 00 00 08
    )"));
}

TEST_CASE("UDS-062 14 of a wrong length is 13, also functionally") {
  converse(memory, lines(R"(
    14 -> 7F 14 13
    14 FF FF -> 7F 14 13
    14 FF FF FF 00 -> 7F 14 13    # there is no memory to select
    all 14 FF FF -> 7F 14 13
    )"));
}

TEST_CASE("UDS-063 19 02 gives what matches status, mask and availability mask") {
  converse(memory, lines(R"(
    19 02 01 -> 59 02 FF 01 23 17 2F
    19 02 08 -> 59 02 FF 01 23 17 2F C1 00 00 08
    19 02 50 -> 59 02 FF 42 00 11 50
    19 02 80 -> 59 02 FF
    19 82 01 -> silence
    )"));
}

TEST_CASE("UDS-064 the count of 19 01 is that of 19 02") {
  converse(memory, lines(R"(
    19 01 01 -> 59 01 FF 01 00 01
    19 01 08 -> 59 01 FF 01 00 02
    19 01 FF -> 59 01 FF 01 00 03
    19 01 80 -> 59 01 FF 01 00 00
    )"));
}

TEST_CASE("UDS-065 mask 00 matches no DTC") {
  converse(memory, lines(R"(
    19 02 00 -> 59 02 FF
    19 01 00 -> 59 01 FF 01 00 00
    )"));
}

TEST_CASE("UDS-066 19 0A lists all") {
  converse(memory, lines("19 0A -> 59 0A FF 01 23 17 2F C1 00 00 08 42 00 11 50"));
}

TEST_CASE("UDS-067 19 04, 06 and 09 of an unknown DTC are 31") {
  converse(memory, lines(R"(
    19 04 01 23 18 FF -> 7F 19 31
    19 06 01 23 18 FF -> 7F 19 31
    19 09 01 23 18 -> 7F 19 31
    all 19 04 01 23 18 FF -> silence
    19 04 C1 00 00 01 -> 59 04 C1 00 00 08    # known, without the record
    19 06 C1 00 00 01 -> 59 06 C1 00 00 08
    )"));
  converse(of_uds("dtcs: { P0123-17: \"2F\" }\ndtc_memory: { missing_record: \"31\" }"), lines(R"(
    19 04 01 23 17 01 -> 7F 19 31
    19 06 01 23 17 01 -> 7F 19 31
    19 04 01 23 17 FF -> 59 04 01 23 17 2F
    )"));
}

TEST_CASE("UDS-068 an unknown sub-function of 19 is 12, a wrong length 13") {
  converse(memory, lines(R"(
    19 -> 7F 19 13
    19 00 -> 7F 19 12
    19 43 FF -> 7F 19 12
    19 0F FF -> 7F 19 12          # there is no mirror memory
    19 17 FF 10 -> 7F 19 12       # nor a user-defined one
    19 02 -> 7F 19 13
    19 02 FF FF -> 7F 19 13
    19 04 01 23 17 -> 7F 19 13
    19 0A 00 -> 7F 19 13
    )"));
  converse(of_uds("dtcs: { P0123-17: \"2F\" }\ndtc_memory: { subfunctions: [\"02\", \"0A\"] }"), lines(R"(
    19 01 FF -> 7F 19 12
    19 02 FF -> 59 02 FF 01 23 17 2F
    )"));
}

TEST_CASE("UDS-069 19 03, 04 and 05 tell the same snapshots") {
  converse(memory, lines(R"(
    19 03 -> 59 03 01 23 17 01 01 23 17 02
    19 04 01 23 17 01 -> 59 04 01 23 17 2F 01 01 F4 0C 0F A0
    19 04 01 23 17 FF -> 59 04 01 23 17 2F 01 01 F4 0C 0F A0 02 02 F4 0C 1A F8 F4 0D 50
    19 05 01 -> 59 05 01 01 23 17 2F 01 F4 0C 0F A0
    19 05 FF -> 59 05 01 01 23 17 2F 01 F4 0C 0F A0 02 01 23 17 2F 02 F4 0C 1A F8 F4 0D 50
    19 05 03 -> 7F 19 31
    set did: F40D, value: { hex: "33" }
    set dtc: C0200-11, test: failed
    19 03 -> 59 03 01 23 17 01 01 23 17 02 42 00 11 01
    19 04 42 00 11 01 -> 59 04 42 00 11 2F 01 01 F4 0D 33
    )"));
}

TEST_CASE("UDS-069 19 06, 16 and 1A tell the same extended data") {
  converse(memory, lines(R"(
    19 06 01 23 17 FF -> 59 06 01 23 17 2F 01 01 00 90 01 AA
    19 06 01 23 17 FE -> 59 06 01 23 17 2F 90 01 AA
    19 06 01 23 17 01 -> 59 06 01 23 17 2F 01 01 00
    19 16 90 -> 59 16 90 01 23 17 2F 01 AA
    19 16 02 -> 7F 19 31
    19 1A 01 -> 59 1A FF 01 01 23 17 2F
    set dtc: P0123-17, test: passed
    set dtc: P0123-17, test: failed
    19 06 01 23 17 01 -> 59 06 01 23 17 2F 01 02 00
    )"));
}

TEST_CASE("UDS-070 status bits that are not available are always 0") {
  converse(of_uds("dtcs: { P0123-17: \"2F\" }\ndtc_memory: { availability: \"0A\" }"), lines(R"(
    19 02 FF -> 59 02 0A 01 23 17 0A
    19 02 25 -> 59 02 0A
    19 0A -> 59 0A 0A 01 23 17 0A
    14 FF FF FF -> 54
    19 0A -> 59 0A 0A 01 23 17 00
    )"));
}

TEST_CASE("UDS-071 85 02 freezes the status bits until 85 01 or the default diagnostic session") {
  converse(memory, lines(R"(
    85 02 -> 7F 85 7F
    10 03 -> 50 03 *
    85 02 -> C5 02
    set dtc: C0200-11, test: failed
    set operation_cycle: true
    19 0A -> 59 0A FF 01 23 17 2F C1 00 00 08 42 00 11 50
    85 01 -> C5 01
    set dtc: C0200-11, test: failed
    19 02 01 -> 59 02 FF 01 23 17 2F 42 00 11 2F
    14 FF FF FF -> 54
    85 82 -> silence
    set dtc: C0200-11, test: failed
    19 02 01 -> 59 02 FF
    10 01 -> 50 01 *
    set dtc: C0200-11, test: failed
    19 02 01 -> 59 02 FF 42 00 11 2F
    )"));
  converse(memory, lines(R"(
    10 03 -> 50 03 *
    85 02 -> C5 02
    wait 6s
    set dtc: C0200-11, test: failed
    19 02 01 -> 59 02 FF 01 23 17 2F 42 00 11 2F
    )"));
}

TEST_CASE("UDS-071 85 with a group concerns the group; a wrong one is 31, a wrong length 13") {
  converse(memory, lines(R"(
    10 03 -> 50 03 *
    85 02 40 00 00 -> C5 02
    set dtc: C0200-11, test: failed
    set dtc: P0123-17, test: passed
    19 02 2F -> 59 02 FF 01 23 17 2E C1 00 00 08
    85 02 12 34 56 -> 7F 85 31
    85 02 00 -> 7F 85 13
    85 03 -> 7F 85 12
    85 -> 7F 85 13
    )"));
}

TEST_CASE("19 07, 08 and 09 go by severity") {
  converse(memory, lines(R"(
    19 07 40 FF -> 59 07 FF 01 00 01
    19 08 60 FF -> 59 08 FF 40 10 01 23 17 2F 20 00 42 00 11 50
    19 08 60 01 -> 59 08 FF 40 10 01 23 17 2F
    19 09 42 00 11 -> 59 09 FF 20 00 42 00 11 50
    )"));
}

TEST_CASE("19 0B to 0E tell at most one DTC") {
  converse(memory, lines(R"(
    19 0B -> 59 0B FF 01 23 17 2F
    19 0C -> 59 0C FF 01 23 17 2F
    19 0D -> 59 0D FF 01 23 17 2F
    19 0E -> 59 0E FF C1 00 00 08
    set dtc: C0200-11, test: failed
    19 0D -> 59 0D FF 42 00 11 2F
    19 0E -> 59 0E FF 42 00 11 2F
    19 0B -> 59 0B FF 01 23 17 2F
    14 FF FF FF -> 54
    19 0B -> 59 0B FF
    )"));
}

TEST_CASE("19 14 tells the counters of DTCs that are prefailed") {
  converse(memory, lines(R"(
    19 14 -> 59 14
    set dtc: C0200-11, test: prefailed
    19 14 -> 59 14 42 00 11 10
    set dtc: U0100, counter: 126
    19 14 -> 59 14 C1 00 00 7E 42 00 11 10
    set dtc: U0100, counter: 127
    set dtc: C0200-11, counter: -1
    19 14 -> 59 14
    )"));
}

TEST_CASE("19 0F, 10 and 11 read the mirror memory, which 14 leaves alone") {
  converse(of_uds(R"(
dtcs: { P0123-17: { extended_data: { "01": "{occurrences}" } } }
dtc_memory: { mirror: true }
)"),
           lines(R"(
    set dtc: P0123-17, test: failed
    14 FF FF FF -> 54
    19 02 FF -> 59 02 FF 01 23 17 50
    19 0F FF -> 59 0F FF 01 23 17 2F
    19 10 01 23 17 01 -> 59 10 01 23 17 2F 01 01
    19 11 01 -> 59 11 FF 01 00 01
    )"));
}

TEST_CASE("19 17, 18 and 19 read a user-defined memory, and 14 clears it alone") {
  converse(of_uds(R"(
dids: { F40D: { hex: "50" } }
dtcs:
  P0123-17: { snapshots: { "01": [F40D] }, extended_data: { "01": "{occurrences}" } }
  U0100: {}
dtc_memory: { memories: { "10": [P0123-17] } }
)"),
           lines(R"(
    set dtc: P0123-17, test: failed
    set dtc: U0100, test: failed
    19 17 FF 10 -> 59 17 10 FF 01 23 17 2F
    19 17 FF 11 -> 7F 19 31
    19 18 01 23 17 FF 10 -> 59 18 10 01 23 17 2F 01 01 F4 0D 50
    19 18 C1 00 00 FF 10 -> 7F 19 31
    19 19 01 23 17 01 10 -> 59 19 10 01 23 17 2F 01 01
    14 FF FF FF 10 -> 54
    14 FF FF FF 11 -> 7F 14 31
    19 17 FF 10 -> 59 17 10 FF 01 23 17 50
    19 02 01 -> 59 02 FF 01 23 17 2F C1 00 00 2F
    )"));
}

TEST_CASE("19 12, 13, 15, 42, 55 and 56 tell what concerns emissions") {
  converse(of_uds(R"(
dtcs:
  P0133: { group: emissions, confirm_after: 2, severity: "41", readiness_group: "01" }
  P0420: { group: emissions, status: "AF", permanent: true, severity: "21" }
  C0200-11: "2F"
dtc_memory: { format: "04", severity_availability: "1F" }
)"),
           lines(R"(
    19 12 08 -> 59 12 FF 04 00 01
    19 13 FF -> 59 13 FF 01 33 00 50 04 20 00 AF
    19 15 -> 59 15 FF 04 20 00 AF
    19 42 33 08 FF -> 59 42 33 FF 1F 04 01 04 20 00 AF
    19 42 D0 08 FF -> 7F 19 31
    19 55 33 -> 59 55 33 FF 04 04 20 00 AF
    19 56 33 01 -> 59 56 33 FF 04 01 01 33 00 50
    19 56 33 02 -> 7F 19 31
    set dtc: P0133, test: failed
    set operation_cycle: true
    set dtc: P0133, test: failed
    19 15 -> 59 15 FF 01 33 00 AF 04 20 00 *
    14 FF FF 33 -> 54
    19 15 -> 59 15 FF 01 33 00 50 04 20 00 50
    )"));
}

TEST_CASE("a power cycle is a new operation cycle, unless the ECU counts otherwise") {
  converse(of_uds("dtcs: { P0123-17: \"2F\" }"), lines(R"(
    reset
    19 0A -> 59 0A FF 01 23 17 6D
    11 03 -> 51 03
    19 0A -> 59 0A FF 01 23 17 6D
    )"));
  converse(of_uds("dtcs: { P0123-17: \"2F\" }\ndtc_memory: { operation_cycle: set }"), lines(R"(
    reset
    19 0A -> 59 0A FF 01 23 17 2F
    set operation_cycle: true
    19 0A -> 59 0A FF 01 23 17 6D
    )"));
}

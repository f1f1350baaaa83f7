// Legislated OBD on CAN, statement by statement.
#include <algorithm>

#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/lines.hpp"

using namespace canstage::conversation;

namespace {

const std::string engine = of_uds(R"(
obd:
  pids: { "05": "7B", "0C": "1A F8", "0D": "50", "42": "36 B0" }
  readiness: "07 65 00"
  vin: "WVWZZZ1JZXW000001"
  calibration_ids: ["CANSTAGE-1", "CANSTAGE-2"]
  cvns: ["12 34 56 78", "9A BC DE F0"]
  ecu_name: "ECM-EngineControl"
dtcs: { P0133: { confirm_after: 2 }, P0420: "AF", U0100: "2F" }
)");

}  // namespace

TEST_CASE("OBD-001 functionally and physically the answer is the same, on the response identifier, DLC 8") {
  const bus_log log{converse(engine, lines(R"(
    all 01 0C -> 41 0C 1A F8
    01 0C -> 41 0C 1A F8
    )"))};
  CHECK(log.count("7E8 04 41 0C 1A F8 CC CC CC") == 2);
}

TEST_CASE("OBD-002 an unsupported PID is silence, also physically") {
  converse(engine, lines(R"(
    all 01 A6 -> silence
    01 A6 -> silence
    01 -> silence
    all 09 08 -> silence
    03 00 -> silence
    )"));
  converse(of_uds("obd: { pids: { \"0C\": \"1A F8\" }, unsupported: \"12\" }"), lines(R"(
    01 0D -> 7F 01 12
    all 01 0D -> silence
    )"));
}

TEST_CASE("OBD-002 an ECU without OBD is silent functionally") {
  converse(of_uds("dids: { F190: \"V\" }"), lines(R"(
    all 01 00 -> silence
    all 03 -> silence
    01 00 -> 7F 01 11
    )"));
}

TEST_CASE("OBD-003 of several PIDs the supported ones are answered, in one message") {
  converse(engine, lines(R"(
    all 01 0D A6 0C -> 41 0D 50 0C 1A F8
    all 01 05 0C 0D 42 00 01 -> 41 05 7B 0C 1A F8 0D 50 42 36 B0 00 88 18 00 01 01 81 07 65 00
    01 0C 0C 0C 0C 0C 0C 0C -> silence
    )"));
}

TEST_CASE("OBD-004 the bitmaps are those of the PIDs that are answered") {
  converse(engine, lines(R"(
    01 00 -> 41 00 88 18 00 01
    01 20 -> 41 20 00 00 00 01
    01 40 -> 41 40 40 00 00 00
    01 60 -> silence
    09 00 -> 49 00 54 40 00 00
    )"));
}

TEST_CASE("OBD-005 VIN, calibrations and name need several frames") {
  const bus_log log{converse(engine, lines(R"(
    all 09 02 -> 49 02 01 57 56 57 5A 5A 5A 31 4A 5A 58 57 30 30 30 30 30 31
    09 04 -> 49 04 02 43 41 4E 53 54 41 47 45 2D 31 00 00 00 00 00 00 43 41 4E 53 54 41 47 45 2D 32 00 00 00 00 00 00
    09 06 -> 49 06 02 12 34 56 78 9A BC DE F0
    09 0A -> 49 0A 01 45 43 4D 2D 45 6E 67 69 6E 65 43 6F 6E 74 72 6F 6C 00 00 00
    )"))};
  CHECK(log.count("7E8 10 14 49 02 01") == 1);
  CHECK(log.count("7E0 30") == 4);
}

TEST_CASE("OBD-006 ECUs that answer at once use identifiers of their own, and the lowest one is first") {
  // All of them ask for the bus in the same instant; in the file 7EA stands before 7E9.
  const bus_log log{converse(engine, lines("all 01 0C -> 41 0C 1A F8"),
                             "  third: { like: ecu, address: { request: 7E2, response: 7EA } }\n"
                             "  second: { like: ecu, address: { request: 7E1, response: 7E9 } }")};
  std::vector<long long> ends;
  for (const std::string_view id : {"7E8", "7E9", "7EA"}) {
    const auto times = log.times(std::string{id} + " 04 41 0C 1A F8");
    REQUIRE(times.size() == 1);
    ends.push_back(times.front());
  }
  CHECK(std::is_sorted(ends.begin(), ends.end()));
  CHECK(ends[2] - ends[0] < 1000);  // one behind the other, without a gap
}

TEST_CASE("OBD services that CAN does not use, or the ECU has not, are 11, functionally silence") {
  converse(engine, lines(R"(
    05 00 -> 7F 05 11
    06 00 -> 7F 06 11
    08 00 -> 7F 08 11
    0B -> 7F 0B 11
    00 -> 7F 00 11
    all 05 00 -> silence
    all 06 00 -> silence
    all 08 00 -> silence
    )"));
}

TEST_CASE("OBD-007 a request with less than 8 bytes is ignored by an ECU that looks at the length") {
  const bus_log log{converse("isotp: { check_padding: length }\n" + engine, lines(R"(
    frame 7DF 02 01 0C
    wait 50ms
    frame 7DF 02 01 0D 00 00 00 00 00
    wait 50ms
    )"))};
  CHECK(log.count("7E8 04 41 0C") == 0);
  CHECK(log.count("7E8 03 41 0D 50") == 1);
}

TEST_CASE("OBD-008 04 clears 03, 07 and the count of PID 01, but not 0A") {
  converse(engine, lines(R"(
    set dtc: P0133, test: failed
    03 -> 43 01 04 20
    07 -> 47 02 01 33 04 20
    0A -> 4A 00
    set operation_cycle: true
    set dtc: P0133, test: failed
    03 -> 43 02 01 33 04 20
    0A -> 4A 01 01 33
    01 01 -> 41 01 82 07 65 00
    all 04 -> 44
    03 -> 43 00
    07 -> 47 00
    01 01 -> 41 01 00 07 65 00
    0A -> 4A 01 01 33
    19 02 08 -> 59 02 FF C1 00 00 6D
    )"));
}

TEST_CASE("a freeze frame is stored with the first confirmed DTC and cleared with it") {
  converse(of_uds(R"(
obd: { pids: { "05": "7B", "0C": "1A F8" }, captured: ["0C"] }
dtcs: { P0133: {}, P0420: {} }
)"),
           lines(R"(
    02 02 00 -> 42 02 00 00 00
    02 0C 00 -> silence
    set pid: "0C", value: "0F A0"
    set dtc: P0133, test: failed
    set pid: "0C", value: "10 00"
    set dtc: P0420, test: failed
    02 02 00 0C 00 05 00 -> 42 02 00 01 33 0C 00 0F A0
    02 00 00 -> 42 00 00 40 10 00 00
    02 0C 01 -> silence
    01 0C -> 41 0C 10 00
    04 -> 44
    02 02 00 -> 42 02 00 00 00
    )"));
  converse(of_uds(R"(
obd: { pids: { "0C": "1A F8" }, freeze_frame: { dtc: P0133, pids: { "0C": "0F A0" } } }
)"),
           lines(R"(
    02 0C 00 02 00 -> 42 0C 00 0F A0 02 00 01 33
    04 -> 44
    02 0C 00 -> silence
    )"));
}

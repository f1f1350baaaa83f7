// Several testers with addresses of their own at one ECU; UDS-103 among them.
#include <string>

#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/lines.hpp"

using namespace canstage::conversation;

namespace {

/// An ECU 10 with testers F1 (a), F2 (b) and F3 (c), and what it says of them in `uds`.
std::string play(const std::string& uds, const std::string& steps) {
  return play_whole(R"(canstage: 1
buses: { can: { bitrate: 500k } }
ecus:
  ecu:
    address: { format: normal_fixed, ecu: "10", tester: "F1" }
    testers:
      b: { format: normal_fixed, ecu: "10", tester: "F2" , functional: "34" }
      c: { format: normal_fixed, ecu: "10", tester: "F3", functional: none }
    uds:
      dids: { F190: "WVWZZZ1JZXW000001", F201: { hex: "05" } }
      security: { 1: { seed: "11 22", key: "xor:FF" } }
      periodic: { fast: 20ms }
      )" + uds + R"(
    rules: [{ request: "31 01 02 03", reply: "71 01 02 03", takes: 200ms }]
testers:
  a: { address: { format: normal_fixed, tester: "F1" } }
  b: { address: { format: normal_fixed, tester: "F2", functional: "34" } }
  c: { address: { format: normal_fixed, tester: "F3" } }
steps:
)" + steps);
}

const std::string while_a_waits = R"(
  - parallel:
      - - request: { from: a, to: ecu, bytes: "31 01 02 03" }
          expect: { reply: "71 01 02 03", pending: 1, final_within: 210ms }
      - - advance: 100ms
        - request: { from: b, to: ecu, bytes: "22 F1 90", window: 50ms }
          expect: )";

}  // namespace

TEST_CASE("UDS-103 a request of another tester meanwhile is 21") {
  play("several_testers: one_at_a_time", while_a_waits + R"({ nrc: "21" }
  - request: { from: b, to: ecu, bytes: "22 F1 90" }
    expect: "62 F1 90 *")");
}

TEST_CASE("UDS-103 a request of another tester meanwhile is dropped") {
  play("busy: ignore", while_a_waits + R"(silence
  - request: { from: b, to: ecu, bytes: "22 F1 90" }
    expect: "62 F1 90 *")");
}

TEST_CASE("an ECU can work for each tester by itself") {
  play("several_testers: independent", while_a_waits + R"({ reply: "62 F1 90 *", within: 10ms }
  - parallel:
      - - request: { from: a, to: ecu, bytes: "31 01 02 03" }
          expect: { reply: "71 01 02 03", pending: 1 }
      - - request: { from: b, to: ecu, bytes: "31 01 02 03" }
          expect: { reply: "71 01 02 03", pending: 1, final_within: 220ms }
      - - request: { from: c, to: ecu, bytes: "31 01 02 03" }
          expect: { reply: "71 01 02 03", pending: 1, final_within: 220ms })");
}

TEST_CASE("the diagnostic session and the security level are the ECU's, whoever asked") {
  for (const char* how : {"one_at_a_time", "independent"}) {
    play(std::string{"several_testers: "} + how, R"(
  - request: { from: a, to: ecu, bytes: "10 03" }
    expect: "50 03 *"
  - request: { from: b, to: ecu, bytes: "22 F1 86" }
    expect: "62 F1 86 03"
  - request: { from: b, to: ecu, bytes: "27 01" }
    expect: "67 01 11 22"
  - request: { from: a, to: ecu, bytes: "27 02 EE DD" }
    expect: "67 02"
  - advance: 3s
  - request: { from: c, to: ecu, bytes: "3E 00" }     # keeps S3 alive for all
    expect: "7E 00"
  - advance: 3s
  - request: { from: b, to: ecu, bytes: "22 F1 86" }
    expect: "62 F1 86 03"
  - request: { from: b, to: ecu, bytes: "27 01" }
    expect: "67 01 00 00"
  - advance: 5100ms
  - request: { from: a, to: ecu, bytes: "22 F1 86" }
    expect: "62 F1 86 01")");
  }
}

TEST_CASE("a diagnostic session can belong to the tester that asked for it") {
  play("several_testers: owner_of_session", R"(
  - request: { from: b, to: ecu, bytes: "22 F1 90" }
    expect: "62 F1 90 *"
  - request: { from: a, to: ecu, bytes: "10 03" }
    expect: "50 03 *"
  - request: { from: b, to: ecu, bytes: "22 F1 90" }
    expect: { nrc: "21" }
  - request: { from: b, to: ecu, bytes: "10 01" }
    expect: { nrc: "21" }
  - advance: 4s
  - request: { from: b, to: ecu, bytes: "3E 00" }     # does not keep it alive
    expect: { nrc: "21" }
  - advance: 1500ms
  - request: { from: b, to: ecu, bytes: "10 03" }
    expect: "50 03 *"
  - request: { from: a, to: ecu, bytes: "3E 00" }
    expect: { nrc: "21" }
  - request: { from: b, to: ecu, bytes: "10 01" }
    expect: "50 01 *"
  - request: { from: a, to: ecu, bytes: "3E 00" }
    expect: "7E 00")");
}

TEST_CASE("UDS-107 each tester is answered on its own address, also functionally") {
  const bus_log log{play("response_time: 1ms", R"(
  - functional: { from: b, request: "22 F1 86" }
    expect: { ecu: "62 F1 86 01" }
  - functional: { from: a, request: "22 F1 86" }
    expect: { ecu: "62 F1 86 01" }
  - request: { from: c, to: ecu, bytes: "22 F1 86" }
    expect: "62 F1 86 01")")};
  CHECK(log.count("18DAF210 04 62 F1 86 01") == 1);
  CHECK(log.count("18DAF110 04 62 F1 86 01") == 1);
  CHECK(log.count("18DAF310 04 62 F1 86 01") == 1);
}

TEST_CASE("UDS-109 periodic data goes to the tester that asked for it") {
  const bus_log log{play("response_time: 1ms", R"(
  - request: { from: a, to: ecu, bytes: "10 03" }
    expect: "50 03 *"
  - request: { from: b, to: ecu, bytes: "2A 03 01" }
    expect: "6A"
  - advance: 100ms
  - request: { from: a, to: ecu, bytes: "2A 04" }
    expect: "6A")")};
  CHECK(log.count("18DAF210 03 6A 01 05") >= 4);
  CHECK(log.count("18DAF110 03 6A 01 05") == 0);
}

TEST_CASE("an ECU that restarts leaves all of its testers") {
  play("reset: { power_down: 500ms }", R"(
  - parallel:
      - - request: { from: a, to: ecu, bytes: "11 01" }
          expect: "51 01"
      - - advance: 100ms
        - request: { from: b, to: ecu, bytes: "3E 00", window: 100ms }
          expect: silence
        - advance: 400ms
        - request: { from: b, to: ecu, bytes: "3E 00" }
          expect: "7E 00")");
}

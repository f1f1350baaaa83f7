// 0x10, 0x3E and S3.
#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/conversation.hpp"

using namespace canstage::conversation;

TEST_CASE("UDS-001 10 03 is answered with P2 and P2*") {
  converse("uds: {}", {ask("10 03", "50 03 00 32 01 F4")});
  converse("uds: { timing: { p2: 25ms, p2_star: 2s } }", {ask("10 03", "50 03 00 19 00 C8")});
  converse("uds: { diagnostic_sessions: { programming: { p2: 100ms, p2_star: 10s }, extended: {} } }",
           {ask("10 02", "50 02 00 64 03 E8"), ask("10 03", "50 03 00 32 01 F4")});
}

TEST_CASE("UDS-002 10 83 is silent and enters the diagnostic session") {
  converse("uds: { dids: {} }", {ask("10 83", silence), ask("22 F1 86", "62 F1 86 03")});
}

TEST_CASE("UDS-003 10 05 is 12, functionally silence") {
  converse("uds: {}", {ask("10 05", "7F 10 12"), ask_all("10 05", silence)});
}

TEST_CASE("UDS-004 10 with a wrong length is 13") {
  converse("uds: {}", {ask("10", "7F 10 13"), ask("10 03 00", "7F 10 13")});
}

TEST_CASE("UDS-005 a diagnostic session that is entered from another one only is 7E, or 22") {
  const std::string sessions =
      "uds:\n  diagnostic_sessions: { programming: { from: [extended, programming] }, extended: {} }\n";
  converse(sessions, {ask("10 02", "7F 10 7E"), ask_all("10 02", silence), ask("10 03", "50 03 *"),
                      ask("10 02", "50 02 *"), ask("10 02", "50 02 *")});
  converse(sessions + "  compatibility: { unreachable_diagnostic_session: \"22\" }",
           {ask("10 02", "7F 10 22"), ask_all("10 02", "7F 10 22")});
}

TEST_CASE("UDS-006 an unknown SID is 11, functionally silence") {
  converse("uds: {}", {ask("BA", "7F BA 11"), ask_all("BA", silence), ask("22 F1 90", "7F 22 11")});
}

TEST_CASE("UDS-007 response SIDs and 7F get no answer") {
  converse("uds: {}", {ask("50 03", silence), ask("7F 10 12", silence), ask_all("62 F1 90", silence)});
}

TEST_CASE("UDS-009 a sub-function that is not in this diagnostic session is 7E") {
  converse("uds: { services: { restrict: { \"11 01\": { diagnostic_session: extended } } } }",
           {ask("11 01", "7F 11 7E"), ask("11 02", "51 02"), ask("10 03", "50 03 *"), ask("11 01", "51 01")});
}

TEST_CASE("UDS-010 7E to a functional request is silence") {
  converse("uds: { services: { restrict: { \"11 01\": { diagnostic_session: extended } } } }",
           {ask_all("11 01", silence), ask("11 01", "7F 11 7E")});
}

TEST_CASE("UDS-013 bit 7 of the sub-function is clear in a positive response") {
  // SPRMIB keeps the answer back, unless a 0x78 went out: then there is one, and its echo is without bit 7.
  converse("uds: { routines: { FF00: { start: { takes: 1s }, stop: { takes: 1s } } } }",
           {ask("31 81 FF 00", "71 01 FF 00").pending("1"), ask("31 82 FF 00", "71 02 FF 00").pending("1")});
}

TEST_CASE("UDS-014 a negative response is sent in spite of bit 7") {
  converse("uds: {}", {ask("10 85", "7F 10 12"), ask("3E 81", "7F 3E 12"), ask("10 83 00", "7F 10 13")});
}

TEST_CASE("UDS-015 3E 80 is silent and restarts S3") {
  converse("uds: { dids: {} }", {ask("10 03", "50 03 *"), wait("3s"), ask("3E 80", silence), wait("3s"),
                                 ask("22 F1 86", "62 F1 86 03")});
}

TEST_CASE("UDS-016 3E 00 is 7E 00") {
  converse("uds: {}", {ask("3E 00", "7E 00"), ask_all("3E 00", "7E 00")});
}

TEST_CASE("UDS-017 3E 01 is 12, 3E 00 00 is 13") {
  converse("uds: {}", {ask("3E 01", "7F 3E 12"), ask("3E 00 00", "7F 3E 13")});
}

TEST_CASE("UDS-018 a functional 3E 80 keeps every ECU in its diagnostic session") {
  converse("uds: { dids: {} }",
           {ask_all("10 03", "50 03 *"), wait("4s"), ask_all("3E 80", silence), wait("4s"),
            ask_all("22 F1 86", "62 F1 86 03")},
           "  second: { like: ecu, address: { request: 7E1, response: 7E9 } }");
}

TEST_CASE("UDS-019 without a request for S3 the default diagnostic session returns") {
  converse("uds: { dids: {} }", {ask("10 03", "50 03 *"), wait("5100ms"), ask("22 F1 86", "62 F1 86 01")});
  converse("uds: { dids: {}, timing: { s3: 2s } }",
           {ask("10 03", "50 03 *"), wait("1990ms"), ask("22 F1 86", "62 F1 86 03"), wait("2010ms"),
            ask("22 F1 86", "62 F1 86 01")});
}

TEST_CASE("UDS-020 a request at 4.9 s prolongs by S3 from the end of its answer") {
  converse("uds: { dids: {}, response_time: 40ms }",
           {ask("10 03", "50 03 *"), wait("4900ms"), ask("3E 00", "7E 00"), wait("4990ms"),
            ask("22 F1 86", "62 F1 86 03")});
}

TEST_CASE("UDS-021 S3 does not run out during a long request or a pending one") {
  // The request takes longer than S3: 20 bytes with 3 s between its two consecutive frames.
  converse("uds: { dids: {}, timing: { s3: 2s } }\nisotp: { n_cr: 10s }",
           {ask("10 03", "50 03 *"), step("send_frame: { id: \"7E0\", data: \"10 0B 22 F1 86 F1 86 F1\" }"),
            wait("3s"), step("send_frame: { id: \"7E0\", data: \"21 86 F1 86 F1 86\" }"), wait("100ms"),
            ask("22 F1 86", "62 F1 86 03")});
  converse("uds: { dids: {} }\nrules: [{ request: \"BA\", reply: \"FA\", takes: 12s }]",
           {ask("10 03", "50 03 *"), ask("BA", "FA").pending("3"), ask("22 F1 86", "62 F1 86 03")});
}

TEST_CASE("UDS-022 there is no S3 in the default diagnostic session") {
  converse("uds: { dids: {} }",
           {ask("3E 00", "7E 00"), wait("5100ms"), ask("22 F1 86", "62 F1 86 01"), ask("3E 00", "7E 00")});
}

TEST_CASE("UDS-023 a negative response restarts S3, too") {
  converse("uds: { dids: {} }", {ask("10 03", "50 03 *"), wait("3s"), ask("22 12 34", "7F 22 31"), wait("3s"),
                                 ask("22 F1 86", "62 F1 86 03")});
}

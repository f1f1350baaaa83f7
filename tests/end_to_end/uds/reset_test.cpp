// 0x11.
#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/conversation.hpp"

using namespace canstage::conversation;

TEST_CASE("UDS-030 11 01 is answered before the reset; then the default diagnostic session, locked") {
  const std::string ecu =
      "uds:\n  security: { 1: { seed: \"11 22\", key: \"xor:FF\" } }\n"
      "  dids: { F190: ABC, FD00: { hex: \"00\", write: { security: 1 } } }\n";
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 01", "67 01 11 22"), ask("27 02 EE DD", "67 02"),
                 ask("2E FD 00 01", "6E FD 00"), ask("11 01", "51 01"), ask("22 F1 86", "62 F1 86 01"),
                 ask("10 03", "50 03 *"), ask("2E FD 00 02", "7F 2E 33"), ask("22 FD 00", "62 FD 00 01")});
}

TEST_CASE("UDS-030 an ECU that restarts is not on the bus while it has no power") {
  const std::string ecu = "uds: { dids: { F190: ABC }, reset: { power_down: 500ms } }";
  converse(ecu, {ask("10 03", "50 03 *"), ask("11 03", "51 03"), wait("100ms"),
                 // Nobody acknowledges, nobody answers: a long request does not even get a flow control.
                 ask("3E 00", silence).window("300ms"), wait("100ms"), ask("22 F1 86", "62 F1 86 01")});
  converse(ecu, {power_cycle(), wait("100ms"), ask("3E 00", silence).window("300ms"), wait("100ms"),
                 ask("3E 00", "7E 00")});
}

TEST_CASE("UDS-031 11 81 resets in silence") {
  converse("uds: { dids: {} }",
           {ask("10 03", "50 03 *"), ask("11 81", silence), ask("22 F1 86", "62 F1 86 01")});
}

TEST_CASE("UDS-032 11 04 is answered with the time until the ECU is off") {
  converse("uds: { reset: { types: [hard, rapid_power_shutdown], power_down_time: 5 } }",
           {ask("11 04", "51 04 05"), ask("11 05", "51 05"), ask("11 03", "7F 11 12")});
  converse("uds: { reset: { types: [rapid_power_shutdown] } }",
           {ask("11 04", "51 04 FF"), ask("11 01", "7F 11 12")});
}

TEST_CASE("UDS-033 11 7F is 12") {
  converse("uds: {}", {ask("11 7F", "7F 11 12"), ask("11 04", "7F 11 12"), ask_all("11 7F", silence)});
}

// 0x28, 0x29, 0x83, 0x84 and 0x87.
#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/conversation.hpp"

using namespace canstage::conversation;

TEST_CASE(
    "UDS-072 28 03 01 stops normal messages, 28 00 01 or the default diagnostic session restores them") {
  const std::string ecu = "uds: { communication: {}, dids: { FD00: { of: communication } } }";
  converse(ecu, {ask("22 FD 00", "62 FD 00 0F"), ask("28 03 01", "7F 28 7F"), ask("10 03", "50 03 *"),
                 ask("28 03 01", "68 03"), ask("22 FD 00", "62 FD 00 0C"), ask("3E 00", "7E 00"),
                 ask("28 00 01", "68 00"), ask("22 FD 00", "62 FD 00 0F"), ask("28 01 03", "68 01"),
                 ask("22 FD 00", "62 FD 00 0A"), ask("28 82 02", silence), ask("22 FD 00", "62 FD 00 06"),
                 ask("10 03", "50 03 *"), ask("22 FD 00", "62 FD 00 06"), ask("10 01", "50 01 *"),
                 ask("22 FD 00", "62 FD 00 0F")});
}

TEST_CASE("UDS-073 28 with a type that there is not is 31") {
  converse("uds: { communication: { types: [\"01\"], nodes: [\"00 0A\"], subfunctions: [\"00\", \"03\"] } }",
           {ask("10 03", "50 03 *"), ask("28 03 00", "7F 28 31"), ask("28 03 02", "7F 28 31"),
            ask("28 03 03", "7F 28 31"), ask("28 03 31", "7F 28 31"), ask("28 03 F1", "68 03"),
            ask("28 03", "7F 28 13"), ask("28 03 01 00", "7F 28 13"), ask("28 01 01", "7F 28 12"),
            ask("28 06 01", "7F 28 12"), ask("28 04 01 00 0A", "68 04"), ask("28 04 01 00 0B", "7F 28 31"),
            ask("28 05 01", "7F 28 13")});
}

TEST_CASE("UDS-114 87 03 without a verification before it is 24") {
  converse("uds: { link: { fixed: [\"12\", \"13\"], up_to: 1M } }",
           {ask("87 03", "7F 87 7F"), ask("10 03", "50 03 *"), ask("87 03", "7F 87 24"),
            ask("87 01 12", "C7 01"), ask("87 83", silence), ask("87 03", "7F 87 24"),
            ask("87 01 05", "7F 87 31"), ask("87 02 07 A1 20", "C7 02"), ask("87 03", "C7 03"),
            ask("87 02 FF FF FF", "7F 87 31"), ask("87 01", "7F 87 13"), ask("87 04", "7F 87 12")});
}

TEST_CASE("83 reads and sets P2 and P2*") {
  converse(
      "uds: { access_timing: { p2: 10ms, p2_star: 1s }, routines: { FF00: { start: { takes: 60ms } } } }",
      {ask("83 03", "7F 83 7F"), ask("10 03", "50 03 00 32 01 F4"), ask("83 01", "C3 01 00 0A 00 64"),
       ask("83 03", "C3 03 00 32 01 F4"), ask("31 01 FF 00", "71 01 FF 00").pending("1"),
       ask("83 04 00 64 03 E8", "C3 04"), ask("83 03", "C3 03 00 64 03 E8"),
       ask("31 01 FF 00", "71 01 FF 00").pending("0"), ask("83 04 00 09 03 E8", "7F 83 31"),
       ask("83 04 00 64", "7F 83 13"), ask("83 02", "C3 02"), ask("83 03", "C3 03 00 32 01 F4"),
       ask("83 05", "7F 83 12")});
}

TEST_CASE("UDS-117 84 with an unknown SID inside is 11 inside, or plain") {
  const std::string request = "84 00 01 00 00 00 00 2A ";
  converse(
      "uds: { secured: { pairs: [ { request: \"84 11 *\", reply: \"C4 22 {2..3}\" } ] }, dids: { F190: A } }",
      {ask("84 11 22 33", "7F 84 7F"), ask("10 03", "50 03 *"), ask("84 11 22 33", "C4 22 22 33"),
       ask(request + "22 F1 90", "C4 00 00 00 00 00 00 2A 62 F1 90 41"),
       ask(request + "BA", "C4 00 00 00 00 00 00 2A 7F BA 11"), ask(request + "3E 80", silence),
       ask("84 00 01", "7F 84 13")});
  converse("uds: { secured: {}, compatibility: { secured_unknown: plain } }",
           {ask("10 03", "50 03 *"), ask(request + "BA", "7F 84 11")});
  converse("uds: { secured: { signature: \"hmac:00, first:2\" } }",
           {ask("10 03", "50 03 *"), ask("84 00 01 00 00 02 00 00 3E 00 00 00", "7F 84 3A")});
}

TEST_CASE("UDS-118 29 00 is 69 00 10") {
  converse("uds: { authentication: { proof: \"xor:FF\" } }",
           {ask("29 00", "69 00 10"), ask("29 08", "69 08 04"), ask("29 01", "7F 29 12"),
            ask("29 00 00", "7F 29 13")});
}

TEST_CASE("UDS-119 a service that needs authentication is 34 until the challenge was answered") {
  const std::string zeros = " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
  const std::string ecu = R"(uds:
  authentication: { challenge: "11 22", proof: "xor:FF", answer: "not" }
  services: { restrict: { "2E": { authentication: true } } }
  dids: { FD00: { hex: "00", write: true } }
)";
  converse(ecu,
           {ask("2E FD 00 01", "7F 2E 34"), ask("2E", "7F 2E 34"),
            ask("29 06" + zeros + " 00 02 EE DD 00 00 00 00", "7F 29 24"),
            ask("29 05 00" + zeros, "69 05 00" + zeros + " 00 02 11 22 00 00"),
            ask("29 06" + zeros + " 00 02 00 00 00 00 00 00", "7F 29 58"), ask("29 05 00" + zeros, "69 05 *"),
            ask("29 06" + zeros + " 00 02 EE DD 00 00 00 00", "69 06 12" + zeros + " 00 00"),
            ask("2E FD 00 01", "6E FD 00"), ask("29 00", "69 00 10"), ask("2E FD 00 01", "7F 2E 34"),
            ask("29 05 00" + zeros, "69 05 *"),
            ask("29 07" + zeros + " 00 02 EE DD 00 01 0F 00 00", "69 07 12" + zeros + " 00 01 F0 00 00"),
            ask("2E FD 00 02", "6E FD 00"), power_cycle(), ask("2E FD 00 01", "7F 2E 34")});
}

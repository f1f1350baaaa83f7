// 0x22 and 0x2E.
#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/conversation.hpp"

using namespace canstage::conversation;

namespace {

const std::string ecu = R"(uds:
  security: { 1: { seed: "11 22", key: "xor:FF" }, 3: { seed: "33 44", key: "not" } }
  dids:
    F190: WVWZZZ1JZXW000001
    F18C: { hex: "01 02", write: true, diagnostic_session: extended }
    FD01: { hex: "AA", read: { security: 1 } }
    FD02: { hex: "BB", read: { diagnostic_session: extended }, write: { security: [1, 3], diagnostic_session: extended } }
    FD03: { hex: "CC", read: false, write: true }
)";

}  // namespace

TEST_CASE("UDS-040 22 F1 90 is answered with 17 bytes") {
  converse(ecu, {ask("22 F1 90", "62 F1 90 57 56 57 5A 5A 5A 31 4A 5A 58 57 30 30 30 30 30 31"),
                 ask_all("22 F1 90", "62 F1 90 57 *")});
}

TEST_CASE("UDS-041 two DIDs are answered in the order of the request") {
  converse(ecu, {ask("22 F1 8C F1 86", "62 F1 8C 01 02 F1 86 01"),
                 ask("22 F1 86 F1 8C", "62 F1 86 01 F1 8C 01 02")});
}

TEST_CASE("UDS-042 of two DIDs the one that is known is answered") {
  converse(ecu, {ask("22 12 34 F1 8C", "62 F1 8C 01 02"), ask("22 F1 8C 12 34", "62 F1 8C 01 02"),
                 ask("22 FD 02 F1 8C", "62 F1 8C 01 02")});
}

TEST_CASE("UDS-043 nothing but unknown DIDs is 31, functionally silence") {
  converse(ecu, {ask("22 12 34", "7F 22 31"), ask_all("22 12 34", silence), ask("22 FD 02", "7F 22 31"),
                 ask("22 FD 03", "7F 22 31")});
}

TEST_CASE("UDS-044 22 with half a DID is 13") {
  converse(ecu, {ask("22", "7F 22 13"), ask("22 F1", "7F 22 13"), ask("22 F1 90 F1", "7F 22 13"),
                 ask_all("22 F1", "7F 22 13")});
}

TEST_CASE("UDS-045 an answer longer than the ECU can send is 14") {
  converse(ecu + "  max_response: 30\n", {ask("22 F1 90", "62 F1 90 *"), ask("22 F1 90 F1 90", "7F 22 14"),
                                          ask_all("22 F1 90 F1 90", "7F 22 14")});
}

TEST_CASE("UDS-046 a DID that is locked is 33, also beside one that is not") {
  converse(ecu, {ask("22 FD 01", "7F 22 33"), ask("22 F1 8C FD 01", "7F 22 33"), ask("10 03", "50 03 *"),
                 ask("27 01", "67 01 11 22"), ask("27 02 EE DD", "67 02"), ask("22 FD 01", "62 FD 01 AA")});
}

TEST_CASE("UDS-047 a DID that is asked for twice is answered twice") {
  converse(ecu, {ask("22 F1 8C F1 8C", "62 F1 8C 01 02 F1 8C 01 02")});
}

TEST_CASE("UDS-048 what 2E writes is read by 22") {
  converse(ecu, {ask("10 03", "50 03 *"), ask("2E F1 8C AB CD", "6E F1 8C"),
                 ask("22 F1 8C", "62 F1 8C AB CD"), power_cycle(), ask("22 F1 8C", "62 F1 8C AB CD")});
}

TEST_CASE("UDS-049 2E: a wrong length is 13, what cannot be written 31, what is locked 33") {
  converse(ecu, {ask("2E F1 8C", "7F 2E 13"), ask("2E F1 8C AB CD", "7F 2E 31"), ask("10 03", "50 03 *"),
                 ask("2E F1 8C AB", "7F 2E 13"), ask("2E F1 8C AB CD EF", "7F 2E 13"),
                 ask("2E F1 90 00", "7F 2E 31"), ask("2E FD 02 01", "7F 2E 33"),
                 ask("2E FD 02 01 02", "7F 2E 33"),  // security before the exact length
                 ask("27 03", "67 03 33 44"), ask("27 04 CC BB", "67 04"), ask("2E FD 02 01", "6E FD 02"),
                 ask("22 FD 02", "62 FD 02 01")});
}

TEST_CASE("UDS-120 an answer that is longer than the connection can carry is 14") {
  converse("uds: { memory: { ram: { address: \"0\", size: 8192 } } }",
           {ask("23 24 00 00 00 00 0F FF", "7F 23 14"),
            ask("23 24 00 00 00 00 00 08", "63 FF FF FF FF FF FF FF FF"),
            ask("23 24 00 00 00 00 0F FE", "63 FF *")});
}

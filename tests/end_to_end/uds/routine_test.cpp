// 0x31.
#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/conversation.hpp"

using namespace canstage::conversation;

namespace {

const std::string ecu = R"(uds:
  memory: { flash: { address: "1000", size: 16, download: true, data: "31 32 33 34 35 36 37 38 39" } }
  security: { 1: { seed: "01", key: "not" } }
  routines:
    "0200": { start: { reply: "10", options: "?? 01" }, stop: { reply: "20" }, results: { reply: "30" }, while_running: "31" }
    "0201": { start: {}, results: { reply: "AA" }, runs: 3s }
    "0202": { start: { takes: 7s, reply: "{4..5}" }, diagnostic_session: extended, security: 1 }
    "0203": { start: { nrc: "22" } }
    "0204": { start: { reply: "00" }, checksum: last_download }
)";

}  // namespace

TEST_CASE("UDS-080 31 starts, stops and asks for results; unknown RIDs are 31, a wrong order 24") {
  converse(ecu,
           {ask("31 02 02 00", "7F 31 24"), ask("31 03 02 00", "7F 31 24"),
            ask("31 01 02 00 55 01", "71 01 02 00 10"), ask("31 03 02 00", "71 03 02 00 31"),
            ask("31 02 02 00", "71 02 02 00 20"), ask("31 03 02 00", "71 03 02 00 30"),
            ask("31 02 02 00", "7F 31 24"), ask("31 01 12 34", "7F 31 31"), ask_all("31 01 12 34", silence),
            ask("31 01 02 03", "7F 31 22"), ask("31 81 02 01", silence)});
}

TEST_CASE("UDS-080 a routine that runs for a while") {
  converse(ecu, {ask("31 01 02 01", "71 01 02 01"), ask("31 02 02 01", "7F 31 12"),
                 ask("31 03 02 01", "71 03 02 01 AA"), wait("3s"), ask("31 03 02 01", "71 03 02 01 AA"),
                 power_cycle(), ask("31 03 02 01", "7F 31 24")});
}

TEST_CASE("UDS-081 31 of length 3 is 13, an option record of a wrong length 13, a wrong one 31") {
  converse(ecu, {ask("31 01 02", "7F 31 13"), ask("31 01", "7F 31 13"), ask("31", "7F 31 13"),
                 ask("31 01 02 00 55", "7F 31 13"), ask("31 01 02 00 55 01 00", "7F 31 13"),
                 ask("31 01 02 00 55 02", "7F 31 31")});
}

TEST_CASE("UDS-082 31 04 is 12, after the RID and the security") {
  converse(ecu, {ask("31 04 02 00", "7F 31 12"), ask("31 04 12 34", "7F 31 31"),
                 ask("31 01 02 02", "7F 31 31"), ask("10 03", "50 03 *"), ask("31 04 02 02", "7F 31 33"),
                 ask("27 01", "67 01 01"), ask("27 02 FE", "67 02"), ask("31 04 02 02", "7F 31 12"),
                 ask("31 01 02 02 77 88", "71 01 02 02 77 88").pending("2")});
}

TEST_CASE("a routine compares the checksum of the latest download") {
  converse(
      ecu,
      {ask("10 02", "50 02 *"), ask("31 01 02 04", "7F 31 31"), ask("34 00 12 10 00 09", "74 20 0F FF"),
       ask("36 01 31 32 33 34 35 36 37 38 39", "76 01"), ask("37", "77"),
       ask("31 01 02 04", "71 01 02 04 00 CB F4 39 26"),  // the check value of CRC-32
       ask("31 01 02 04 CB F4 39 26", "71 01 02 04 00"), ask("31 01 02 04 CB F4 39 27", "71 01 02 04 01")});
}

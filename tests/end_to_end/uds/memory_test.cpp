// 0x23 and 0x3D.
#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/conversation.hpp"

using namespace canstage::conversation;

namespace {

const std::string ecu = R"(uds:
  memory:
    rom: { address: "1000", size: 256, data: "01 02 03 04" }
    ram: { address: "2000", size: 300, fill: "00", write: true, volatile: true }
    nvm: { address: "3000", size: 16, write: { diagnostic_session: extended, security: 1 } }
  security: { 1: { seed: "01", key: "not" } }
)";

}  // namespace

TEST_CASE(
    "UDS-084 23 reads memory; outside of it and with an ALFID of zero it is 31, with a wrong length 13") {
  converse(ecu, {ask("23 14 00 00 10 00 04", "63 01 02 03 04"), ask("23 12 10 02 04", "63 03 04 FF FF"),
                 ask("23 22 10 FE 00 02", "63 FF FF"), ask("23 22 10 FE 00 03", "7F 23 31"),
                 ask("23 12 0F FF 01", "7F 23 31"), ask("23 12 50 00 01", "7F 23 31"),
                 ask("23 12 10 00 00", "7F 23 31"), ask("23 04 00 00 10 00", "7F 23 31"),
                 ask("23 10 04", "7F 23 31"), ask("23 14 00 00 10 00", "7F 23 13"),
                 ask("23 12 10 00 04 05", "7F 23 13"), ask("23", "7F 23 13")});
  converse(ecu + "  alfid: [\"44\"]\n",
           {ask("23 12 10 00 04", "7F 23 31"), ask("23 44 00 00 10 00 00 00 00 02", "63 01 02")});
}

TEST_CASE("UDS-085 3D writes and echoes ALFID, address and size") {
  converse(ecu, {ask("3D 12 20 00 03 AA BB CC", "7D 12 20 00 03"), ask("23 12 20 00 04", "63 AA BB CC 00"),
                 ask("3D 12 20 00 03 AA BB", "7F 3D 13"), ask("3D 12 10 00 01 AA", "7F 3D 31"),
                 ask("3D 12 30 00 01 AA", "7F 3D 31"), ask("10 03", "50 03 *"),
                 ask("3D 12 30 00 01 AA", "7F 3D 33"), ask("27 01", "67 01 01"), ask("27 02 FE", "67 02"),
                 ask("3D 12 30 00 01 AA", "7D 12 30 00 01"),
                 // RAM is lost by a reset.
                 power_cycle(), ask("23 12 20 00 03", "63 00 00 00"), ask("23 12 30 00 02", "63 AA FF")});
}

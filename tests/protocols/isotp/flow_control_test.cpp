// ISOTP-060 to 079: flow control.
#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

namespace {

/// A sender whose FF of a message of 34 bytes is on the bus: four CFs of 7 are to go.
dialogue sending_34(parameters settings = {}, unsigned burst = 1) {
  settings.padding.reset();
  dialogue d{settings, burst};
  d.request(counting(34));
  d.seen();
  return d;
}

const std::string cf_1 = "21 06 07 08 09 0A 0B 0C";
const std::string cf_2 = "22 0D 0E 0F 10 11 12 13";
const std::string cf_3 = "23 14 15 16 17 18 19 1A";
const std::string cf_4 = "24 1B 1C 1D 1E 1F 20 21";
const std::string then = " | ";

}  // namespace

TEST_CASE("ISOTP-060 no FC within N_Bs ends the transmission with N_TIMEOUT_Bs") {
  dialogue d = sending_34();
  d.advance(1s - 1ns);
  REQUIRE(d.seen().empty());
  d.advance(1ns);
  REQUIRE(d.seen() == "confirm N_TIMEOUT_Bs");
  d.receive("30 00 00");
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-061 after FC.CTS with BS 0 all CFs leave, whatever other FC comes") {
  dialogue d = sending_34();
  d.hold_confirmations();
  d.receive("30 00 00");
  d.receive(GENERATE("30 01 7F", "31 00 00", "32 00 00", "3F 00 00"));
  for (int i = 0; i < 4; ++i) d.confirm();
  REQUIRE(d.seen() == cf_1 + then + cf_2 + then + cf_3 + then + cf_4 + then + "confirm N_OK");
}

TEST_CASE("ISOTP-062 after BS CFs the next FC is awaited, N_Bs from the end of the last") {
  dialogue d = sending_34();
  d.hold_confirmations();
  d.receive("30 03 00");
  d.confirm();
  d.confirm();
  REQUIRE(d.seen() == cf_1 + then + cf_2 + then + cf_3);
  d.advance(800ms);
  d.confirm();
  d.advance(1s - 1ns);
  REQUIRE(d.seen().empty());
  SECTION("it comes") {
    d.receive("30 03 00");
    REQUIRE(d.seen() == cf_4);
  }
  SECTION("it does not") {
    d.advance(1ns);
    REQUIRE(d.seen() == "confirm N_TIMEOUT_Bs");
  }
}

TEST_CASE("ISOTP-063 with BS 1 an FC is awaited after each CF but the last") {
  dialogue d = sending_34();
  d.receive("30 01 00");
  REQUIRE(d.seen() == cf_1);
  d.receive("30 01 00");
  REQUIRE(d.seen() == cf_2);
  d.receive("30 01 00");
  REQUIRE(d.seen() == cf_3);
  d.receive("30 01 00");
  REQUIRE(d.seen() == cf_4 + then + "confirm N_OK");
}

TEST_CASE("ISOTP-064, 065 STmin lies between the end of a CF and the next one") {
  struct row {
    const char* fc;
    duration gap;
  };
  const auto [fc, gap] = GENERATE(row{"30 00 05", 5ms}, row{"30 00 7F", 127ms}, row{"30 00 F1", 100us},
                                  row{"30 00 F3", 300us}, row{"30 00 F9", 900us}, row{"30 00 80", 127ms},
                                  row{"30 00 F0", 127ms}, row{"30 00 FA", 127ms}, row{"30 00 FF", 127ms});
  const unsigned burst = GENERATE(1U, 8U);
  INFO(fc);
  dialogue d = sending_34({}, burst);
  d.hold_confirmations();
  d.receive(fc);
  REQUIRE(d.seen() == cf_1);  // no STmin between FC and CF
  d.advance(10ms);            // the frame waits for the bus
  REQUIRE(d.seen().empty());
  d.confirm();
  d.advance(gap - 1ns);
  REQUIRE(d.seen().empty());
  d.advance(1ns);
  REQUIRE(d.seen() == cf_2);
}

TEST_CASE("ISOTP-064 with STmin 0 CFs leave back to back") {
  dialogue d = sending_34();
  d.hold_confirmations();
  d.receive("30 00 00");
  REQUIRE(d.seen() == cf_1);
  d.confirm();
  REQUIRE(d.seen() == cf_2);
}

TEST_CASE("ISOTP-064 a bus that takes bursts gets as many CFs as it takes, within a block") {
  dialogue d = sending_34({}, 2);
  d.hold_confirmations();
  d.receive("30 03 00");
  REQUIRE(d.seen() == cf_1 + then + cf_2);
  d.confirm();
  REQUIRE(d.seen() == cf_3);
  d.confirm_all();
  REQUIRE(d.seen().empty());
  d.receive("30 00 00");
  d.confirm_all();
  REQUIRE(d.seen() == cf_4 + then + "confirm N_OK");
}

TEST_CASE("N_Cs lies before each CF, the first among them, beside STmin") {
  parameters settings;
  settings.n_cs = 10ms;
  const unsigned burst = GENERATE(1U, 8U);
  dialogue d = sending_34(settings, burst);
  d.receive("30 00 14");
  d.advance(10ms - 1ns);
  REQUIRE(d.seen().empty());
  d.advance(1ns);
  REQUIRE(d.seen() == cf_1);
  d.advance(20ms - 1ns);
  REQUIRE(d.seen().empty());
  d.advance(1ns);
  REQUIRE(d.seen() == cf_2);
}

TEST_CASE("ISOTP-066 FC.WAIT restarts N_Bs") {
  dialogue d = sending_34();
  for (int i = 0; i < 5; ++i) {
    d.advance(900ms);
    d.receive("31 01 7F");  // BS and STmin mean nothing
    REQUIRE(d.seen().empty());
  }
  d.advance(900ms);
  d.receive("30 00 00");
  REQUIRE(d.seen() == cf_1 + then + cf_2 + then + cf_3 + then + cf_4 + then + "confirm N_OK");
}

TEST_CASE("ISOTP-067 more FC.WAIT in a row than accepted end the transmission with N_WFT_OVRN") {
  parameters settings;
  settings.accepted_waits = 2;
  dialogue d = sending_34(settings);
  d.receive("31 00 00");
  d.receive("31 00 00");
  REQUIRE(d.seen().empty());
  SECTION("in a row") {
    d.receive("31 00 00");
    REQUIRE(d.seen() == "confirm N_WFT_OVRN");
  }
  SECTION("an FC.CTS begins a new row") {
    d.receive("30 01 00");
    d.receive("31 00 00");
    d.receive("31 00 00");
    REQUIRE(d.seen() == cf_1);
    d.receive("31 00 00");
    REQUIRE(d.seen() == "confirm N_WFT_OVRN");
  }
}

TEST_CASE("ISOTP-067 a sender that accepts no FC.WAIT ends at the first") {
  parameters settings;
  settings.accepted_waits = 0;
  dialogue d = sending_34(settings);
  d.receive("31 00 00");
  REQUIRE(d.seen() == "confirm N_WFT_OVRN");
}

TEST_CASE("ISOTP-068 FC.OVFLW ends the transmission with N_BUFFER_OVFLW") {
  dialogue d = sending_34();
  d.receive("32 00 00");
  REQUIRE(d.seen() == "confirm N_BUFFER_OVFLW");
  d.receive("30 00 00");
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-069 FC.OVFLW after a later block ends the transmission too") {
  dialogue d = sending_34();
  d.receive("30 02 00");
  d.seen();
  d.receive("32 00 00");
  REQUIRE(d.seen() == "confirm N_BUFFER_OVFLW");
}

TEST_CASE("ISOTP-070 a reserved FS ends the transmission with N_INVALID_FS") {
  for (std::uint8_t fs = 3; fs <= 15; ++fs) {
    dialogue d = sending_34();
    d.receive(to_hex(bytes{static_cast<std::uint8_t>(0x30 | fs), 0, 0}));
    REQUIRE(d.seen() == "confirm N_INVALID_FS");
  }
}

TEST_CASE("ISOTP-071 an FC of less than 3 bytes is ignored") {
  dialogue d = sending_34();
  d.advance(600ms);
  d.receive(GENERATE("30", "30 00", "32 00", "3F"));
  REQUIRE(d.seen().empty());
  d.advance(400ms);
  REQUIRE(d.seen() == "confirm N_TIMEOUT_Bs");
}

TEST_CASE("ISOTP-072 an FC on another identifier is ignored") {
  dialogue d = sending_34();
  d.receive(can::identifier::standard(0x7E1), "30 00 00");
  d.receive(tx_id, "30 00 00");
  d.receive(functional_id, "30 00 00");
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-073 each FC.CTS brings its own BS and STmin") {
  dialogue d = sending_34();
  d.receive("30 01 14");
  REQUIRE(d.seen() == cf_1);
  d.receive("30 02 05");
  REQUIRE(d.seen() == cf_2);
  d.advance(5ms);
  REQUIRE(d.seen() == cf_3);
  d.advance(5ms);
  REQUIRE(d.seen().empty());
  d.receive("30 00 00");
  REQUIRE(d.seen() == cf_4 + then + "confirm N_OK");
}

TEST_CASE("ISOTP-074 a receiver sends an FC after the FF and every BS CFs, none after the last") {
  parameters settings;
  settings.bs = 2;
  dialogue d{settings};
  d.receive("10 22 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 34 | 30 02 00 CC CC CC CC CC");
  d.receive(cf_1);
  REQUIRE(d.seen().empty());
  d.receive(cf_2);
  REQUIRE(d.seen() == "30 02 00 CC CC CC CC CC");
  d.receive(cf_3);
  REQUIRE(d.seen().empty());
  d.receive(cf_4);
  REQUIRE(d.seen() == "received " + to_hex(counting(34)));
}

TEST_CASE("ISOTP-077 without padding an FC has 3 bytes") {
  parameters settings;
  settings.padding.reset();
  dialogue d{settings};
  d.receive("10 22 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 34 | 30 00 00");
}

TEST_CASE("ISOTP-078 an FC without a transmission is ignored") {
  dialogue d;
  d.receive(GENERATE("30 00 00", "31 00 00", "32 00 00", "3F 00 00"));
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-079 an FC counts only when the FF is on the bus") {
  dialogue d;
  d.hold_confirmations();
  d.request(counting(34));
  d.seen();
  d.receive(GENERATE("30 00 00", "31 00 00", "32 00 00", "3F 00 00"));
  d.confirm();
  REQUIRE(d.seen().empty());
  d.receive("30 00 00");
  REQUIRE(d.seen() == cf_1);
}

}  // namespace canstage::isotp::test

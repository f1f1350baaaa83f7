// ISOTP-040 to 052: consecutive frames.
#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

namespace {

/// The CF number `index` (from 0) of `counting(length)`, full, without padding if it is the last.
std::string consecutive(std::size_t index, std::size_t length) {
  const bytes sdu = counting(length);
  const std::size_t offset = 6 + 7 * index;
  bytes frame{static_cast<std::uint8_t>(0x20 | ((index + 1) & 0x0F))};
  for (std::size_t i = offset; i < std::min(offset + 7, length); ++i) frame.push_back(sdu[i]);
  return to_hex(frame);
}

/// A receiver that has answered the FF of a message of 20 bytes: CFs of 7 and 7 are to come.
dialogue receiving_20() {
  dialogue d;
  d.receive("10 14 00 01 02 03 04 05");
  d.seen();
  return d;
}

}  // namespace

TEST_CASE("ISOTP-040 SN counts 1 to 15, 0, 1 and so on in a message that is received") {
  const std::size_t length = 6 + 7 * 40;
  dialogue d;
  d.receive("11 1E 00 01 02 03 04 05");
  d.seen();
  for (std::size_t i = 0; i < 40; ++i) {
    REQUIRE(d.seen().empty());
    d.receive(consecutive(i, length));
  }
  REQUIRE(d.seen() == "received " + to_hex(counting(length)));
}

TEST_CASE("ISOTP-041 SN counts 1 to 15, 0, 1 and so on in a message that is sent, across blocks") {
  const std::size_t length = 6 + 7 * 40;
  parameters settings;
  settings.padding.reset();
  dialogue d{settings};
  for (int message = 0; message < 2; ++message) {  // and begins with 1 again
    d.request(counting(length));
    d.seen();
    for (std::size_t block = 0; block < 8; ++block) {
      d.receive("30 05 00");
      std::string expected = consecutive(5 * block, length);
      for (std::size_t i = 1; i < 5; ++i) expected += " | " + consecutive(5 * block + i, length);
      if (block == 7) expected += " | confirm N_OK";
      REQUIRE(d.seen() == expected);
    }
  }
}

TEST_CASE("ISOTP-042 a first CF with another SN than 1 ends the message with N_WRONG_SN") {
  const auto* frame = GENERATE("20 06 07 08 09 0A 0B 0C", "22 06 07 08 09 0A 0B 0C");
  dialogue d = receiving_20();
  d.receive(frame);
  REQUIRE(d.seen() == "received N_WRONG_SN");
  d.receive("21 06 07 08 09 0A 0B 0C");
  d.receive("22 0D 0E 0F 10 11 12 13");
  REQUIRE(d.seen().empty());
  REQUIRE(d.machine().deadline() == never);
}

TEST_CASE("ISOTP-042 no FC follows a wrong SN at the end of a block") {
  parameters settings;
  settings.bs = 1;
  dialogue d{settings};
  d.receive("10 14 00 01 02 03 04 05");
  d.seen();
  d.receive("22 06 07 08 09 0A 0B 0C");
  REQUIRE(d.seen() == "received N_WRONG_SN");
}

TEST_CASE("ISOTP-043 a CF that comes twice ends the message with N_WRONG_SN") {
  dialogue d = receiving_20();
  d.receive("21 06 07 08 09 0A 0B 0C");
  d.receive("21 06 07 08 09 0A 0B 0C");
  REQUIRE(d.seen() == "received N_WRONG_SN");
}

TEST_CASE("ISOTP-044 a CF without a message is ignored") {
  dialogue d;
  d.receive("21 06 07 08 09 0A 0B 0C");
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-045 what is behind the last byte of a message is dropped") {
  dialogue d;
  d.receive("10 08 00 01 02 03 04 05");
  d.seen();
  d.receive(GENERATE("21 06 07", "21 06 07 AA", "21 06 07 AA AA AA AA AA"));
  REQUIRE(d.seen() == "received 00 01 02 03 04 05 06 07");
}

TEST_CASE("ISOTP-046 a last CF without all that is missing is ignored") {
  dialogue d = receiving_20();
  d.receive("21 06 07 08 09 0A 0B 0C");
  d.receive("22 0D 0E 0F 10 11 12");
  d.advance(1s);
  REQUIRE(d.seen() == "received N_TIMEOUT_Cr");
}

TEST_CASE("ISOTP-047 a CF that is not the last and not full is ignored, and N_Cr runs on") {
  dialogue d = receiving_20();
  d.advance(600ms);
  d.receive("21 06 07 08 09 0A 0B");
  d.receive("21");
  d.receive("25");  // its SN does not matter
  REQUIRE(d.seen().empty());
  SECTION("the right one still comes") {
    d.receive("21 06 07 08 09 0A 0B 0C");
    d.receive("22 0D 0E 0F 10 11 12 13");
    REQUIRE(d.seen() == "received " + to_hex(counting(20)));
  }
  SECTION("it does not") {
    d.advance(400ms - 1ns);
    REQUIRE(d.seen().empty());
    d.advance(1ns);
    REQUIRE(d.seen() == "received N_TIMEOUT_Cr");
  }
}

TEST_CASE("ISOTP-049 a CF behind the end of a message is ignored") {
  dialogue d = receiving_20();
  d.receive("21 06 07 08 09 0A 0B 0C");
  d.receive("22 0D 0E 0F 10 11 12 13");
  d.seen();
  d.receive("23 14 15 16 17 18 19 1A");
  REQUIRE(d.seen().empty());
  REQUIRE(d.machine().deadline() == never);
}

TEST_CASE("ISOTP-051 the next CF may take N_Cr, and no longer") {
  dialogue d = receiving_20();
  d.advance(1s - 1ns);
  d.receive("21 06 07 08 09 0A 0B 0C");
  REQUIRE(d.seen().empty());
  SECTION("it comes just before") {
    d.advance(1s - 1ns);
    d.receive("22 0D 0E 0F 10 11 12 13");
    REQUIRE(d.seen() == "received " + to_hex(counting(20)));
  }
  SECTION("it comes late") {
    d.advance(1001ms);
    REQUIRE(d.seen() == "received N_TIMEOUT_Cr");
    d.receive("22 0D 0E 0F 10 11 12 13");
    REQUIRE(d.seen().empty());
  }
  SECTION("it comes at that instant, before the timer is looked at") {
    d.advance_unpunctually(1s);
    d.receive("22 0D 0E 0F 10 11 12 13");
    REQUIRE(d.seen() == "received " + to_hex(counting(20)));
  }
  SECTION("it comes late and the host has not looked at the timer") {
    d.advance_unpunctually(1001ms);
    d.receive("22 0D 0E 0F 10 11 12 13");
    REQUIRE(d.seen() == "received N_TIMEOUT_Cr");
  }
}

TEST_CASE("ISOTP-052 N_Cr begins when the FC is on the bus") {
  dialogue d;
  d.hold_confirmations();
  d.receive("10 14 00 01 02 03 04 05");
  d.advance(300ms);
  d.confirm();
  d.seen();
  d.advance(1s - 1ns);
  REQUIRE(d.seen().empty());
  d.advance(1ns);
  REQUIRE(d.seen() == "received N_TIMEOUT_Cr");
}

TEST_CASE("A CF that overtakes the confirmation of the FC is accepted") {
  parameters settings;
  settings.bs = 1;
  dialogue d{settings};
  d.hold_confirmations();
  d.receive("10 14 00 01 02 03 04 05");
  d.seen();
  d.receive("21 06 07 08 09 0A 0B 0C");
  REQUIRE(d.seen().empty());  // one FC at a time
  d.confirm();
  REQUIRE(d.seen() == "30 01 00 CC CC CC CC CC");
  d.receive("22 0D 0E 0F 10 11 12 13");
  REQUIRE(d.seen() == "received " + to_hex(counting(20)));
  d.confirm();
  REQUIRE(d.seen().empty());
  REQUIRE(d.machine().deadline() == never);
}

}  // namespace canstage::isotp::test

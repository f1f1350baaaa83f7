// ISOTP-001 to 018: single frames, and frames that are none.
//
// The statements have the numbers of the project's list for ISO 15765-2. More about them: with address
// bytes in addressing_test.cpp, on CAN FD in fd_test.cpp, with switches in compatibility_test.cpp.
#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

TEST_CASE("ISOTP-001 an N_SDU of 1 to 7 bytes is one SF, confirmed when it is sent") {
  for (std::size_t length = 1; length <= 7; ++length) {
    const bytes sdu = counting(length, 0x10);
    dialogue d;
    d.hold_confirmations();
    d.request(sdu);
    bytes frame{static_cast<std::uint8_t>(length)};
    frame.insert(frame.end(), sdu.begin(), sdu.end());
    frame.resize(8, 0xCC);
    REQUIRE(d.seen() == to_hex(frame));
    d.advance(500ms);
    REQUIRE(d.seen().empty());
    d.confirm();
    REQUIRE(d.seen() == "confirm N_OK");
    REQUIRE(d.machine().deadline() == never);
  }
}

TEST_CASE("ISOTP-002 an N_SDU of 8 bytes is segmented") {
  dialogue d;
  d.request("01 02 03 04 05 06 07 08");
  REQUIRE(d.seen() == "10 08 01 02 03 04 05 06");
}

TEST_CASE("ISOTP-004 padding fills every frame up to 8 bytes, no padding none") {
  parameters settings;
  SECTION("off") {
    settings.padding.reset();
    dialogue d{settings};
    d.request("3E 00");
    REQUIRE(d.seen() == "02 3E 00 | confirm N_OK");
    d.request("01 02 03 04 05 06 07 08");
    d.receive("30 00 00");
    REQUIRE(d.seen() == "10 08 01 02 03 04 05 06 | 21 07 08 | confirm N_OK");
  }
  SECTION("on") {
    settings.padding = 0x55;
    dialogue d{settings};
    d.request("3E 00");
    REQUIRE(d.seen() == "02 3E 00 55 55 55 55 55 | confirm N_OK");
    d.request("01 02 03 04 05 06 07 08");
    d.receive("30 00 00");
    REQUIRE(d.seen() == "10 08 01 02 03 04 05 06 | 21 07 08 55 55 55 55 55 | confirm N_OK");
  }
}

TEST_CASE("ISOTP-005 an SF in 8 bytes is indicated with exactly SF_DL bytes") {
  dialogue d;
  d.receive("01 3E AA AA AA AA AA AA");
  REQUIRE(d.seen() == "received 3E");
  d.receive("02 10 03 CC CC CC CC CC");
  REQUIRE(d.seen() == "received 10 03");
  d.receive("07 01 02 03 04 05 06 07");
  REQUIRE(d.seen() == "received 01 02 03 04 05 06 07");
  // Also one that ends a reception.
  d.receive("10 08 01 02 03 04 05 06");
  d.seen();
  d.receive("02 10 03 CC CC CC CC CC");
  REQUIRE(d.seen().ends_with("received N_UNEXP_PDU | received 10 03"));
}

TEST_CASE("ISOTP-006, 007, 009, 010, 011 frames that are no SF are ignored") {
  const auto* frame = GENERATE("00 01 02 03 04 05 06 07", "00 02 10 03", "00",  // 006 SF_DL 0
                               "03 10 03", "07 01 02 03 04 05 06", "01",        // 007 more than there is
                               "08 01 02 03 04 05 06 07", "0F 01 02 03 04 05 06 07",  // 009 SF_DL 8-15
                               "02 10 03 CC", "01 3E 00 CC CC CC CC",                 // 010 fillers below 8
                               "");                                                   // 011 nothing
  dialogue d;
  d.receive(frame);
  INFO(frame);
  REQUIRE(d.seen().empty());
  REQUIRE(d.machine().deadline() == never);
}

TEST_CASE("ISOTP-010 an SF that is as short as its content is taken") {
  dialogue d;
  d.receive("02 10 03");
  REQUIRE(d.seen() == "received 10 03");
  d.receive("06 01 02 03 04 05 06");
  REQUIRE(d.seen() == "received 01 02 03 04 05 06");
}

TEST_CASE("ISOTP-087 an FD frame on a classic pair is taken like any other") {
  dialogue d;
  can::frame f = can::data_frame(rx_id, from_hex("02 10 03 CC CC CC CC CC"));
  f.flags.fd = true;
  d.receive(f);
  REQUIRE(d.seen() == "received 10 03");
  d.receive(can::fd_frame(rx_id, from_hex("00 09 01 02 03 04 05 06 07 08 09"), false));
  REQUIRE(d.seen() == "received 01 02 03 04 05 06 07 08 09");
}

TEST_CASE("A classic frame with a DLC above 8 has 8 bytes") {
  dialogue d;
  can::frame f = can::data_frame(rx_id, from_hex("02 10 03 CC CC CC CC CC"));
  f.raw_dlc = 0xF;
  d.receive(f);
  REQUIRE(d.seen() == "received 10 03");
}

}  // namespace canstage::isotp::test

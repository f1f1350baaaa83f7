// Extended and mixed addressing: ISOTP-003, 008, 011, 018, 072, 092, 094. The address byte of this node
// is F1, that of its peer 10, unless both directions have an N_AE.
#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

namespace {

addressing with_bytes(std::uint8_t own, std::uint8_t peer) {
  addressing address = usual_address();
  address.rx_address_byte = own;
  address.tx_address_byte = peer;
  return address;
}

dialogue extended(const parameters& settings = {}) { return dialogue{settings, 1, with_bytes(0xF1, 0x10)}; }

}  // namespace

TEST_CASE("ISOTP-003 with an address byte an SF has up to 6 bytes, 7 are segmented") {
  dialogue d = extended();
  d.request("3E 00");
  REQUIRE(d.seen() == "10 02 3E 00 CC CC CC CC | confirm N_OK");
  d.request(counting(6));
  REQUIRE(d.seen() == "10 06 00 01 02 03 04 05 | confirm N_OK");
  d.request(counting(7));
  REQUIRE(d.seen() == "10 10 07 00 01 02 03 04");
  d.receive("F1 30 00 00");
  REQUIRE(d.seen() == "10 21 05 06 CC CC CC CC | confirm N_OK");
}

TEST_CASE("ISOTP-008 with an address byte SF_DL 7 does not fit") {
  dialogue d = extended();
  d.receive("F1 07 01 02 03 04 05 06");
  REQUIRE(d.seen().empty());
  d.receive("F1 06 01 02 03 04 05 06");
  REQUIRE(d.seen() == "received 01 02 03 04 05 06");
}

TEST_CASE("ISOTP-010 with an address byte a frame below 8 is as long as its content") {
  dialogue d = extended();
  d.receive("F1 02 3E 00 CC");
  REQUIRE(d.seen().empty());
  d.receive("F1 02 3E 00");
  REQUIRE(d.seen() == "received 3E 00");
}

TEST_CASE("ISOTP-011 only the address byte is nothing") {
  dialogue d = extended();
  d.receive("F1");
  d.receive("");
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-018 a frame with another address byte is ignored") {
  dialogue d = extended();
  d.receive("10 02 3E 00");
  d.receive("10 10 14 01 02 03 04 05");
  REQUIRE(d.seen().empty());
  REQUIRE_FALSE(d.machine().receiving());
}

TEST_CASE("ISOTP-024 with an address byte an FF announces 7 bytes or more") {
  dialogue d = extended();
  d.receive("F1 10 06 01 02 03 04 05");
  REQUIRE(d.seen().empty());
  d.receive("F1 10 07 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 7 | 10 30 00 00 CC CC CC CC");
  d.receive("F1 21 06 07");
  REQUIRE(d.seen() == "received 01 02 03 04 05 06 07");
}

TEST_CASE("ISOTP-047 with an address byte a CF has 6 bytes if more follow") {
  dialogue d = extended();
  d.receive("F1 10 14 00 01 02 03 04");
  d.seen();
  d.receive("F1 21 05 06 07 08 09");
  REQUIRE(d.seen().empty());
  d.receive("F1 21 05 06 07 08 09 0A");
  d.receive("F1 22 0B 0C 0D 0E 0F 10");
  d.receive("F1 23 11 12 13");
  REQUIRE(d.seen() == "received " + to_hex(counting(20)));
}

TEST_CASE("ISOTP-071 an FC of an address byte and 2 more is too short") {
  dialogue d = extended();
  d.request(counting(20));
  d.seen();
  d.receive("F1 30 00");
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-072 an FC with another address byte is ignored") {
  dialogue d = extended();
  d.request(counting(7));
  d.seen();
  d.receive("10 30 00 00");
  d.receive("F2 32 00 00");
  REQUIRE(d.seen().empty());
  REQUIRE(d.machine().sending());
}

TEST_CASE("ISOTP-077 without padding an FC behind an address byte makes 4") {
  parameters settings;
  settings.padding.reset();
  dialogue d = extended(settings);
  d.receive("F1 10 14 00 01 02 03 04");
  REQUIRE(d.seen() == "begun 20 | 10 30 00 00");
}

TEST_CASE("ISOTP-092 mixed addressing with 29 bits: N_AE in front of every frame, FC among them") {
  REQUIRE(mixed_29_physical(0x10, 0xF1) == can::identifier::extended(0x18CE10F1));
  REQUIRE(mixed_29_functional(0x33, 0xF1) == can::identifier::extended(0x18CD33F1));
  addressing address{mixed_29_physical(0xF1, 0x10), mixed_29_physical(0x10, 0xF1), {}, {}};
  address.functional_tx = mixed_29_functional(0x33, 0xF1);
  address.rx_address_byte = address.tx_address_byte = address.functional_tx_address_byte = 0x99;
  dialogue d{{}, 1, address};
  d.request(counting(8));
  REQUIRE(d.seen() == "99 10 08 00 01 02 03 04");
  d.receive(address.rx, "99 30 00 00");
  REQUIRE(d.seen() == "99 21 05 06 07 CC CC CC | confirm N_OK");
  d.receive(address.rx, "99 10 08 00 01 02 03 04");
  REQUIRE(d.seen() == "begun 8 | 99 30 00 00 CC CC CC CC");
  d.request("3E 80", target_type::functional);
  REQUIRE(d.seen() == "18CD33F1: 99 02 3E 80 CC CC CC CC | confirm N_OK functional");
}

TEST_CASE("ISOTP-094 extended addressing: an FC carries the address of the sender of the message") {
  dialogue d = extended();
  d.receive("F1 10 14 00 01 02 03 04");
  REQUIRE(d.seen() == "begun 20 | 10 30 00 00 CC CC CC CC");
}

TEST_CASE("Physical and functional frames with one identifier are told apart by their address bytes") {
  addressing address = with_bytes(0x10, 0xF1);
  address.functional_rx = address.rx;
  address.functional_rx_address_byte = 0xDF;
  dialogue d{{}, 1, address};
  d.receive("10 02 3E 00");
  REQUIRE(d.seen() == "received 3E 00");
  d.receive("DF 02 3E 80");
  REQUIRE(d.seen() == "received 3E 80 functional");
  d.receive("DF 10 14 00 01 02 03 04");
  d.receive("DE 02 3E 00");
  REQUIRE(d.seen().empty());
}

TEST_CASE("Each direction may have a format of its own") {
  addressing address = usual_address();
  address.tx_address_byte = 0x55;
  dialogue d{{}, 1, address};
  d.receive("10 08 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 8 | 55 30 00 00 CC CC CC CC");
  d.receive("21 06 07");
  REQUIRE(d.seen() == "received 00 01 02 03 04 05 06 07");
  d.request(counting(7));
  REQUIRE(d.seen() == "55 10 07 00 01 02 03 04");
  d.receive("30 00 00");
  REQUIRE(d.seen() == "55 21 05 06 CC CC CC CC | confirm N_OK");
}

TEST_CASE("ISOTP-032 with an address byte a functional SF has up to 6 bytes") {
  addressing address = usual_address();
  address.functional_tx_address_byte = 0xDF;
  dialogue d{{}, 1, address};
  d.request(counting(7), target_type::functional);
  REQUIRE(d.seen() == "confirm N_ERROR functional");
  d.request(counting(6), target_type::functional);
  REQUIRE(d.seen() == "7DF: DF 06 00 01 02 03 04 05 | confirm N_OK functional");
}

}  // namespace canstage::isotp::test

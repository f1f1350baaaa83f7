// ISOTP-080 to 093: unexpected N_PDUs, full duplex, addressing.
#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

TEST_CASE("ISOTP-080 an SF in the middle of a message ends it with N_UNEXP_PDU and is indicated") {
  dialogue d;
  d.receive("10 14 00 01 02 03 04 05");
  d.seen();
  d.receive("02 3E 00");
  REQUIRE(d.seen() == "received N_UNEXP_PDU | received 3E 00");
  d.receive("21 06 07 08 09 0A 0B 0C");
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-080 an FC that still waits for the old message is withdrawn") {
  dialogue d;
  d.hold_confirmations();
  d.receive("10 14 00 01 02 03 04 05");
  d.seen();
  d.receive("02 3E 00");
  REQUIRE(d.seen() == "withdraw | received N_UNEXP_PDU | received 3E 00");
}

TEST_CASE("A functional SF in the middle of a physical message disturbs nothing") {
  dialogue d;
  d.receive("10 08 00 01 02 03 04 05");
  d.seen();
  d.receive(functional_id, "02 3E 80");
  REQUIRE(d.seen() == "received 3E 80 functional");
  d.receive("21 06 07");
  REQUIRE(d.seen() == "received 00 01 02 03 04 05 06 07");
}

TEST_CASE("ISOTP-082, 083 full duplex: each N_PDU reaches the half that it is for") {
  dialogue d;
  d.request(counting(20));
  d.receive("10 14 00 01 02 03 04 05");
  REQUIRE(d.seen() == "10 14 00 01 02 03 04 05 | begun 20 | 30 00 00 CC CC CC CC CC");
  d.receive("21 06 07 08 09 0A 0B 0C");
  REQUIRE(d.seen().empty());
  d.receive("30 01 00");
  REQUIRE(d.seen() == "21 06 07 08 09 0A 0B 0C");
  d.receive("22 0D 0E 0F 10 11 12 13");
  REQUIRE(d.seen() == "received " + to_hex(counting(20)));
  d.receive("30 01 00");
  REQUIRE(d.seen() == "22 0D 0E 0F 10 11 12 13 | confirm N_OK");
}

TEST_CASE("ISOTP-082 an SF during a transmission is received") {
  dialogue d;
  d.request(counting(20));
  d.seen();
  d.receive("02 3E 00");
  REQUIRE(d.seen() == "received 3E 00");
  d.receive("30 00 00");
  REQUIRE(d.seen() == "21 06 07 08 09 0A 0B 0C | 22 0D 0E 0F 10 11 12 13 | confirm N_OK");
}

TEST_CASE("ISOTP-083 an own FC leaves while own data wait for the bus") {
  dialogue d;
  d.hold_confirmations();
  d.request(counting(20));
  d.receive("10 14 00 01 02 03 04 05");
  REQUIRE(d.seen() == "10 14 00 01 02 03 04 05 | begun 20 | 30 00 00 CC CC CC CC CC");
  SECTION("their confirmations are told apart, in whatever order") {
    const can::transmit_token ff = d.oldest_token();
    d.confirm_token(ff + 1);
    d.advance(500ms);
    d.confirm_token(ff);
    d.advance(500ms);
    REQUIRE(d.seen() == "received N_TIMEOUT_Cr");
    d.advance(500ms);
    REQUIRE(d.seen() == "confirm N_TIMEOUT_Bs");
  }
  SECTION("each has its own timer") {
    d.confirm();
    d.receive("30 00 00");
    REQUIRE(d.seen() == "21 06 07 08 09 0A 0B 0C");
    d.advance(1s);
    REQUIRE(d.seen() == "withdraw | received N_TIMEOUT_A | withdraw | confirm N_TIMEOUT_A");
  }
}

TEST_CASE("ISOTP-085 a reserved N_PCI is ignored") {
  dialogue d;
  d.request(counting(20));
  d.receive("10 14 00 01 02 03 04 05");
  d.seen();
  for (unsigned nibble = 4; nibble <= 15; ++nibble) {
    bytes frame = from_hex("00 00 00 01 02 03 04 05");
    frame[0] = static_cast<std::uint8_t>(nibble << 4 | 1);
    d.receive(to_hex(frame));
  }
  REQUIRE(d.seen().empty());
  REQUIRE(d.machine().sending());
  REQUIRE(d.machine().receiving());
}

TEST_CASE("ISOTP-086 two N_AI that interleave frame by frame do not notice each other") {
  const auto other_rx = can::identifier::standard(0x7E1);
  const auto other_tx = can::identifier::standard(0x7E9);
  dialogue one;
  dialogue other{{}, 1, {other_rx, other_tx, functional_id, functional_id}};
  const auto to_both = [&](can::identifier id, const char* text) {
    one.receive(id, text);
    other.receive(id, text);
  };
  to_both(rx_id, "10 14 00 01 02 03 04 05");
  to_both(other_rx, "10 14 0A 01 02 03 04 05");
  to_both(rx_id, "21 06 07 08 09 0A 0B 0C");
  to_both(other_rx, "21 06 07 08 09 0A 0B 0C");
  to_both(other_rx, "22 0D 0E 0F 10 11 12 13");
  to_both(rx_id, "22 0D 0E 0F 10 11 12 13");
  bytes expected = counting(20);
  REQUIRE(one.seen() == "begun 20 | 30 00 00 CC CC CC CC CC | received " + to_hex(expected));
  expected[0] = 0x0A;
  REQUIRE(other.seen() == "begun 20 | 30 00 00 CC CC CC CC CC | received " + to_hex(expected));
}

TEST_CASE("ISOTP-088 a remote frame is ignored") {
  dialogue d;
  can::frame f;
  f.id = rx_id;
  f.flags.remote = true;
  f.length = 8;
  f.data[0] = 0x02;
  d.receive(f);
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-089 the same number in the other format is another identifier") {
  dialogue d;
  d.receive(can::identifier::extended(rx_id.value()), "02 3E 00");
  d.receive(can::identifier::extended(functional_id.value()), "02 3E 00");
  dialogue extended{{}, 1, {can::identifier::extended(0x7E0), can::identifier::extended(0x7E8), {}, {}}};
  extended.receive(rx_id, "02 3E 00");
  REQUIRE(d.seen().empty());
  REQUIRE(extended.seen().empty());
}

TEST_CASE("ISOTP-090 normal fixed addressing, physical") {
  const can::identifier request = normal_fixed_physical(0x10, 0xF1);
  const can::identifier response = normal_fixed_physical(0xF1, 0x10);
  REQUIRE(request == can::identifier::extended(0x18DA10F1));
  REQUIRE(response == can::identifier::extended(0x18DAF110));
  dialogue ecu{{}, 1, {request, response, {}, {}}};
  ecu.receive(request, "02 3E 00");
  REQUIRE(ecu.seen() == "received 3E 00");
}

TEST_CASE("ISOTP-091 normal fixed addressing, functional: only an SF is accepted") {
  const can::identifier functional = normal_fixed_functional(0x33, 0xF1);
  REQUIRE(functional == can::identifier::extended(0x18DB33F1));
  dialogue ecu{{}, 1, {normal_fixed_physical(0x10, 0xF1), normal_fixed_physical(0xF1, 0x10), functional, {}}};
  ecu.receive(functional, "10 14 00 01 02 03 04 05");
  REQUIRE(ecu.seen().empty());
  ecu.receive(functional, "02 3E 80");
  REQUIRE(ecu.seen() == "received 3E 80 functional");
  dialogue tester{
      {}, 1, {normal_fixed_physical(0xF1, 0x10), normal_fixed_physical(0x10, 0xF1), {}, functional}};
  tester.request("3E 80", target_type::functional);
  REQUIRE(tester.seen() == "18DB33F1: 02 3E 80 CC CC CC CC CC | confirm N_OK functional");
}

TEST_CASE("ISOTP-093 an identifier with another priority is another identifier") {
  dialogue ecu{{}, 1, {normal_fixed_physical(0x10, 0xF1), normal_fixed_physical(0xF1, 0x10), {}, {}}};
  ecu.receive(can::identifier::extended(0x1CDA10F1), "02 3E 00");
  REQUIRE(ecu.seen().empty());
}

}  // namespace canstage::isotp::test

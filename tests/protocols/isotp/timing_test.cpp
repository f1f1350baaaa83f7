// ISOTP-100 to 106: timing and results. ISOTP-107 is in transfer_property_test.cpp; ISOTP-102 and 105
// are also checked for every state and input in state_input_test.cpp.
#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

TEST_CASE("ISOTP-100 a frame that does not get onto the bus within N_As is withdrawn, N_TIMEOUT_A") {
  dialogue d;
  d.hold_confirmations();
  SECTION("SF") { d.request("3E 00"); }
  SECTION("FF") { d.request(counting(20)); }
  SECTION("CF") {
    d.request(counting(20));
    d.confirm();
    d.receive("30 00 00");
  }
  d.seen();
  const can::transmit_token token = d.oldest_token();
  d.advance(1s - 1ns);
  REQUIRE(d.seen().empty());
  d.advance(1ns);
  REQUIRE(d.seen() == "withdraw | confirm N_TIMEOUT_A");
  d.confirm_token(token);  // it was on the wire
  d.receive("30 00 00");
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-100 all frames of a burst are withdrawn, N_As counted from the last confirmation") {
  dialogue d{{}, 3};
  d.hold_confirmations();
  d.request(counting(62));
  d.confirm();
  d.receive("30 00 00");
  d.advance(600ms);
  d.confirm();  // makes room for a fourth
  d.seen();
  d.advance(1s - 1ns);
  REQUIRE(d.seen().empty());
  d.advance(1ns);
  REQUIRE(d.seen() == "withdraw | withdraw | withdraw | confirm N_TIMEOUT_A");
  REQUIRE(d.unconfirmed() == 0);
}

TEST_CASE("ISOTP-100, 101 a confirmation that comes late is none, even if the host has not looked") {
  dialogue d;
  d.hold_confirmations();
  SECTION("own data") {
    d.request("3E 00");
    d.advance_unpunctually(1s + 1ns);
    d.confirm();
    REQUIRE(d.seen() == "02 3E 00 CC CC CC CC CC | confirm N_TIMEOUT_A");
  }
  SECTION("own FC") {
    d.receive("10 14 00 01 02 03 04 05");
    d.advance_unpunctually(1s + 1ns);
    d.confirm();
    REQUIRE(d.seen() == "begun 20 | 30 00 00 CC CC CC CC CC | received N_TIMEOUT_A");
  }
}

TEST_CASE("ISOTP-100 N_As of a request that waits begins with its own frame") {
  dialogue d;
  d.hold_confirmations();
  d.request("3E 00");
  d.request("3E 01");
  d.advance(900ms);
  d.confirm();
  d.seen();
  d.advance(900ms);
  REQUIRE(d.seen().empty());
  d.confirm();
  REQUIRE(d.seen() == "confirm N_OK");
}

TEST_CASE("ISOTP-101 an FC that does not get onto the bus within N_Ar ends the message, N_TIMEOUT_A") {
  parameters settings;
  settings.bs = 1;
  dialogue d{settings};
  SECTION("the first") {
    d.hold_confirmations();
    d.receive("10 14 00 01 02 03 04 05");
  }
  SECTION("a later one") {
    d.receive("10 14 00 01 02 03 04 05");
    d.hold_confirmations();
    d.receive("21 06 07 08 09 0A 0B 0C");
  }
  d.seen();
  d.advance(1s - 1ns);
  REQUIRE(d.seen().empty());
  d.advance(1ns);
  REQUIRE(d.seen() == "withdraw | received N_TIMEOUT_A");
}

TEST_CASE("ISOTP-103 requests wait for the ones before them and are never interleaved") {
  dialogue d;
  d.request(counting(8));
  d.request("3E 00");
  d.request("3E 80", target_type::functional);
  d.request(counting(8, 0x10));
  REQUIRE(d.seen() == "10 08 00 01 02 03 04 05");
  d.receive("30 00 00");
  REQUIRE(d.seen() ==
          "21 06 07 CC CC CC CC CC | confirm N_OK | 02 3E 00 CC CC CC CC CC | confirm N_OK | "
          "7DF: 02 3E 80 CC CC CC CC CC | confirm N_OK functional | 10 08 10 11 12 13 14 15");
}

TEST_CASE("ISOTP-103 many requests keep their order while others come and go") {
  dialogue d;
  d.hold_confirmations();
  std::string expected;
  for (unsigned i = 0; i < 300; ++i) {
    const bytes sdu{static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)};
    d.request(sdu);
    if (i % 3 == 2) d.confirm();
    expected += (i == 0 ? "02 " : " | confirm N_OK | 02 ") + to_hex(sdu) + " CC CC CC CC CC";
  }
  d.confirm_all();
  REQUIRE(d.seen() == expected + " | confirm N_OK");
  REQUIRE_FALSE(d.machine().sending());
}

TEST_CASE("ISOTP-105 a failed request does not stop the one behind it") {
  dialogue d;
  d.request(counting(20));
  d.request("3E 00");
  d.advance(1s);
  REQUIRE(d.seen() ==
          "10 14 00 01 02 03 04 05 | confirm N_TIMEOUT_Bs | 02 3E 00 CC CC CC CC CC | confirm N_OK");
}

TEST_CASE("ISOTP-106 the peer of a sender that gives up ends by its own N_Cr") {
  dialogue sender;
  dialogue receiver;
  sender.request(counting(20));
  receiver.receive("10 14 00 01 02 03 04 05");
  sender.receive("33 00 00");
  REQUIRE(sender.seen() == "10 14 00 01 02 03 04 05 | confirm N_INVALID_FS");
  receiver.seen();
  receiver.advance(1s);
  REQUIRE(receiver.seen() == "received N_TIMEOUT_Cr");
}

TEST_CASE("A timeout that is too long to count is none") {
  parameters settings;
  settings.n_as = settings.n_ar = settings.n_bs = settings.n_cr = duration::max();
  dialogue d{settings};
  d.advance(1s);
  d.hold_confirmations();
  d.request(counting(8));
  d.receive("10 08 00 01 02 03 04 05");
  d.confirm_all();
  REQUIRE(d.machine().deadline() == never);
  d.seen();
  d.receive("21 06 07");
  d.receive("30 00 00");
  d.confirm();
  REQUIRE(d.seen() == "received 00 01 02 03 04 05 06 07 | 21 06 07 CC CC CC CC CC | confirm N_OK");
}

TEST_CASE("A reset forgets everything and tells nothing") {
  dialogue d{{}, 4};
  d.hold_confirmations();
  d.request(counting(62));
  d.confirm();
  d.receive("30 00 00");
  d.request("3E 00");
  d.receive("10 14 00 01 02 03 04 05");
  d.seen();
  const can::transmit_token old = d.oldest_token();
  d.reset();
  REQUIRE(d.seen().empty());
  REQUIRE(d.machine().deadline() == never);
  for (can::transmit_token t = old; t != old + 5; ++t) d.confirm_token(t);
  REQUIRE(d.seen().empty());
  d.request("3E 01");
  REQUIRE(d.seen() == "02 3E 01 CC CC CC CC CC");
  REQUIRE(d.oldest_token() - old >= 5);  // tokens are not used again
}

// A hundred thousand idle endpoints are 33 MB, and nothing on the heap but what they share.
static_assert(sizeof(endpoint) <= 320);

}  // namespace canstage::isotp::test

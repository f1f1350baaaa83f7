// ISOTP-020 to 032: first frames.
#include <limits>

#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

TEST_CASE("ISOTP-020 8 bytes are an FF with 6 and, after FC.CTS, a CF with 2") {
  dialogue d;
  d.request("D0 D1 D2 D3 D4 D5 D6 D7");
  REQUIRE(d.seen() == "10 08 D0 D1 D2 D3 D4 D5");
  d.receive("30 00 00");
  REQUIRE(d.seen() == "21 D6 D7 CC CC CC CC CC | confirm N_OK");
}

TEST_CASE("ISOTP-021 FF_DL has 12 bits up to 4095 and 32 bits above") {
  dialogue d;
  SECTION("4095") {
    d.request(counting(4095));
    REQUIRE(d.seen() == "1F FF 00 01 02 03 04 05");
  }
  SECTION("4096") {
    d.request(counting(4096));
    REQUIRE(d.seen() == "10 00 00 00 10 00 00 01");
    d.receive("30 01 00");
    REQUIRE(d.seen() == "21 02 03 04 05 06 07 08");
  }
  SECTION("66000") {
    d.request(counting(66000));
    REQUIRE(d.seen() == "10 00 00 01 01 D0 00 01");
  }
}

TEST_CASE("ISOTP-022 no CF leaves before an FC.CTS") {
  dialogue d;
  d.request(counting(20));
  REQUIRE(d.seen() == "10 14 00 01 02 03 04 05");
  d.advance(999ms);
  REQUIRE(d.seen().empty());
  d.receive("31 00 00");
  d.advance(999ms);
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-023 a valid FF is indicated and answered with an FC within N_Br") {
  parameters settings;
  settings.bs = 8;
  settings.stmin = *st_min::from_time(20ms);
  SECTION("at once") {
    dialogue d{settings};
    d.receive("10 14 62 F1 90 57 57 57");
    REQUIRE(d.seen() == "begun 20 | 30 08 14 CC CC CC CC CC");
    REQUIRE(d.machine().receiving());
  }
  SECTION("after N_Br") {
    settings.n_br = 50ms;
    dialogue d{settings};
    d.receive("10 14 62 F1 90 57 57 57");
    REQUIRE(d.seen() == "begun 20");
    d.receive("21 01 02 03 04 05 06 07");  // not expected before the FC
    d.advance(50ms - 1ns);
    REQUIRE(d.seen().empty());
    d.advance(1ns);
    REQUIRE(d.seen() == "30 08 14 CC CC CC CC CC");
  }
}

TEST_CASE("ISOTP-024, 026, 027 first frames that are ignored") {
  parameters settings;
  settings.max_sdu = std::numeric_limits<std::uint32_t>::max();
  const auto* frame = GENERATE("10 07 01 02 03 04 05 06", "10 01 01 02 03 04 05 06",   // 024 FF_DL < 8
                               "10 14 01 02 03 04 05", "10 14", "10",                  // 026 CAN_DL < 8
                               "10 00 00 00 10 00",                                    // 026 with 32 bits
                               "10 00 00 00 0F FF 01 02", "10 00 00 00 00 00 01 02");  // 027 FF_DL <= 4095
  dialogue d{settings};
  d.receive(frame);
  INFO(frame);
  REQUIRE(d.seen().empty());
  REQUIRE_FALSE(d.machine().receiving());
  REQUIRE(d.machine().deadline() == never);
}

TEST_CASE("ISOTP-025 FF_DL above what can be received is answered FC.OVFLW, and nothing begins") {
  parameters settings;
  settings.max_sdu = 100;
  settings.bs = 4;
  dialogue d{settings};
  d.receive("10 65 01 02 03 04 05 06");
  REQUIRE(d.seen() == "32 04 00 CC CC CC CC CC");
  REQUIRE_FALSE(d.machine().receiving());
  d.receive("21 01 02 03 04 05 06 07");
  d.advance(5s);
  REQUIRE(d.seen().empty());
  d.receive("10 64 01 02 03 04 05 06");
  REQUIRE(d.seen() == "begun 100 | 30 04 00 CC CC CC CC CC");
}

TEST_CASE("ISOTP-025 an FC.OVFLW that does not get onto the bus is withdrawn without a word") {
  parameters settings;
  settings.max_sdu = 100;
  dialogue d{settings};
  d.hold_confirmations();
  d.receive("10 65 01 02 03 04 05 06");
  d.seen();
  d.advance(1s);
  REQUIRE(d.seen() == "withdraw");
}

TEST_CASE("ISOTP-028 an FF with 32 bits begins a message like any other") {
  parameters settings;
  settings.max_sdu = 5000;
  dialogue d{settings};
  d.receive("10 00 00 00 10 00 00 01");
  REQUIRE(d.seen() == "begun 4096 | 30 00 00 CC CC CC CC CC");
  d.receive("21 02 03 04 05 06 07 08");
  d.advance(999ms);
  REQUIRE(d.machine().receiving());
}

TEST_CASE("ISOTP-028 memory grows with what arrives, not with what an FF claims") {
  parameters settings;
  settings.max_sdu = std::numeric_limits<std::uint32_t>::max();
  dialogue d{settings};
  d.receive("10 00 FF FF FF FF 00 01");  // a test without this rule needs 4 GiB here
  REQUIRE(d.seen() == "begun 4294967295 | 30 00 00 CC CC CC CC CC");
}

TEST_CASE("ISOTP-029 a functional FF is ignored, as is everything functional but an SF") {
  const auto* frame = GENERATE("10 14 01 02 03 04 05 06", "21 01 02 03 04 05 06 07", "30 00 00");
  dialogue d;
  d.request(counting(8));
  d.seen();
  d.receive(functional_id, frame);
  REQUIRE(d.seen().empty());
  REQUIRE_FALSE(d.machine().receiving());
}

TEST_CASE("ISOTP-031 an FF in the middle of a message ends it with N_UNEXP_PDU and begins its own") {
  dialogue d;
  d.receive("10 14 01 02 03 04 05 06");
  d.receive("21 07 08 09 0A 0B 0C 0D");
  d.seen();
  d.receive("10 08 A1 A2 A3 A4 A5 A6");
  REQUIRE(d.seen() == "received N_UNEXP_PDU | begun 8 | 30 00 00 CC CC CC CC CC");
  d.receive("21 A7 A8");
  REQUIRE(d.seen() == "received A1 A2 A3 A4 A5 A6 A7 A8");
}

TEST_CASE("ISOTP-031 an FC that still waits for the old message is withdrawn") {
  dialogue d;
  d.hold_confirmations();
  d.receive("10 14 01 02 03 04 05 06");
  d.seen();
  const can::transmit_token old = d.oldest_token();
  d.receive("10 08 A1 A2 A3 A4 A5 A6");
  REQUIRE(d.seen() == "withdraw | received N_UNEXP_PDU | begun 8 | 30 00 00 CC CC CC CC CC");
  d.confirm_token(old);  // it was on the wire already: not the new FC's confirmation
  d.advance(1s);
  REQUIRE(d.seen() == "withdraw | received N_TIMEOUT_A");
}

TEST_CASE("ISOTP-031 an FF that is too long for the receiver ends the old message all the same") {
  parameters settings;
  settings.max_sdu = 100;
  dialogue d{settings};
  d.receive("10 14 01 02 03 04 05 06");
  d.seen();
  d.receive("1F FF 01 02 03 04 05 06");
  REQUIRE(d.seen() == "received N_UNEXP_PDU | 32 00 00 CC CC CC CC CC");
}

TEST_CASE("ISOTP-032 requests that cannot be sent are confirmed N_ERROR, with nothing on the bus") {
  dialogue d;
  SECTION("functional and longer than an SF") {
    d.request(counting(8), target_type::functional);
    REQUIRE(d.seen() == "confirm N_ERROR functional");
  }
  SECTION("functional without a functional identifier") {
    addressing address = usual_address();
    address.functional_tx.reset();
    dialogue without{{}, 1, address};
    without.request("3E 00", target_type::functional);
    REQUIRE(without.seen() == "confirm N_ERROR functional");
  }
  SECTION("empty") {
    d.request(bytes{});
    REQUIRE(d.seen() == "confirm N_ERROR");
  }
  SECTION("behind another one, they are confirmed in their turn") {
    d.hold_confirmations();
    d.request("3E 00");
    d.request(counting(8), target_type::functional);
    d.request("3E 01");
    d.confirm();
    REQUIRE(d.seen() ==
            "02 3E 00 CC CC CC CC CC | confirm N_OK | confirm N_ERROR functional | 02 3E 01 CC CC CC CC CC");
  }
}

TEST_CASE("ISOTP-032 a functional request of 1 to 7 bytes is an SF on the functional identifier") {
  dialogue d;
  d.request("3E 80", target_type::functional);
  REQUIRE(d.seen() == "7DF: 02 3E 80 CC CC CC CC CC | confirm N_OK functional");
  d.request("01 02 03 04 05 06 07", target_type::functional);
  REQUIRE(d.seen() == "7DF: 07 01 02 03 04 05 06 07 | confirm N_OK functional");
}

}  // namespace canstage::isotp::test

// What a node chooses: flow control policy (ISOTP-075, 076), half duplex (081, 084), N_ChangeParameter
// (104), the check of fillers; and what no endpoint can be set to.
#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

namespace {

const std::string cts = "30 00 00 CC CC CC CC CC";
const std::string wait = "31 00 00 CC CC CC CC CC";
const std::string overflow = "32 00 00 CC CC CC CC CC";

parameters answering(std::vector<flow_status> answers) {
  parameters settings;
  settings.flow_control.answers = std::move(answers);
  return settings;
}

parameters half_duplex() {
  parameters settings;
  settings.duplex = duplex_mode::half;
  return settings;
}

}  // namespace

TEST_CASE("ISOTP-075 a receiver that is not ready sends FC.WAIT, spaced within N_Bs, then FC.CTS") {
  parameters settings;
  settings.flow_control = flow_control_policy::wait_first(2);
  dialogue d{settings};
  d.receive("10 08 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 8 | " + wait);
  d.receive("21 06 07");  // not expected before FC.CTS
  d.advance(500ms - 1ns);
  REQUIRE(d.seen().empty());
  d.advance(1ns);
  REQUIRE(d.seen() == wait);
  d.advance(500ms);
  REQUIRE(d.seen() == cts);
  d.receive("21 06 07");
  REQUIRE(d.seen() == "received 00 01 02 03 04 05 06 07");
}

TEST_CASE("ISOTP-075 the interval runs from the FC.WAIT on the bus, and each message waits anew") {
  parameters settings;
  settings.flow_control = flow_control_policy::wait_first(1);
  settings.wait_interval = 30ms;
  settings.n_br = 10ms;
  dialogue d{settings};
  d.hold_confirmations();
  for (int message = 0; message < 2; ++message) {
    d.receive("10 08 00 01 02 03 04 05");
    d.advance(10ms);
    REQUIRE(d.seen() == "begun 8 | " + wait);
    d.advance(100ms);
    d.confirm();
    d.advance(30ms - 1ns);
    REQUIRE(d.seen().empty());
    d.advance(1ns);
    REQUIRE(d.seen() == cts);
    d.confirm();
    d.receive("21 06 07");
    REQUIRE(d.seen() == "received 00 01 02 03 04 05 06 07");
  }
}

TEST_CASE("ISOTP-075 answers are used in order over the blocks of a message, the last one again") {
  parameters settings = answering({flow_status::cts, flow_status::wait, flow_status::cts});
  settings.bs = 1;
  settings.wait_interval = 5ms;
  dialogue d{settings};
  d.receive("10 1B 00 01 02 03 04 05");
  d.receive("21 06 07 08 09 0A 0B 0C");
  REQUIRE(d.seen() == "begun 27 | 30 01 00 CC CC CC CC CC | 31 01 00 CC CC CC CC CC");
  d.receive("22 0D 0E 0F 10 11 12 13");
  d.advance(5ms);
  REQUIRE(d.seen() == "30 01 00 CC CC CC CC CC");
  d.receive("22 0D 0E 0F 10 11 12 13");
  REQUIRE(d.seen() == "30 01 00 CC CC CC CC CC");
  d.receive("23 14 15 16 17 18 19 1A");
  REQUIRE(d.seen() == "received " + to_hex(counting(27)));
}

TEST_CASE("ISOTP-076 after N_WFTmax FC.WAIT the reception ends with N_WFT_OVRN") {
  parameters settings = answering({flow_status::wait});
  settings.n_wft_max = 2;
  dialogue d{settings};
  d.receive("10 08 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 8 | " + wait);
  d.advance(500ms);
  REQUIRE(d.seen() == wait);
  d.advance(500ms - 1ns);
  REQUIRE(d.seen().empty());
  d.advance(1ns);
  REQUIRE(d.seen() == "received N_WFT_OVRN");
  d.receive("21 06 07");
  d.advance(5s);
  REQUIRE(d.seen().empty());
  REQUIRE(d.machine().deadline() == never);
}

TEST_CASE("ISOTP-076 N_WFTmax 0 allows no FC.WAIT, and an FC.CTS begins a new row") {
  parameters settings = answering({flow_status::wait});
  SECTION("0") {
    settings.n_wft_max = 0;
    dialogue d{settings};
    d.receive("10 08 00 01 02 03 04 05");
    REQUIRE(d.seen() == "begun 8 | received N_WFT_OVRN");
  }
  SECTION("a new row") {
    settings = answering({flow_status::wait, flow_status::cts, flow_status::wait, flow_status::cts});
    settings.n_wft_max = 1;
    settings.bs = 1;
    dialogue d{settings};
    d.receive("10 14 00 01 02 03 04 05");
    d.advance(500ms);
    d.receive("21 06 07 08 09 0A 0B 0C");
    d.advance(500ms);
    d.receive("22 0D 0E 0F 10 11 12 13");
    REQUIRE(d.ended() == 1);
    REQUIRE(d.seen().ends_with("received " + to_hex(counting(20))));
  }
}

TEST_CASE("ISOTP-025 a policy of FC.OVFLW refuses every message; behind an FC it ends it") {
  SECTION("first") {
    dialogue d{answering({flow_status::ovflw})};
    d.receive("10 08 00 01 02 03 04 05");
    REQUIRE(d.seen() == overflow);
    d.receive("21 06 07");
    d.advance(5s);
    REQUIRE(d.seen().empty());
  }
  SECTION("after FC.WAIT") {
    dialogue d{answering({flow_status::wait, flow_status::ovflw})};
    d.receive("10 08 00 01 02 03 04 05");
    d.advance(500ms);
    REQUIRE(d.seen() == "begun 8 | " + wait + " | received N_BUFFER_OVFLW | " + overflow);
    REQUIRE_FALSE(d.machine().receiving());
    REQUIRE(d.machine().deadline() == never);
  }
}

TEST_CASE("ISOTP-101 an FC.WAIT that does not get onto the bus ends the message with N_TIMEOUT_A") {
  dialogue d{answering({flow_status::wait})};
  d.hold_confirmations();
  d.receive("10 08 00 01 02 03 04 05");
  d.seen();
  d.advance(1s);
  REQUIRE(d.seen() == "withdraw | received N_TIMEOUT_A");
}

TEST_CASE("ISOTP-081 half duplex: what begins during an own segmented transmission is ignored") {
  dialogue d{half_duplex()};
  d.hold_confirmations();
  d.request(counting(20));
  d.seen();
  const auto try_all = [&] {
    d.receive("02 3E 00");
    d.receive("10 14 00 01 02 03 04 05");
    d.receive("21 06 07 08 09 0A 0B 0C");
    REQUIRE(d.seen().empty());
    REQUIRE_FALSE(d.machine().receiving());
  };
  try_all();  // FF unconfirmed
  d.confirm();
  try_all();                             // FC awaited
  d.receive(functional_id, "02 3E 80");  // another N_AI
  REQUIRE(d.seen() == "received 3E 80 functional");
  d.receive("30 01 00");
  REQUIRE(d.seen() == "21 06 07 08 09 0A 0B 0C");
  try_all();  // CF unconfirmed
  d.confirm();
  d.receive("30 01 00");
  d.confirm();
  REQUIRE(d.seen() == "22 0D 0E 0F 10 11 12 13 | confirm N_OK");
  d.receive("02 3E 00");
  REQUIRE(d.seen() == "received 3E 00");
}

TEST_CASE("ISOTP-081 half duplex: during an own single frame everything is received") {
  dialogue d{half_duplex()};
  d.hold_confirmations();
  d.request("3E 00");
  d.receive("02 3E 01");
  REQUIRE(d.seen() == "02 3E 00 CC CC CC CC CC | received 3E 01");
}

TEST_CASE("ISOTP-084 half duplex: an FC during a reception is ignored, and own requests wait") {
  dialogue d{half_duplex()};
  d.receive("10 14 00 01 02 03 04 05");
  d.seen();
  d.receive("32 00 00");
  d.request(counting(8));
  d.request(bytes{});
  REQUIRE(d.seen().empty());
  d.receive("30 00 00");
  d.receive("21 06 07 08 09 0A 0B 0C");
  REQUIRE(d.seen().empty());
  SECTION("until its end") {
    d.receive("22 0D 0E 0F 10 11 12 13");
    REQUIRE(d.seen() == "received " + to_hex(counting(20)) + " | 10 08 00 01 02 03 04 05");
    d.receive("30 00 00");
    REQUIRE(d.seen() == "21 06 07 CC CC CC CC CC | confirm N_OK | confirm N_ERROR");
  }
  SECTION("or its failure") {
    d.advance(1s);
    REQUIRE(d.seen() == "received N_TIMEOUT_Cr | 10 08 00 01 02 03 04 05");
  }
}

TEST_CASE("ISOTP-104 N_ChangeParameter changes BS and STmin, but not during a reception") {
  dialogue d;
  REQUIRE(d.change(changeable_parameter::bs, 3) == change_result::n_ok);
  REQUIRE(d.change(changeable_parameter::stmin, 0xF5) == change_result::n_ok);
  d.receive("10 14 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 20 | 30 03 F5 CC CC CC CC CC");
  REQUIRE(d.change(changeable_parameter::bs, 4) == change_result::n_rx_on);
  REQUIRE(d.change(changeable_parameter::stmin, 4) == change_result::n_rx_on);
  d.receive("10 14 00 01 02 03 04 05");
  REQUIRE(d.seen() == "received N_UNEXP_PDU | begun 20 | 30 03 F5 CC CC CC CC CC");
  d.advance_unpunctually(1001ms);  // the reception is over, and nobody has looked
  REQUIRE(d.change(changeable_parameter::bs, 255) == change_result::n_ok);
  REQUIRE(d.seen() == "received N_TIMEOUT_Cr");
  d.receive("10 14 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 20 | 30 FF F5 CC CC CC CC CC");
  d.reset();
  d.receive("10 14 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 20 | 30 00 00 CC CC CC CC CC");
}

TEST_CASE("ISOTP-104 N_ChangeParameter refuses what is no value and what is no parameter") {
  dialogue d;
  REQUIRE(d.change(changeable_parameter::bs, 256) == change_result::n_wrong_value);
  for (const std::uint32_t code : {0x80U, 0xF0U, 0xFAU, 0xFFU, 0x100U, 0xFFFF'FFFFU}) {
    REQUIRE(d.change(changeable_parameter::stmin, code) == change_result::n_wrong_value);
  }
  REQUIRE(d.change(static_cast<changeable_parameter>(2), 0) == change_result::n_wrong_parameter);
  d.receive("10 14 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 20 | 30 00 00 CC CC CC CC CC");
}

TEST_CASE("ISOTP-005 fillers are looked at only if told so") {
  struct row {
    padding_check check;
    bool short_one, wrong_byte;  ///< whether it is received
  };
  const auto [check, short_one, wrong_byte] =
      GENERATE(row{padding_check::none, true, true}, row{padding_check::length, false, true},
               row{padding_check::byte, true, false}, row{padding_check::both, false, false});
  parameters settings;
  settings.check_padding = check;
  dialogue d{settings};
  d.receive("02 3E 00 CC CC CC CC CC");
  REQUIRE(d.seen() == "received 3E 00");
  d.receive("02 3E 00");
  REQUIRE(d.seen() == (short_one ? "received 3E 00" : ""));
  d.receive("02 3E 00 CC CC CC CC 00");
  REQUIRE(d.seen() == (wrong_byte ? "received 3E 00" : ""));

  d.request(counting(20));
  d.seen();
  d.receive("30 01 00");
  REQUIRE(d.seen() == (short_one ? "21 06 07 08 09 0A 0B 0C" : ""));
  if (!short_one) d.receive("30 01 00 CC CC CC CC CC");
  d.seen();
  d.receive("30 01 00 00 CC CC CC CC");
  REQUIRE(d.seen() == (wrong_byte ? "22 0D 0E 0F 10 11 12 13 | confirm N_OK" : ""));

  d.receive("10 08 00 01 02 03 04 05");
  d.seen();
  d.receive("21 06 07 AA CC CC CC CC");
  REQUIRE(d.machine().receiving() == !wrong_byte);
  d.receive("21 06 07");
  REQUIRE(d.machine().receiving() == !(wrong_byte || short_one));
}

TEST_CASE("Parameters that no endpoint can have are told") {
  REQUIRE(validate(parameters{}).empty());
  parameters settings;
  settings.tx_dl = 13;
  REQUIRE(validate(settings) ==
          std::vector<std::string>{"tx_dl 13 is none of 8, 12, 16, 20, 24, 32, 48, 64"});
  settings.tx_dl = 7;
  REQUIRE(validate(settings).size() == 1);
  settings.tx_dl = 8;
  settings.bit_rate_switch = true;
  REQUIRE(validate(settings).size() == 1);
  settings.tx_dl = 64;
  REQUIRE(validate(settings).empty());
  settings.flow_control = flow_control_policy::wait_first(1);
  REQUIRE(validate(settings).empty());
  settings.n_wft_max = 0;
  REQUIRE(validate(settings) ==
          std::vector<std::string>{"n_wft_max 0 allows no FC.WAIT, but flow_control has one"});
  settings.flow_control.answers = {static_cast<flow_status>(3)};
  settings.n_as = settings.n_ar = settings.n_bs = settings.n_cr = duration{0};
  settings.n_br = settings.n_cs = -1ns;
  settings.wait_interval = -1ns;
  REQUIRE(validate(settings).size() == 8);
}

}  // namespace canstage::isotp::test

// What an endpoint does that misbehaves on purpose, and what it does not know about it.
#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

namespace {

const std::string ff = "10 22 00 01 02 03 04 05 | ";
const std::string cf_1 = "21 06 07 08 09 0A 0B 0C";
const std::string cf_2 = "22 0D 0E 0F 10 11 12 13";
const std::string cf_3 = "23 14 15 16 17 18 19 1A";
const std::string cf_4 = "24 1B 1C 1D 1E 1F 20 21";
const std::string ok = " | confirm N_OK";
const std::string then = " | ";

dialogue misbehaving(const misbehaviour& options, parameters settings = {}, unsigned burst = 1) {
  settings.padding.reset();
  dialogue d{settings, burst};
  d.misbehave(options);
  return d;
}

/// What is sent of a message of 34 bytes, if the peer is content.
std::string sent(dialogue& d, const char* answer = "30 00 00") {
  d.request(counting(34));
  d.receive(answer);
  return d.seen();
}

std::uint64_t fired(const dialogue& d, fault what) {
  return d.machine().faults()[static_cast<std::size_t>(what)];
}

}  // namespace

TEST_CASE("wrong_sn: a CF with an SN one too high") {
  dialogue d = misbehaving({.wrong_sn = trigger{.nth = 2}});
  REQUIRE(sent(d) == ff + cf_1 + then + "23" + cf_2.substr(2) + then + cf_3 + then + cf_4 + ok);
  REQUIRE(fired(d, fault::wrong_sn) == 1);
  REQUIRE(sent(d) == ff + cf_1 + then + "23" + cf_2.substr(2) + then + cf_3 + then + cf_4 + ok);
  REQUIRE(fired(d, fault::wrong_sn) == 2);
  d.misbehave({});
  REQUIRE(sent(d) == ff + cf_1 + then + cf_2 + then + cf_3 + then + cf_4 + ok);
  REQUIRE(fired(d, fault::wrong_sn) == 0);
}

TEST_CASE("A trigger counts per message or over the run, and fires as often as it says") {
  dialogue d = misbehaving({.drop_cf = trigger{.nth = 6, .times = 2, .counted = trigger::scope::per_run}});
  REQUIRE(sent(d) == ff + cf_1 + then + cf_2 + then + cf_3 + then + cf_4 + ok);
  REQUIRE(sent(d) == ff + cf_1 + then + cf_4 + ok);
  REQUIRE(sent(d) == ff + cf_1 + then + cf_2 + then + cf_3 + then + cf_4 + ok);
  REQUIRE(fired(d, fault::drop_cf) == 2);
}

TEST_CASE("drop_cf: a CF that is not sent; a sender that drops the last one, or all, is content") {
  SECTION("the last") {
    dialogue d = misbehaving({.drop_cf = trigger{.nth = 4}});
    REQUIRE(sent(d) == ff + cf_1 + then + cf_2 + then + cf_3 + ok);
  }
  SECTION("all") {
    dialogue d = misbehaving({.drop_cf = trigger{.times = trigger::always}});
    REQUIRE(sent(d) == ff + "confirm N_OK");
  }
  SECTION("the end of a block") {
    dialogue d = misbehaving({.drop_cf = trigger{.nth = 2}});
    REQUIRE(sent(d, "30 02 00") == ff + cf_1);
    d.receive("30 02 00");
    REQUIRE(d.seen() == cf_3 + then + cf_4 + ok);
  }
  SECTION("STmin goes on") {
    dialogue d = misbehaving({.drop_cf = trigger{.nth = 2}}, {}, 8);
    REQUIRE(sent(d, "30 00 0A") == ff + cf_1);
    d.advance(10ms);
    REQUIRE(d.seen().empty());
    d.advance(10ms);
    REQUIRE(d.seen() == cf_3);
  }
  SECTION("in a burst") {
    dialogue d = misbehaving({.drop_cf = trigger{.nth = 2}}, {}, 8);
    REQUIRE(sent(d) == ff + cf_1 + then + cf_3 + then + cf_4 + ok);
  }
}

TEST_CASE("repeated_sn: a CF that is sent twice") {
  dialogue d = misbehaving({.repeated_sn = trigger{.nth = 2}});
  REQUIRE(sent(d) == ff + cf_1 + then + cf_2 + then + cf_2 + then + cf_3 + then + cf_4 + ok);
  REQUIRE(fired(d, fault::repeated_sn) == 1);
}

TEST_CASE("early_cf and late_cf: less and more than STmin before a CF") {
  const unsigned burst = GENERATE(1U, 8U);
  SECTION("early") {
    dialogue d = misbehaving({.early_cf = trigger{.nth = 2}}, {}, burst);
    REQUIRE(sent(d, "30 00 0A") == ff + cf_1 + then + cf_2);
    d.advance(10ms - 1ns);
    REQUIRE(d.seen().empty());
    d.advance(1ns);
    REQUIRE(d.seen() == cf_3);
    REQUIRE(fired(d, fault::early_cf) == 1);
  }
  SECTION("late") {
    misbehaviour options;
    options.late_cf = {{.nth = 1, .times = 2}, 20ms};
    dialogue d = misbehaving(options, {}, burst);
    REQUIRE(sent(d) == "10 22 00 01 02 03 04 05");
    d.advance(20ms);
    REQUIRE(d.seen() == cf_1);
    d.advance(20ms - 1ns);
    REQUIRE(d.seen().empty());
    d.advance(1ns);
    REQUIRE(d.seen() == cf_2 + then + cf_3 + then + cf_4 + ok);
    REQUIRE(fired(d, fault::late_cf) == 2);
  }
}

TEST_CASE("wrong_ff_dl: an FF that announces another length") {
  misbehaviour options;
  SECTION("a value") {
    options.wrong_ff_dl = {{}, 7, 0};
    dialogue d = misbehaving(options);
    REQUIRE(sent(d).starts_with("10 07 00 01 02 03 04 05 | 21 06"));
  }
  SECTION("a value with 32 bits") {
    options.wrong_ff_dl = {{}, 5000, 0};
    dialogue d = misbehaving(options);
    REQUIRE(sent(d).starts_with("10 00 00 00 13 88 00 01 | 21 02"));
  }
  SECTION("a delta, in the second message") {
    options.wrong_ff_dl = {{.nth = 2, .counted = trigger::scope::per_run}, {}, -2};
    dialogue d = misbehaving(options);
    REQUIRE(sent(d).starts_with("10 22 00"));
    REQUIRE(sent(d).starts_with("10 20 00"));
    REQUIRE(fired(d, fault::wrong_ff_dl) == 1);
  }
}

TEST_CASE("withhold_fc: a receiver that sends no FC waits for CFs all the same") {
  dialogue d = misbehaving({.withhold_fc = trigger{}});
  d.receive("10 14 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 20");
  REQUIRE(fired(d, fault::withhold_fc) == 1);
  d.advance(1s - 1ns);
  REQUIRE(d.seen().empty());
  d.advance(1ns);
  REQUIRE(d.seen() == "received N_TIMEOUT_Cr");
}

TEST_CASE("withhold_fc: FC.WAITs that are withheld end with N_WFT_OVRN, even without time between them") {
  parameters settings;
  settings.flow_control.answers = {flow_status::wait};
  settings.wait_interval = duration{0};
  dialogue d = misbehaving({.withhold_fc = trigger{.times = trigger::always}}, settings);
  d.receive("10 14 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 20 | received N_WFT_OVRN");
  REQUIRE(fired(d, fault::withhold_fc) == 10);
}

TEST_CASE("reserved_fs and reserved_stmin: an FC that says what there is not") {
  misbehaviour options;
  options.reserved_fs = {{.nth = 2}, 7};
  options.reserved_stmin = {{.nth = 1}, 0xF0};
  parameters settings;
  settings.bs = 1;
  dialogue d = misbehaving(options, settings);
  d.receive("10 22 00 01 02 03 04 05");
  d.receive(cf_1);
  d.receive(cf_2);
  REQUIRE(d.seen() == "begun 34 | 30 01 F0 | 37 01 00 | 30 01 00");
  REQUIRE(fired(d, fault::reserved_fs) == 1);
  REQUIRE(fired(d, fault::reserved_stmin) == 1);
}

TEST_CASE("short_frames: frames without their end") {
  misbehaviour options;
  SECTION("CF") {
    options.short_frames = {{.nth = 2}, n_pdu_kind::consecutive, 3};
    dialogue d = misbehaving(options);
    REQUIRE(sent(d) == ff + cf_1 + then + "22 0D 0E" + then + cf_3 + then + cf_4 + ok);
    REQUIRE(fired(d, fault::short_frames) == 1);
  }
  SECTION("SF") {
    options.short_frames = {{}, n_pdu_kind::single, 1};
    dialogue d = misbehaving(options);
    d.request("3E 00");
    REQUIRE(d.seen() == "02 | confirm N_OK");
  }
  SECTION("FF") {
    options.short_frames = {{}, n_pdu_kind::first, 7};
    dialogue d = misbehaving(options);
    d.request(counting(34));
    REQUIRE(d.seen() == "10 22 00 01 02 03 04");
  }
  SECTION("FC") {
    options.short_frames = {{}, n_pdu_kind::flow_control, 2};
    dialogue d = misbehaving(options);
    d.receive("10 22 00 01 02 03 04 05");
    REQUIRE(d.seen() == "begun 34 | 30 00");
  }
  SECTION("FD, to a length that there is") {
    options.short_frames = {{}, n_pdu_kind::single, 15};
    parameters settings;
    settings.tx_dl = 64;
    dialogue d = misbehaving(options, settings);
    d.request(counting(40));
    REQUIRE(d.seen() == "00 28 00 01 02 03 04 05 06 07 08 09 | confirm N_OK");
  }
}

TEST_CASE("Misbehaviour that is none is told") {
  REQUIRE(validate(misbehaviour{}).empty());
  misbehaviour options;
  options.wrong_sn = trigger{.nth = 0, .times = 0};
  options.late_cf = misbehaviour::late{};
  options.reserved_fs = {{}, 2};
  options.reserved_stmin = {{}, 0x7F};
  options.wrong_ff_dl = misbehaviour::ff_dl{};
  options.short_frames = {{}, n_pdu_kind::single, 64};
  REQUIRE(validate(options).size() == 7);
  REQUIRE(to_string(fault::wrong_sn) == "wrong_sn");
  REQUIRE(to_string(fault::short_frames) == "short_frames");
}

}  // namespace canstage::isotp::test

// Where implementations differ, and where the standard's text is uncertain: each statement under both
// settings of its switch. ISOTP-017 and 087 are in fd_test.cpp.
#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

namespace {

/// A dialogue whose endpoint has one switch the other way round.
template <class Change>
dialogue with(Change change) {
  parameters settings;
  change(settings.compat);
  return dialogue{settings};
}

const std::string fc = "30 00 00 CC CC CC CC CC";
const std::string cf_1 = "21 06 07 08 09 0A 0B 0C";
const std::string cf_2 = "22 0D 0E 0F 10 11 12 13";

}  // namespace

TEST_CASE("ISOTP-006 an SF with escape in 8 bytes is ignored, or taken if told so") {
  dialogue iso;
  dialogue d = with([](auto& compat) { compat.escape_in_8_bytes = true; });
  for (const auto* frame : {"00 02 3E 00 CC CC CC CC", "00 02 3E 00"}) {
    iso.receive(frame);
    REQUIRE(iso.seen().empty());
    d.receive(frame);
    REQUIRE(d.seen() == "received 3E 00");
  }
  for (const auto* frame : {"00", "00 00 01 02 03 04 05 06", "00 07 01 02 03 04 05 06", "00 02 3E"}) {
    d.receive(frame);
    REQUIRE(d.seen().empty());
  }
}

TEST_CASE("ISOTP-006 an SF that is ignored leaves a message alone, or ends it if told so") {
  const auto* frame = GENERATE("00 01 02 03 04 05 06 07", "05 01", "10 03 00 01 02 03 04 05", "10 14 00");
  dialogue iso;
  iso.receive("10 14 00 01 02 03 04 05");
  iso.receive(frame);
  REQUIRE(iso.seen() == "begun 20 | " + fc);
  dialogue d = with([](auto& compat) { compat.malformed_start_ends_reception = true; });
  d.receive("10 14 00 01 02 03 04 05");
  d.receive(frame);
  REQUIRE(d.seen() == "begun 20 | " + fc + " | received N_UNEXP_PDU");
}

TEST_CASE("ISOTP-010 SF_DL below what CAN_DL says is ignored, or taken if told so") {
  dialogue iso;
  iso.receive("02 10 03 CC");
  REQUIRE(iso.seen().empty());
  dialogue d = with([](auto& compat) { compat.loose_sf_length = true; });
  d.receive("02 10 03 CC");
  REQUIRE(d.seen() == "received 10 03");
  d.receive("03 10 03");
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-015 above 8 bytes an SF without escape is taken if told so") {
  dialogue d = with([](auto& compat) { compat.missing_escape = true; });
  d.receive_fd("05 01 02 03 04 05 CC CC CC CC CC CC");
  REQUIRE(d.seen() == "received 01 02 03 04 05");
}

TEST_CASE("ISOTP-024 an FF_DL that is too small is ignored, or taken if told so") {
  struct row {
    smallest_ff_dl rule;
    const char* below;
    const char* enough;
    const char* begun;
  };
  const auto [rule, below, enough, begun] = GENERATE(
      row{smallest_ff_dl::above_single, "10 07 00 01 02 03 04 05", "10 08 00 01 02 03 04 05", "begun 8 | "},
      row{smallest_ff_dl::fills_first, "10 05 00 01 02 03 04 05", "10 06 00 01 02 03 04 05", "begun 6 | "},
      row{smallest_ff_dl::any, "10 00 00 00 00 00 04 05", "10 01 00 01 02 03 04 05", "begun 1 | "});
  dialogue d = with([rule = rule](auto& compat) {
    compat.ff_dl = rule;
    compat.small_32_bit_ff_dl = true;
  });
  d.receive(below);
  REQUIRE(d.seen().empty());
  d.receive(enough);
  REQUIRE(d.seen() == begun + fc);
  d.receive("21 06 07 08 09 0A 0B 0C");  // completes it, for a message ends with a CF
  REQUIRE(d.seen().starts_with("received 00"));
  REQUIRE(d.ended() == 1);
}

TEST_CASE("ISOTP-024 on CAN FD Linux takes FF_DL that the FF itself fills") {
  parameters settings;
  settings.compat.ff_dl = smallest_ff_dl::fills_first;
  dialogue d{settings};
  d.receive_fd("10 08 00 01 02 03 04 05 06 07 08 09");
  REQUIRE(d.seen().empty());
  d.receive_fd("10 09 00 01 02 03 04 05 06 07 08 09");
  REQUIRE(d.seen() == "begun 9 | " + fc);
}

TEST_CASE("ISOTP-027 an FF_DL up to 4095 with 32 bits is ignored, or taken if told so") {
  dialogue iso;
  iso.receive("10 00 00 00 00 08 00 01");
  REQUIRE(iso.seen().empty());
  dialogue d = with([](auto& compat) { compat.small_32_bit_ff_dl = true; });
  d.receive("10 00 00 00 00 08 00 01");
  REQUIRE(d.seen() == "begun 8 | " + fc);
  d.receive("21 02 03 04 05 06 07");
  REQUIRE(d.seen() == "received 00 01 02 03 04 05 06 07");
}

TEST_CASE("ISOTP-031, 080 the end of an interrupted message is told, or not if told so") {
  dialogue d = with([](auto& compat) { compat.silent_interruption = true; });
  d.receive("10 14 00 01 02 03 04 05");
  d.receive("10 08 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 20 | " + fc + " | begun 8 | " + fc);
  d.receive("02 3E 00");
  REQUIRE(d.seen() == "received 3E 00");
  d.receive("21 06 07");
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-046, 047 a short CF is ignored, or adds what it has if told so") {
  dialogue iso;
  dialogue d = with([](auto& compat) { compat.append_short_cf = true; });
  for (dialogue* one : {&iso, &d}) {
    one->receive("10 14 00 01 02 03 04 05");
    one->receive("21 06 07 08");
    one->receive("22 09 0A 0B 0C 0D 0E 0F");
    one->receive("23 10 11");
  }
  REQUIRE(iso.seen() == "begun 20 | " + fc + " | received N_WRONG_SN");
  REQUIRE(d.seen() == "begun 20 | " + fc);
  d.receive("24 12 13");
  REQUIRE(d.seen() == "received " + to_hex(counting(20)));
}

TEST_CASE("ISOTP-047 after a CF that is ignored N_Cr runs on, or not if told so") {
  dialogue d = with([](auto& compat) { compat.ignored_cf_stops_n_cr = true; });
  d.receive("10 14 00 01 02 03 04 05");
  d.receive("21 06 07 08");
  d.seen();
  d.advance(100s);
  REQUIRE(d.seen().empty());
  d.receive(cf_1);
  d.receive(cf_2);
  REQUIRE(d.seen() == "received " + to_hex(counting(20)));
}

TEST_CASE("ISOTP-065 a reserved STmin is 127 ms, or makes the frame invalid if told so") {
  dialogue d = with([](auto& compat) { compat.reserved_stmin = reserved_value::invalid; });
  d.request(counting(20));
  d.seen();
  for (const auto* frame : {"30 00 80", "30 00 F0", "30 00 FA", "31 00 FF"}) d.receive(frame);
  REQUIRE(d.seen().empty());
  d.receive("30 00 F9");
  REQUIRE(d.seen() == cf_1);
}

TEST_CASE("ISOTP-069 FC.OVFLW after a later block is N_BUFFER_OVFLW, or N_INVALID_FS if told so") {
  dialogue d = with([](auto& compat) { compat.late_overflow = late_overflow::invalid_fs; });
  d.request(counting(20));
  d.receive("32 00 00");
  REQUIRE(d.seen() == "10 14 00 01 02 03 04 05 | confirm N_BUFFER_OVFLW");
  d.request(counting(20));
  d.receive("30 01 00");
  d.receive("32 00 00");
  REQUIRE(d.seen() == "10 14 00 01 02 03 04 05 | " + cf_1 + " | confirm N_INVALID_FS");
}

TEST_CASE("ISOTP-070 a reserved FS ends the transmission, or makes the frame invalid if told so") {
  dialogue d = with([](auto& compat) { compat.reserved_fs = reserved_value::invalid; });
  d.request(counting(20));
  d.seen();
  d.receive("33 00 00");
  d.receive("3F 00 00");
  REQUIRE(d.seen().empty());
  d.receive("32 00 00");
  REQUIRE(d.seen() == "confirm N_BUFFER_OVFLW");
}

TEST_CASE("ISOTP-071 a short FC is ignored, or ends the transmission if told so") {
  dialogue d = with([](auto& compat) { compat.short_fc_aborts = true; });
  d.receive("30 00");
  d.hold_confirmations();
  d.request(counting(20));
  d.receive("30 00");  // not awaited yet
  REQUIRE(d.seen() == "10 14 00 01 02 03 04 05");
  d.confirm();
  d.receive("30 00");
  REQUIRE(d.seen() == "confirm N_ERROR");
}

TEST_CASE("ISOTP-073 the first FC.CTS brings BS and STmin for all of a message if told so") {
  dialogue d = with([](auto& compat) { compat.values = fc_values::of_first_fc; });
  d.request(counting(34));
  d.receive("31 01 7F");
  d.receive("30 02 05");
  d.advance(5ms);
  REQUIRE(d.seen() == "10 22 00 01 02 03 04 05 | " + cf_1 + " | " + cf_2);
  d.receive("30 01 14");
  REQUIRE(d.seen() == "23 14 15 16 17 18 19 1A");
  d.advance(5ms);
  REQUIRE(d.seen() == "24 1B 1C 1D 1E 1F 20 21 | confirm N_OK");
  d.request(counting(20));  // and for the next message its own
  d.receive("30 01 00");
  REQUIRE(d.seen() == "10 14 00 01 02 03 04 05 | " + cf_1);
}

TEST_CASE("ISOTP-085 a reserved N_PCI is ignored, or ends a reception if told so") {
  dialogue d = with([](auto& compat) {
    compat.invalid_ends_reception = true;
    compat.reserved_fs = reserved_value::invalid;
  });
  d.receive("40 00 00");
  REQUIRE(d.seen().empty());
  d.receive("10 14 00 01 02 03 04 05");
  d.receive("40 00 00");
  REQUIRE(d.seen() == "begun 20 | " + fc + " | received N_ERROR");
  d.receive("10 14 00 01 02 03 04 05");
  d.receive("33 00 00");
  REQUIRE(d.seen() == "begun 20 | " + fc + " | received N_ERROR");
}

TEST_CASE("The presets differ from the standard where they say so") {
  REQUIRE(compatibility::iso() == compatibility{});
  REQUIRE(parameters{}.compat == compatibility::iso());
  const compatibility kernel = compatibility::linux_6_1();
  REQUIRE(kernel.values == fc_values::of_first_fc);
  REQUIRE(kernel.match_frame_kind);
  REQUIRE(kernel.silent_interruption);
  REQUIRE_FALSE(kernel.escape_in_8_bytes);
  const compatibility library = compatibility::python_can_isotp();
  REQUIRE(library.values == fc_values::of_each_fc);
  REQUIRE(library.reserved_stmin == reserved_value::invalid);
  REQUIRE(library.escape_in_8_bytes);
  REQUIRE_FALSE(library.match_frame_kind);
}

}  // namespace canstage::isotp::test

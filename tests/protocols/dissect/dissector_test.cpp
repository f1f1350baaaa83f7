// Frames as candump writes them, and what they say.
#include "protocols/dissect/dissector.hpp"

#include "catch2/catch.hpp"
#include "protocols/trace/candump_log.hpp"

namespace canstage::dissect::testing {

namespace {

std::string explain(dissector& by, const std::string& frame, const std::string& bus = "can0") {
  text_error problem;
  const auto read = trace::parse_line("(0.000000) " + bus + " " + frame, problem);
  REQUIRE(read);
  return by.explain(read->bus, read->content);
}

dissector with_names() {
  return dissector{{
      {"can0", can::identifier::standard(0x7E0), {}, "tester", "engine"},
      {"can0", can::identifier::standard(0x7E8), {}, "engine", "tester"},
      {"can0", can::identifier::standard(0x7DF), {}, "tester", "all"},
      {"can0", can::identifier::standard(0x6F1), 0x12, "tester", "door"},
      {"can0", can::identifier::standard(0x612), 0xF1, "door", "tester"},
  }};
}

}  // namespace

TEST_CASE("a segmented answer is put together, and every frame says what it is") {
  dissector by = with_names();
  CHECK(explain(by, "7DF#0322F190CCCCCCCC") == "SF  tester > all  ReadDataByIdentifier: F190 VIN");
  CHECK(explain(by, "7E8#101462F190575657") == "FF  engine > tester  20 bytes begin");
  CHECK(explain(by, "7E0#30080ACCCCCCCCCC") == "FC  tester > engine  continue, BS 8, STmin 10 ms");
  CHECK(explain(by, "7E8#215A5A5A314A5A58") == "CF  engine > tester  SN 1, 13 of 20 bytes");
  CHECK(explain(by, "7E8#2257303030303031") ==
        "CF  engine > tester  SN 2, whole: ReadDataByIdentifier answered: F190 VIN \"WVWZZZ1JZXW000001\"");
}

TEST_CASE("flow control in words") {
  dissector by = with_names();
  CHECK(explain(by, "7E0#3000F1") == "FC  tester > engine  continue, no more flow control, STmin 100 us");
  CHECK(explain(by, "7E0#300000") == "FC  tester > engine  continue, no more flow control, STmin 0 ms");
  CHECK(explain(by, "7E0#3001A0") == "FC  tester > engine  continue, BS 1, STmin 127 ms (reserved)");
  CHECK(explain(by, "7E0#310000") == "FC  tester > engine  wait");
  CHECK(explain(by, "7E0#320000") == "FC  tester > engine  overflow: the message is too long");
  CHECK(explain(by, "7E0#350000") == "FC  tester > engine  reserved flow status");
  CHECK(explain(by, "7E0#30") == "FC  tester > engine  to be ignored: too short for flow control");
}

TEST_CASE("what is not whole is said") {
  dissector by = with_names();
  CHECK(explain(by, "7E8#2157303030303031") == "CF  engine > tester  SN 1, of no message that is known");
  explain(by, "7E8#101462F190575657");
  CHECK(explain(by, "7E8#225A5A5A314A5A58") ==
        "CF  engine > tester  SN 2, expected 1: the message is not whole");
  explain(by, "7E8#101462F190575657");
  CHECK(explain(by, "7E8#037F2231") ==
        "SF  engine > tester  the message before it is not whole; ReadDataByIdentifier refused: "
        "requestOutOfRange (31)");
  CHECK(explain(by, "7E8#0F01") == "SF  engine > tester  to be ignored: SF_DL does not fit the frame");
  CHECK(explain(by, "7E8#4001") == "no N_PDU: reserved N_PCI");
}

TEST_CASE("address bytes stand in front of the N_PCI") {
  dissector by = with_names();
  CHECK(explain(by, "6F1#12021003") ==
        "SF  tester > door  DiagnosticSessionControl: extendedDiagnosticSession");
  CHECK(explain(by, "612#F1037F107E") ==
        "SF  door > tester  DiagnosticSessionControl refused: subFunctionNotSupportedInActiveSession (7E)");
  // Another address byte is somebody else's conversation.
  CHECK(explain(by, "6F1#34021001") == "SF  DiagnosticSessionControl: defaultSession");
}

TEST_CASE("without names diagnostics are known by identifier or by what they look like") {
  dissector by;
  CHECK(explain(by, "7E5#023E00") == "SF  TesterPresent: zeroSubFunction");
  CHECK(explain(by, "18DA10F1#023E80") == "SF  TesterPresent: zeroSubFunction, positive answer suppressed");
  CHECK(explain(by, "18CE10F1#05023E80") == "SF  TesterPresent: zeroSubFunction, positive answer suppressed");
  CHECK(explain(by, "456#300000").empty());
  CHECK(explain(by, "456#0210034455667788").empty());  // its fillers are no fillers
  CHECK(explain(by, "456#0299AAAAAAAAAAAA").empty());  // no SID
  CHECK(explain(by, "456#021003AAAAAAAAAA") == "SF  DiagnosticSessionControl: extendedDiagnosticSession");
  CHECK(explain(by, "456#300000") == "FC  continue, no more flow control, STmin 0 ms");
  CHECK(explain(by, "100#").empty());
  CHECK(explain(by, "7E0#R8").empty());
}

TEST_CASE("each bus has messages of its own") {
  dissector by;
  explain(by, "7E8#101462F190575657", "a");
  CHECK(explain(by, "7E8#215A5A5A314A5A58", "b") == "CF  SN 1, of no message that is known");
  CHECK(explain(by, "7E8#215A5A5A314A5A58", "a") == "CF  SN 1, 13 of 20 bytes");
}

TEST_CASE("an answer to several DIDs is read with its request") {
  dissector by;
  explain(by, "7E0#0522F1860102");
  CHECK(explain(by, "7E8#0762F186030102AA") ==
        "SF  ReadDataByIdentifier answered: F186 activeDiagnosticSession 03, 0102 AA");
}

}  // namespace canstage::dissect::testing

// Free rules: which one fits, how often, and what it does.
#include <initializer_list>

#include "catch2/catch.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

namespace {

server_stage with_rules(std::vector<rule> rules) {
  auto config = usual_config();
  config.rules = std::move(rules);
  return server_stage{config};
}

rule only(std::uint32_t times, rule r) {
  r.times = times;
  return r;
}

}  // namespace

TEST_CASE("a rule comes before the services, the first that fits wins") {
  auto s = with_rules(
      {rule_reply("22 F1 90", "62 F1 90 77"), rule_reply("22 *", "62 88"), rule_reply("BA", "FA 01")});
  CHECK(s.ask("22 F1 90") == "62 F1 90 77");
  CHECK(s.ask("22 01 00") == "62 88");
  CHECK(s.ask("22") == "62 88");
  CHECK(s.ask("BA") == "FA 01");
  CHECK(s.ask("3E 00") == "7E 00");
}

TEST_CASE("a rule's reply is filled from the request and from what its pattern caught") {
  auto s = with_rules({rule_reply("22 FD 0?", "62 {1..2} 00"), rule_reply("BA {a} {b:2}", "FA {b} {a}")});
  CHECK(s.ask("22 FD 07") == "62 FD 07 00");
  CHECK(s.ask("22 FD 17") == "7F 22 31");
  CHECK(s.ask("BA 01 02 03") == "FA 02 03 01");
}

TEST_CASE("a rule fits so many times and then falls through") {
  auto s = with_rules({only(2, rule_nrc("22 *", 0x22)), only(1, rule_silence("22 *"))});
  for (int round = 0; round < 3; ++round) {
    CHECK(s.ask("22 F1 90") == "7F 22 22");
    CHECK(s.ask("22 01 00") == "7F 22 22");
    CHECK(s.ask("22 F1 90") == "");
    CHECK(s.ask("22 F1 90") == "62 F1 90 41 42 43");
    CHECK(s.ask("22 F1 90") == "62 F1 90 41 42 43");
    // Both kinds of power-on start again.
    round == 0 ? s.reset() : static_cast<void>(s.ask("11 01"));
  }
}

TEST_CASE("a request that is refused as busy uses up no rule") {
  auto s = with_rules({only(1, rule_nrc("22 *", 0x22))});
  s.request("3E 00");
  s.request("22 F1 90");
  s.run(2ms);
  CHECK(s.ask("22 F1 90") == "7F 22 22");
}

TEST_CASE("UDS-003 UDS-043 a rule's NRC is suppressed for functional requests like any other") {
  for (const std::uint8_t code : std::initializer_list<std::uint8_t>{0x11, 0x12, 0x31, 0x7E, 0x7F}) {
    auto s = with_rules({rule_nrc("22 *", code)});
    CHECK(s.ask("22 F1 90") == to_hex(negative(0x22, code)));
    CHECK(s.ask_functional("22 F1 90") == "");
  }
  for (const std::uint8_t code :
       std::initializer_list<std::uint8_t>{0x10, 0x13, 0x21, 0x22, 0x33, 0x78, 0x94}) {
    auto s = with_rules({rule_nrc("22 *", code)});
    CHECK(s.ask_functional("22 F1 90") == to_hex(negative(0x22, code)));
  }
}

TEST_CASE("a rule's reply is literal: SPRMIB and functional addressing do not suppress it") {
  auto s =
      with_rules({rule_reply("3E 80", "7E 00"), rule_reply("22 *", "7F 22 31"), rule_nrc("10 83", 0x22)});
  CHECK(s.ask("3E 80") == "7E 00");
  CHECK(s.ask_functional("22 F1 90") == "7F 22 31");
  CHECK(s.ask("10 83") == "7F 10 22");
  CHECK(s.machine().diagnostic_session() == 0x01);
}

TEST_CASE("a rule changes no state") {
  auto s = with_rules({rule_reply("10 03", "50 03 00 32 01 F4"), rule_reply("11 01", "51 01")});
  CHECK(s.ask("10 03") == "50 03 00 32 01 F4");
  CHECK(s.machine().diagnostic_session() == 0x01);
  CHECK(s.ask("10 02") == "50 02 00 32 01 F4");
  CHECK(s.ask("11 01") == "51 01");
  CHECK(s.machine().diagnostic_session() == 0x02);
}

TEST_CASE("a rule may answer what is no request, and an empty reply is silence") {
  auto s = with_rules({rule_reply("7F *", "7F 7F 7F"), rule_reply("BA *", "{1..4}")});
  CHECK(s.ask("7F 01") == "7F 7F 7F");
  CHECK(s.ask("BA") == "");
  CHECK_FALSE(s.machine().busy());
  CHECK(s.ask("BA 01 02") == "01 02");
}

TEST_CASE("a rule's delay is its own, or the table's if it says none") {
  auto delayed = rule_reply("BA", "FA");
  delayed.after = time_range{12ms, 12ms};
  auto s = with_rules({delayed, rule_reply("BB", "FB")});
  s.request("BA");
  s.run(1s);
  CHECK(s.log() == std::vector<std::string>{"+12ms FA"});
  s.request("BB");
  s.run(1s);
  CHECK(s.log() == std::vector<std::string>{"+2ms FB"});
}

TEST_CASE("a range of working times is drawn from the stream") {
  auto working = rule_reply("BA", "FA");
  working.takes = time_range{60ms, 90ms};
  auto s = with_rules({working});
  s.request("BA");
  s.run(1s);
  const auto log = s.log();
  REQUIRE(log.size() == 2);
  CHECK(log[0] == "+40ms 7F BA 78");
}

}  // namespace canstage::uds::testing

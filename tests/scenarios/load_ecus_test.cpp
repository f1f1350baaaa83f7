// Buses, ECUs, testers and endpoints as the loader makes them.
#include <chrono>

#include "catch2/catch.hpp"
#include "tests/scenarios/loaded.hpp"

namespace canstage::scenarios {
namespace {

using namespace std::chrono_literals;
using can::identifier;

TEST_CASE("what a file does not say has a default", "[loader]") {
  const scenario play = loaded(
      "canstage: 1\nbuses: { can: {} }\necus:\n  a: { address: { request: 7E0, response: 7E8 } }\n"
      "testers: { t: }\n");
  CHECK(play.file == "folder/test.yaml");
  CHECK(play.name == "test");
  CHECK(play.seed == 0);
  CHECK_FALSE(play.time);
  CHECK(usual_time(play) == time_mode::virtual_time);
  CHECK(play.buses.at(0).carrier.is_virtual());
  CHECK_FALSE(play.buses.at(0).rates);
  const ecu& a = play.ecus.at(0);
  CHECK(a.address.rx == identifier::standard(0x7E0));
  CHECK(a.address.tx == identifier::standard(0x7E8));
  CHECK(a.address.functional_rx == identifier::standard(0x7DF));
  CHECK(*a.isotp == isotp::parameters{});
  CHECK(a.uds->timing == uds::server_timing{});
  CHECK_FALSE(a.uds->data.present);
  CHECK(a.where.line == 4);
  CHECK(a.where.column == 3);
  const tester& t = play.testers.at(0);
  CHECK(t.functional == identifier::standard(0x7DF));
  CHECK(t.ecus == std::vector<ecu_index>{0});
  REQUIRE(t.listen.size() == 1);
  CHECK(t.listen[0].first == identifier::standard(0x7E8));
  CHECK(t.listen[0].last == identifier::standard(0x7EF));
}

TEST_CASE("sections may stand in any order", "[loader]") {
  const scenario play = loaded(
      "steps: [ { reset: a } ]\ntesters: { t: {} }\n"
      "ecus: { a: { address: { request: 7E0, response: 7E8 } } }\nbuses: { can: {} }\ncanstage: 1\n");
  CHECK(play.steps.size() == 1);
  CHECK(play.testers.at(0).ecus.size() == 1);
}

TEST_CASE("top level and bus rates are read", "[loader]") {
  const scenario play = loaded(
      "canstage: 1\nname: a name\nseed: 18446744073709551615\ntime: real\n"
      "buses: { a: { bitrate: 83333 }, b: { bitrate: 500k, data_bitrate: 2M } }\n");
  CHECK(play.name == "a name");
  CHECK(play.seed == UINT64_MAX);
  CHECK(play.time == time_mode::real_time);
  CHECK(play.buses.at(0).rates == can::bit_rates{83'333, 0});
  CHECK(play.buses.at(1).rates == can::bit_rates{500'000, 2'000'000});
}

TEST_CASE("a functional address goes without saying where OBD has one", "[loader]") {
  const scenario play = loaded_ecus(
      "  a: { address: { request: 7E7, response: 7EF } }\n"
      "  b: { address: { request: 7E6, response: 7EE, functional: none } }\n"
      "  c: { address: { request: 700, response: 708 } }\n"
      "  d: { address: { request: 701, response: 709, functional: 6FF } }\n"
      "  e: { address: { request: 000007E0, response: 000007E8 } }\n");
  CHECK(play.ecus.at(0).address.functional_rx == identifier::standard(0x7DF));
  CHECK_FALSE(play.ecus.at(1).address.functional_rx);
  CHECK_FALSE(play.ecus.at(2).address.functional_rx);
  CHECK(play.ecus.at(3).address.functional_rx == identifier::standard(0x6FF));
  CHECK_FALSE(play.ecus.at(4).address.functional_rx);
  CHECK(play.ecus.at(4).address.rx == identifier::extended(0x7E0));
}

TEST_CASE("normal fixed addressing makes the identifiers", "[loader]") {
  const scenario play = loaded_ecus(
      "  a: { address: { format: normal_fixed, ecu: 10 } }\n"
      "  b: { address: { format: normal_fixed, ecu: 11, tester: F2, functional: 34 } }\n"
      "  c: { address: { format: normal_fixed, ecu: 12, functional: none } }\n"
      "  d: { address: { request: 7E0, response: 7E8 } }\n"
      "testers:\n  t: { address: { format: normal_fixed } }\n"
      "  u: { address: { format: normal_fixed, tester: F2, functional: 34 } }\n"
      "  v: { functional: 18DB33F0, listen: [7E8, 18DAF000-18DAF0FF] }\n");
  CHECK(play.ecus.at(0).address.rx == identifier::extended(0x18DA10F1));
  CHECK(play.ecus.at(0).address.tx == identifier::extended(0x18DAF110));
  CHECK(play.ecus.at(0).address.functional_rx == identifier::extended(0x18DB33F1));
  CHECK(play.ecus.at(1).address.functional_rx == identifier::extended(0x18DB34F2));
  CHECK_FALSE(play.ecus.at(2).address.functional_rx);
  CHECK(play.testers.at(0).functional == identifier::extended(0x18DB33F1));
  CHECK(play.testers.at(0).ecus == std::vector<ecu_index>{0, 2});
  CHECK(play.testers.at(0).listen.at(0).first == identifier::extended(0x18DAF100));
  CHECK(play.testers.at(0).listen.at(0).last == identifier::extended(0x18DAF1FF));
  CHECK(play.testers.at(1).ecus == std::vector<ecu_index>{1});
  CHECK(play.testers.at(2).ecus == std::vector<ecu_index>{3});
  CHECK(play.testers.at(2).listen.size() == 2);
  CHECK(play.testers.at(2).listen.at(0).last == identifier::standard(0x7E8));
}

TEST_CASE("ISO-TP parameters are read", "[loader]") {
  const scenario play = loaded_ecus(
      "  a:\n    address: { request: 7E0, response: 7E8 }\n"
      "    isotp: { bs: 255, stmin: 900us, padding: none, n_as: 1ms, n_ar: 2ms, n_bs: 3ms,\n"
      "             n_br: 4ms, n_cr: 5ms, n_cs: 6ms, max_sdu: 100 }\n");
  isotp::parameters expected;
  expected.bs = 255;
  expected.stmin = isotp::st_min::from_code(0xF9);
  expected.padding.reset();
  expected.n_as = 1ms;
  expected.n_ar = 2ms;
  expected.n_bs = 3ms;
  expected.n_br = 4ms;
  expected.n_cr = 5ms;
  expected.n_cs = 6ms;
  expected.max_sdu = 100;
  CHECK(*play.ecus.at(0).isotp == expected);
}

TEST_CASE("a UDS server is read", "[loader]") {
  const scenario play = loaded_ecus(
      "  a:\n    address: { request: 7E0, response: 7E8 }\n"
      "    uds:\n      response_time: 2ms..5ms\n      timing: { p2: 25ms, p2_star: 4s, s3: 3s }\n"
      "      dids:\n        F190: VIN\n        F187: { text: ab, write: true }\n"
      "        F18C: { hex: \"01 02\", write: true, diagnostic_session: extended }\n");
  const uds::server_config& config = *play.ecus.at(0).uds;
  CHECK(config.response_time == uds::time_range{2ms, 5ms});
  CHECK(config.timing == uds::server_timing{25ms, 4s, 3s});
  CHECK(config.data.present);
  REQUIRE(config.data.records.size() == 3);
  CHECK(config.data.records[0].did == 0xF187);
  CHECK(config.data.records[0].writable);
  CHECK(config.data.records[0].write == uds::access{});
  CHECK(config.data.records[1].did == 0xF18C);
  CHECK(config.data.records[1].value == bytes{1, 2});
  CHECK(config.data.records[1].write.diagnostic_sessions == uds::subfunction_set{1U << 3});
  CHECK(config.data.records[2].value == bytes{'V', 'I', 'N'});
  CHECK_FALSE(config.data.records[2].writable);
}

TEST_CASE("rules are read in order", "[loader]") {
  const scenario play = loaded_ecus(
      "  a:\n    address: { request: 7E0, response: 7E8 }\n    rules:\n"
      "      - { request: \"22 {did:2}\", reply: \"62 {did} {1..1}\", after: 1ms..2ms }\n"
      "      - { request: \"31 *\", nrc: 22, times: 2, takes: 6s }\n"
      "      - { request: \"*\", silence: true }\n");
  const auto& rules = play.ecus.at(0).uds->rules;
  REQUIRE(rules.size() == 3);
  CHECK(rules[0].action == uds::rule::kind::reply);
  CHECK(rules[0].after == uds::time_range{1ms, 2ms});
  CHECK_FALSE(rules[0].takes);
  CHECK(rules[0].times == 0);
  CHECK(rules[1].action == uds::rule::kind::nrc);
  CHECK(rules[1].nrc_code == 0x22);
  CHECK(rules[1].times == 2);
  CHECK(rules[1].takes == uds::time_range{6s, 6s});
  CHECK(rules[2].action == uds::rule::kind::silence);
}

TEST_CASE("endpoints are read", "[loader]") {
  const scenario play = loaded(
      "canstage: 1\nbuses: { can: {} }\nendpoints:\n  raw: { rx: 123, tx: 456, isotp: { bs: 4 }, do: echo }\n"
      "  peer: { rx: 456, tx: 123 }\n  hole: { rx: 10000, tx: 10001, do: swallow }\n");
  CHECK(play.endpoints.at(0).what == endpoint::behaviour::echo);
  CHECK(play.endpoints.at(0).isotp->bs == 4);
  CHECK(play.endpoints.at(1).what == endpoint::behaviour::none);
  CHECK(play.endpoints.at(1).address.rx == identifier::standard(0x456));
  CHECK(play.endpoints.at(2).what == endpoint::behaviour::swallow);
  CHECK(play.endpoints.at(2).address.rx == identifier::extended(0x10000));
}

}  // namespace
}  // namespace canstage::scenarios

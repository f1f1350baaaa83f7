// `like` and numbered entries, seen in what is loaded.
#include <chrono>

#include "catch2/catch.hpp"
#include "tests/scenarios/loaded.hpp"

namespace canstage::scenarios {
namespace {

using namespace std::chrono_literals;

std::string text_of(const uds::data_record& record) { return {record.value.begin(), record.value.end()}; }

TEST_CASE("like takes over everything, own words go before", "[expand]") {
  const scenario play = loaded_ecus(
      "  b: { like: a, address: { request: 7E1, response: 7E9, functional: none }, uds: { timing: { p2: 25ms "
      "} } }\n"
      "  a:\n    address: { request: 7E0, response: 7E8 }\n    isotp: { bs: 8 }\n"
      "    uds: { response_time: 3ms, timing: { s3: 4s }, dids: { F190: one, F187: two } }\n"
      "    rules: [ { request: \"22 *\", silence: true } ]\n"
      "  c: { like: b, address: { request: 7E2, response: 7EA }, rules: , uds: { dids: { F187: { hex: \"01\" "
      "} } } }\n");
  const uds::server_config& b = *play.ecus.at(0).uds;
  CHECK(b.response_time == uds::time_range{3ms, 3ms});
  CHECK(b.timing == uds::server_timing{25ms, 5s, 4s});
  CHECK(b.rules.size() == 1);
  CHECK(b.data.records.size() == 2);
  CHECK(play.ecus.at(0).isotp == play.ecus.at(1).isotp);
  CHECK_FALSE(play.ecus.at(0).address.functional_rx);
  const uds::server_config& c = *play.ecus.at(2).uds;
  CHECK(c.rules.empty());
  CHECK(c.timing == b.timing);
  CHECK(c.data.records.at(0).value == bytes{1});
  CHECK(play.ecus.at(2).address.functional_rx);
}

TEST_CASE("a DID's own text replaces an inherited hex, its write stays", "[expand]") {
  const scenario play = loaded_ecus(
      "  a: { address: { request: 7E0, response: 7E8 }, uds: { dids: { F190: { hex: \"01\", write: true } } "
      "} }\n"
      "  b: { like: a, address: { request: 7E1, response: 7E9 }, uds: { dids: { F190: { text: x } } } }\n"
      "  c: { like: a, address: { request: 7E2, response: 7EA }, uds: { dids: { F190: plain } } }\n");
  CHECK(text_of(play.ecus.at(1).uds->data.records.at(0)) == "x");
  CHECK(play.ecus.at(1).uds->data.records.at(0).writable);
  CHECK(text_of(play.ecus.at(2).uds->data.records.at(0)) == "plain");
  CHECK_FALSE(play.ecus.at(2).uds->data.records.at(0).writable);
}

TEST_CASE("an entry makes many ECUs, which share what is equal", "[expand]") {
  const scenario play = loaded_ecus(
      "  node[1..200]:\n    address: { format: normal_fixed, ecu: \"{n:02X}\" }\n    isotp: { bs: 2 }\n"
      "    uds: { dids: { F190: same } }\n"
      "  twin: { address: { request: 7E0, response: 7E8 }, isotp: { bs: 2 }, uds: { dids: { F190: same } } "
      "}\n");
  REQUIRE(play.ecus.size() == 201);
  CHECK(play.ecus.front().name == "node[1]");
  CHECK(play.ecus[199].name == "node[200]");
  CHECK(play.ecus[199].address.rx == can::identifier::extended(0x18DAC8F1));
  for (const ecu& each : play.ecus) {
    CHECK(each.uds == play.ecus.front().uds);
    CHECK(each.isotp == play.ecus.front().isotp);
  }
}

TEST_CASE("the number is written as asked for", "[expand]") {
  const scenario play = loaded_ecus(
      "  e[9..10]:\n    address: { request: \"60{n:X}\", response: \"68{n:x}\" }\n"
      "    uds: { dids: { F190: \"{n} {n:04} {n+15:02X} {n-9} {n:3d}|{name}\", \"F1{n:02}\": x } }\n");
  CHECK(play.ecus.at(1).address.rx == can::identifier::standard(0x60A));
  CHECK(text_of(play.ecus.at(0).uds->data.records.at(1)) == "9 0009 18 0   9|{name}");
  CHECK(text_of(play.ecus.at(1).uds->data.records.at(1)) == "10 0010 19 1  10|{name}");
  CHECK(play.ecus.at(1).uds->data.records.at(0).did == 0xF110);
}

TEST_CASE("an ECU can be like a numbered one, and a numbered one like any", "[expand]") {
  const scenario play = loaded_ecus(
      "  base: { address: { request: 7E0, response: 7E8 }, rules: [ { request: \"22 {n:2}\", reply: \"62 "
      "{n}\" } ] }\n"
      "  node[1..3]: { like: base, address: { request: \"60{n}\", response: \"68{n}\" }, uds: { dids: { "
      "F190: \"N{n}\" } } }\n"
      "  copy: { like: \"node[3]\", address: { request: 700, response: 708 } }\n"
      "  pair[1..3]: { like: \"node[{n}]\", address: { request: \"61{n}\", response: \"69{n}\" } }\n");
  CHECK(play.ecus.at(1).uds->rules.at(0).request.text() == "22 {n:2}");
  CHECK(text_of(play.ecus.at(4).uds->data.records.at(0)) == "N3");
  CHECK(play.ecus.at(4).uds == play.ecus.at(3).uds);
  CHECK(play.ecus.at(6).uds == play.ecus.at(2).uds);
}

TEST_CASE("100,000 ECUs of one entry are loaded at once", "[expand]") {
  const scenario play = loaded_ecus(
      "  base: { address: { request: 7E0, response: 7E8 }, uds: { dids: { F190: x } } }\n"
      "  node[1..100000]:\n    like: base\n"
      "    address: { request: \"1{n:07X}\", response: \"0{n:07X}\" }\n");
  CHECK(play.ecus.size() == 100'001);
  CHECK(play.ecus.back().uds == play.ecus.front().uds);
}

TEST_CASE("anchors and aliases are fine", "[expand]") {
  const scenario play = loaded_ecus(
      "  a: { address: { request: 7E0, response: 7E8 }, uds: &u { dids: { F190: x } } }\n"
      "  b: { address: { request: 7E1, response: 7E9 }, uds: *u }\n");
  CHECK(play.ecus.at(0).uds == play.ecus.at(1).uds);
}

}  // namespace
}  // namespace canstage::scenarios

// Steps of several exchanges, TesterPresent and the tester's own times, as the loader makes them.
#include <chrono>

#include "catch2/catch.hpp"
#include "tests/scenarios/loaded.hpp"

namespace canstage::scenarios {
namespace {

using namespace std::chrono_literals;

template <class Step>
const Step& as(const step& s) {
  REQUIRE(std::holds_alternative<Step>(s.what));
  return std::get<Step>(s.what);
}

TEST_CASE("a download is read", "[loader]") {
  const scenario play = loaded_steps(
      "  - download: { to: engine, address: \"00100000\", data: \"A5 5A 01\", size: 8 }\n"
      "  - download: { to: engine, address: \"10\", data: \"01\", size_bytes: 1, block: 130, data_format: "
      "11,\n"
      "                exit: \"AA\", window: 3s }\n"
      "    expect: { nrc: 70 }\n");
  const auto& plain = as<procedure_step>(play.steps.at(0));
  CHECK(play.steps.at(0).name == "download to engine");
  CHECK(plain.window == 1s);
  CHECK_FALSE(plain.refused_with);
  const auto& data = std::get<uds::transfer_spec>(plain.what);
  CHECK_FALSE(data.upload);
  CHECK(to_hex(data.address) == "00 10 00 00");
  CHECK(to_hex(*data.data) == "A5 5A 01 A5 5A 01 A5 5A");
  CHECK(data.size == 8);
  CHECK(data.size_bytes == 4);
  CHECK_FALSE(data.longest);
  const auto& full = as<procedure_step>(play.steps.at(1));
  CHECK(full.window == 3s);
  CHECK(full.refused_with == 0x70);
  const auto& all = std::get<uds::transfer_spec>(full.what);
  CHECK(all.size_bytes == 1);
  CHECK(all.longest == 130U);
  CHECK(all.data_format == 0x11);
  CHECK(to_hex(all.exit_record) == "AA");
}

TEST_CASE("an upload is read", "[loader]") {
  const scenario play = loaded_steps("  - upload: { to: engine, address: \"0010\", size: 300 }\n");
  const auto& read = std::get<uds::transfer_spec>(as<procedure_step>(play.steps.at(0)).what);
  CHECK(read.upload);
  CHECK(read.size == 300);
  CHECK(read.data == nullptr);
}

TEST_CASE("expected DTCs are read", "[loader]") {
  const scenario play = loaded_steps(
      "  - read_dtcs: { to: engine, mask: 09 }\n"
      "    expect: { P0123-17: 2F, U0100: any, others: any }\n"
      "  - read_dtcs: { to: engine }\n");
  const auto& full = std::get<uds::dtc_reading_spec>(as<procedure_step>(play.steps.at(0)).what);
  CHECK(full.status_mask == 0x09);
  CHECK(full.judged);
  CHECK(full.others);
  REQUIRE(full.expected.size() == 2);
  CHECK(full.expected[0].dtc == 0x012317);
  CHECK(full.expected[0].status == 0x2F);
  CHECK(full.expected[1].dtc == 0xC10000);
  CHECK(full.expected[1].status_mask == 0);
  CHECK_FALSE(std::get<uds::dtc_reading_spec>(as<procedure_step>(play.steps.at(1)).what).judged);
}

TEST_CASE("TesterPresent is read", "[loader]") {
  const scenario play = loaded_steps(
      "  - tester_present: {}\n"
      "  - tester_present: { to: engine, every: 1s, suppress: false }\n"
      "  - tester_present: stop\n");
  const auto& plain = as<tester_present_step>(play.steps.at(0));
  REQUIRE(plain.start);
  CHECK(plain.start->every == 2s);
  CHECK(plain.start->functional);
  CHECK(plain.start->suppress);
  const auto& one = as<tester_present_step>(play.steps.at(1));
  REQUIRE(one.start);
  CHECK_FALSE(one.start->functional);
  CHECK_FALSE(one.start->suppress);
  CHECK(one.start->to == 0U);
  CHECK_FALSE(as<tester_present_step>(play.steps.at(2)).start);
}

TEST_CASE("values of DIDs are expected in words", "[loader]") {
  const scenario play = loaded_steps(
      "  - request: { to: engine, bytes: 22 F1 90 01 02 }\n"
      "    expect: { did: { F190: AB, \"0102\": { hex: \"01 ?? 03\" } } }\n");
  const auto& expected = as<request_step>(play.steps.at(0)).expect;
  REQUIRE(expected);
  CHECK(expected->reply.text() == "62 F1 90 41 42 01 02 01 ?? 03");
  CHECK(expected->in_words == "F190 VIN \"AB\", 0102 01 ?? 03");
}

}  // namespace
}  // namespace canstage::scenarios

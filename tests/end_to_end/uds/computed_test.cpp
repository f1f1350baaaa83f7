// What a script computes, through the whole stack: answers, values, keys.
#include <cstdlib>
#include <string>

#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/lines.hpp"

using namespace canstage::conversation;

namespace {

const std::string scripted = R"(
uds:
  dids: { "0110": { hex: "00" }, F201: { hex: "00" } }
  security: { 1: { seed: "random:4", key: "xor:00" } }
  dynamic_dids: {}
  periodic: { medium: 200ms }
  events: { sample: 50ms }
script: |
  count = 0
  function on_request(request, ctx)
    if request == hex("31 01 02 03") then
      count = count + 1
      return hex("71 01 02 03") .. string.char(count)
    end
    if request == hex("31 01 02 04") then return 0x22 end
  end
  function read_did(did, ctx)
    if did == 0x0110 then return string.char(math.floor(ctx.ms / 1000)) end   -- seconds
    if did == 0xF201 then return string.char(ctx.diagnostic_session) end
  end
  function key(level, seed, ctx)
    local sum = 0
    for i = 1, #seed do sum = (sum + seed:byte(i)) % 256 end
    return string.char(sum, level)
  end
)";

}  // namespace

TEST_CASE("a script answers, counts and refuses") {
  converse(scripted, lines(R"(
    31 01 02 03 -> 71 01 02 03 01
    31 01 02 03 -> 71 01 02 03 02
    31 01 02 04 -> 7F 31 22
    reset
    31 01 02 03 -> 71 01 02 03 03
    )"));
}

TEST_CASE("UDS-040 a value that a script computes") {
  converse(scripted, lines(R"(
    22 01 10 -> 62 01 10 00
    wait 3s
    22 01 10 -> 62 01 10 03
    2C 01 F3 01 01 10 01 01 -> 6C 01 F3 01
    wait 2s
    22 F3 01 -> 62 F3 01 05
    )"));
}

TEST_CASE("UDS-109 periodic data that a script computes") {
  const bus_log log{converse(scripted, lines(R"(
    10 03 -> 50 03 *
    2A 02 01 -> 6A
    wait 500ms
    )"))};
  CHECK(log.count("7E8 03 6A 01 03") == 2);
}

TEST_CASE("UDS-113 a value that changes with time is an event when it is looked at") {
  const bus_log log{converse(scripted, lines(R"(
    86 03 02 01 10 22 01 10 -> C6 03 00 02 01 10 22 01 10
    86 05 02 -> C6 05 00 02
    wait 3500ms
    86 00 02 -> C6 00 00 02
    wait 2s
    )"))};
  const auto times = log.times("7E8 04 62 01 10");
  REQUIRE(times.size() == 3);
  // A second apart, as looked at every 50 ms; frames have their stuff bits.
  CHECK(std::abs(times[1] - times[0] - 1'000'000) < 10);
  CHECK(std::abs(times[2] - times[1] - 1'000'000) < 10);
}

TEST_CASE("UDS-050 the step unlock computes its key by the script of the ECU") {
  converse(scripted,
           {ask("10 03", "50 03 *"), step("unlock: { to: ecu }"), ask("27 01", "67 01 00 00 00 00")});
  converse(scripted,
           {ask("10 03", "50 03 *"), step("unlock: { to: ecu, key: \"xor:FF\" }\nexpect: { nrc: \"13\" }")});
}

TEST_CASE("UDS-050 a script without a key leaves it to the rule of the level") {
  converse(R"(
uds: { security: { 1: { seed: "11 22", key: "xor:FF" } } }
script: "function seed(level, ctx) return hex('01 02') end"
)",
           {ask("10 03", "50 03 *"), step("unlock: { to: ecu }"), ask("27 01", "67 01 00 00")});
}

// DIDs that several ECUs own together.
#include <string>

#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/lines.hpp"

using namespace canstage::conversation;

namespace {

/// ECUs a and b on buses of their own, with a DID that they share.
std::string play(const std::string& rates, const std::string& steps) {
  return play_whole("canstage: 1\nbuses: { one: { " + rates + " }, two: { " + rates + R"( } }
ecus:
  a:
    bus: one
    address: { request: "7E0", response: "7E8" }
    uds:
      dids: { "0110": { hex: "00 01", write: true, shared: odometer } }
      events: {}
      reset: { power_down: 1s }
  b:
    bus: two
    address: { request: "7E1", response: "7E9" }
    uds: { dids: { "0220": { hex: "00 01", write: true, shared: odometer }, "0221": { hex: "00 01" } } }
testers: { x: { bus: one }, y: { bus: two } }
steps:
)" + steps);
}

}  // namespace

TEST_CASE("UDS-048 what one owner gets by 2E the other one has, in both directions") {
  play("bitrate: 500k", R"(
  - request: { to: b, bytes: "22 02 20" }
    expect: "62 02 20 00 01"
  - request: { to: a, bytes: "2E 01 10 00 02" }
    expect: "6E 01 10"
  - request: { to: b, bytes: "22 02 20 02 21" }
    expect: "62 02 20 00 02 02 21 00 01"
  - request: { to: b, bytes: "2E 02 20 00 03" }
    expect: "6E 02 20"
  - request: { to: a, bytes: "22 01 10" }
    expect: "62 01 10 00 03"
  - set: { ecu: b, did: "0220", value: { hex: "00 04" } }
  - request: { to: a, bytes: "22 01 10" }
    expect: "62 01 10 00 04"
)");
}

TEST_CASE("of two writes at one instant that of the later ECU counts, for both") {
  // Frames take no time: both write at 0 and read at once.
  play("", R"(
  - parallel:
      - - request: { to: a, bytes: "2E 01 10 AA AA" }
          expect: "6E 01 10"
      - - request: { to: b, bytes: "2E 02 20 BB BB" }
          expect: "6E 02 20"
  - advance: 1ms
  - request: { to: a, bytes: "22 01 10" }
    expect: "62 01 10 BB BB"
  - request: { to: b, bytes: "22 02 20" }
    expect: "62 02 20 BB BB"
)");
}

TEST_CASE("what was written is there for the others when the instant is over") {
  play("", R"(
  - parallel:
      - - request: { to: a, bytes: "2E 01 10 AA AA" }
          expect: "6E 01 10"
      - - request: { to: b, bytes: "22 02 20" }
          expect: "62 02 20 00 01"
  - advance: 1ms
  - request: { to: b, bytes: "22 02 20" }
    expect: "62 02 20 AA AA"
)");
}

TEST_CASE("an owner without power learns of changes, and tells of them as events when it is back") {
  play("bitrate: 500k", R"(
  - reset: a
  - request: { to: b, bytes: "2E 02 20 00 05" }
    expect: "6E 02 20"
  - advance: 1100ms
  - request: { to: a, bytes: "22 01 10" }
    expect: "62 01 10 00 05"
)");
}

TEST_CASE("UDS-113 a change by another owner is an event") {
  const bus_log log{play("bitrate: 500k", R"(
  - request: { to: a, bytes: "86 03 02 01 10 22 01 10" }
    expect: "C6 03 00 02 01 10 22 01 10"
  - request: { to: a, bytes: "86 05 02" }
    expect: "C6 05 00 02"
  - request: { to: b, bytes: "2E 02 20 00 09" }
    expect: "6E 02 20"
  - advance: 10ms
)")};
  CHECK(log.count("7E8 05 62 01 10 00 09") == 1);
}

#include "scenarios/play.hpp"

#include <catch2/catch.hpp>
#include <sstream>
#include <string>

#include "scenarios/loader.hpp"

using namespace canstage;
using namespace canstage::scenarios;
using namespace std::chrono_literals;

namespace {

const std::string head = R"(
canstage: 1
buses: { can: { bitrate: 500k } }
ecus:
  engine:
    address: { request: "7E0", response: "7E8" }
    uds: { dids: { F190: "WVWZZZ1JZXW000001", F18C: { hex: "01 02 03 04", write: true } } }
  gearbox:
    address: { request: "7E1", response: "7E9" }
    uds: { response_time: 10ms, dids: { F190: "WVWZZZ1JZXW000001" } }
testers: { tester: { bus: can, functional: "7DF" } }
steps:
)";

struct played {
  run_result result;
  std::string trace;
};

played run(const std::string& steps, std::optional<cast_kind> kind = {}) {
  auto loaded = load_text(head + steps, "test.yaml");
  for (const auto& problem : loaded.problems) UNSCOPED_INFO(to_string(problem));
  REQUIRE(loaded.loaded);
  const auto trace = std::make_shared<std::ostringstream>();
  interruption breaker;
  played done;
  play_options options;
  options.kind = kind;
  options.trace = trace;
  done.result = play(*loaded.loaded, options, breaker);
  done.trace = trace->str();
  return done;
}

const step_result& at(const played& done, const std::string& path) {
  for (const auto& one : done.result.steps)
    if (one.path == path) return one;
  FAIL("no step " << path);
  throw;
}

}  // namespace

TEST_CASE("what an answer captured goes into later requests") {
  const auto done = run(R"(
  - request: { to: engine, bytes: "22 F1 8C" }
    expect: "62 F1 8C {serial:4}"
  - request: { to: engine, bytes: "2E F1 8C {serial}" }
    expect: "6E F1 8C"
)");
  CHECK(done.result.passed());
  CHECK(at(done, "2").request == bytes{0x2E, 0xF1, 0x8C, 0x01, 0x02, 0x03, 0x04});
}

TEST_CASE("a step whose capture no answer gave is not run") {
  const auto done = run(R"(
  - request: { to: gearbox, bytes: "22 F1 8C" }
    expect: "62 F1 8C {serial:4}"
  - request: { to: engine, bytes: "2E F1 8C {serial}" }
    expect: "6E F1 8C"
  - request: { to: engine, bytes: "3E 00" }
    expect: "7E 00"
)");
  CHECK(at(done, "1").status == step_status::failed);
  CHECK(at(done, "2").status == step_status::not_run);
  CHECK(at(done, "2").why == "needs the capture 'serial', which no answer gave");
  CHECK(at(done, "3").status == step_status::passed);
}

TEST_CASE("branches of parallel run at the same time, and end together") {
  const auto done = run(R"(
  - parallel:
      - - request: { to: engine, bytes: "3E 00" }
          expect: "7E 00"
        - advance: 100ms
      - - request: { to: gearbox, bytes: "3E 00" }
          expect: "7E 00"
        - advance: 300ms
  - request: { to: engine, bytes: "3E 00" }
    expect: "7E 00"
)");
  CHECK(done.result.passed());
  CHECK(at(done, "1.1.1").began == at(done, "1.2.1").began);
  CHECK(at(done, "1.1.2").ended < at(done, "1.2.2").ended);
  CHECK(at(done, "2").began == at(done, "1.2.2").ended);
  // Both requests were waiting when the bus was free: the lower identifier went first.
  CHECK(done.trace.find("7E0#") < done.trace.find("7E1#"));
}

TEST_CASE("a power cycle in mid-air: the answer never comes, and the ECU works again") {
  const auto done = run(R"(
  - parallel:
      - - request: { to: gearbox, bytes: "22 F1 90", window: 100ms }
          expect: silence
      - - advance: 5ms
        - reset: gearbox
  - request: { to: gearbox, bytes: "22 F1 90" }
    expect: "62 F1 90 *"
)");
  CHECK(done.result.passed());
}

TEST_CASE("a reset in the middle of a segmented answer breaks it off") {
  const auto done = run(R"(
  - parallel:
      - - request: { to: engine, bytes: "22 F1 90", window: 100ms }
          expect: "62 *"
      - - advance: 600us
        - reset: engine
)");
  REQUIRE(at(done, "1.1.1").verdicts.size() == 1);
  CHECK(at(done, "1.1.1").verdicts[0].what == outcome::incomplete);
  CHECK(at(done, "1.1.1").verdicts[0].detail.find("N_TIMEOUT_Cr") != std::string::npos);
}

TEST_CASE("an unknown responder gets a flow control where its pair can be derived") {
  const auto kind = GENERATE(cast_kind::normal, cast_kind::ensemble);
  const auto done = run(R"(
  - parallel:
      - - functional: { request: "22 F1 90" }
          expect: { others: any }
      - - advance: 20ms
        - send_frame: { bus: can, id: "7EF", data: "10 09 62 F1 90 01 02 03" }
        - advance: 5ms
        - send_frame: { bus: can, id: "7EF", data: "21 04 05 06" }
)",
                        kind);
  CHECK(done.trace.find("7E7#30") != std::string::npos);
  const auto& verdicts = at(done, "1.1.1").verdicts;
  REQUIRE(verdicts.size() == 3);
  CHECK(verdicts[2].what == outcome::unknown_responder);
  CHECK(verdicts[2].who == "7EF");
  CHECK(verdicts[2].answer == bytes{0x62, 0xF1, 0x90, 1, 2, 3, 4, 5, 6});
}

TEST_CASE("a functional and a physical request to one ECU at the same time get their own answers") {
  const auto done = run(R"(
  - parallel:
      - - functional: { request: "3E 00", window: 50ms }
          expect: { others: "7E 00" }
      - - request: { to: engine, bytes: "22 F1 90 F1 90 F1 90 F1 90 F1 90 F1 90" }
          expect: "62 F1 90 57 *"
)");
  CHECK(at(done, "1.2.1").status == step_status::passed);
  REQUIRE(at(done, "1.1.1").verdicts.size() == 2);
  CHECK(at(done, "1.1.1").verdicts[1].what == outcome::as_expected);
}

TEST_CASE("UDS-103 a second request while the first is worked on gets NRC 21, and the first its answer") {
  const auto done = run(R"(
  - parallel:
      - - request: { to: gearbox, bytes: "22 F1 90" }
          expect: "62 F1 90 *"
      - - advance: 3ms
        - request: { to: gearbox, bytes: "22 F1 8C" }
          expect: { nrc: "21" }
)");
  CHECK(done.result.passed());
}

TEST_CASE("a reset does not overtake a request that has reached the ECU") {
  const auto kind = GENERATE(cast_kind::normal, cast_kind::ensemble);
  const auto done = run(R"(
  - send_frame: { bus: can, id: "7E0", data: "02 3E 00" }
  - reset: engine
  - advance: 50ms
)",
                        kind);
  CHECK(done.trace.find("7E8#") == std::string::npos);
}

TEST_CASE("UDS-107 a functional request is answered on the physical response identifiers") {
  const auto done = run(R"(
  - functional: { request: "3E 00" }
    expect: { others: "7E 00" }
)");
  CHECK(done.result.passed());
  CHECK(done.trace.find("7E8#027E00") != std::string::npos);
  CHECK(done.trace.find("7E9#027E00") != std::string::npos);
  CHECK(done.result.frames == 3);
}

TEST_CASE("an exchange that is interrupted leaves a result") {
  auto loaded = load_text(head + R"(
  - advance: 900h
  - advance: 1s
)",
                          "test.yaml");
  REQUIRE(loaded.loaded);
  interruption breaker;
  play_options options;
  options.time = time_mode::real_time;
  breaker.raise();
  const auto result = play(*loaded.loaded, options, breaker);
  CHECK(result.interrupted);
  REQUIRE(result.steps.size() == 2);
  CHECK(result.steps[1].status == step_status::not_run);
}

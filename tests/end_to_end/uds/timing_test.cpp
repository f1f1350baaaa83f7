// Time, 0x78, busy, and how answers are addressed.
#include <numeric>

#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/lines.hpp"

using namespace canstage::conversation;

TEST_CASE("UDS-100 work beyond P2 sends 0x78 before P2, then within each P2*") {
  converse("uds: { routines: { FF00: { start: { takes: 12s } } } }",
           {ask("31 01 FF 00", "71 01 FF 00").pending("{ count: 3, first_within: 50ms, each_within: 5s }"),
            ask("31 01 FF 00", "71 01 FF 00").final_within("12100ms")});
  converse(
      "uds: { response_pending: { first: 10ms, every: 1s, count: 5 }, routines: { FF00: { start: { takes: "
      "100ms } } } }",
      {ask("31 01 FF 00", "71 01 FF 00").pending("{ count: 5, first_within: 11ms, each_within: 1010ms }")});
  converse("uds: { response_pending: { count: 0 }, routines: { FF00: { start: { takes: 100ms } } } }",
           {ask("31 01 FF 00", "71 01 FF 00").pending("0")});
}

TEST_CASE("UDS-101 SPRMIB does not hold back a positive answer after a 0x78") {
  converse("uds: { routines: { FF00: { start: { takes: 1s } }, FF01: { start: { takes: 10ms } } } }",
           {ask("31 81 FF 00", "71 01 FF 00").pending("1"), ask("31 81 FF 01", silence)});
}

TEST_CASE("UDS-102 after a 0x78 a functional request is answered with NRCs that it would not get") {
  converse(
      "uds: {}\nrules:\n- { request: \"BA\", nrc: \"31\", takes: 1s }\n- { request: \"BB\", nrc: \"31\", "
      "takes: 10ms }",
      {ask_all("BA", "7F BA 31").pending("1"), ask_all("BB", silence)});
}

TEST_CASE("UDS-103 a second request while one is worked on is 21, or nothing; the first one completes") {
  // As frames, since a tester that waits for the first answer would take a 21 for it.
  const auto meanwhile = [](const std::string& busy) {
    return bus_log{
        converse(of_uds("routines: { FF00: { start: { takes: 1s } } }\nbusy: " + busy + "\n"), lines(R"(
    frame 7E0 04 31 01 FF 00
    wait 100ms
    frame 7E0 02 3E 00
    wait 500ms
    frame 7DF 02 3E 00
    wait 500ms
    3E 00 -> 7E 00
    )"))};
  };
  const bus_log refused = meanwhile("refuse");
  CHECK(refused.count("7E8 03 7F 31 78") == 1);
  CHECK(refused.count("7E8 03 7F 3E 21") == 2);
  CHECK(refused.count("7E8 04 71 01 FF 00") == 1);
  CHECK(refused.count("7E8 02 7E 00") == 1);  // the one that was asked for afterwards
  const bus_log ignored = meanwhile("ignore");
  CHECK(ignored.count("7E8 03 7F 3E") == 0);
  CHECK(ignored.count("7E8 04 71 01 FF 00") == 1);
  CHECK(ignored.count("7E8 02 7E 00") == 1);
  converse("uds: { response_time: 20ms, dids: { F190: A } }", {step(R"(parallel:
- - request: { to: ecu, bytes: "22 F1 90" }
    expect: "62 F1 90 41"
- - advance: 5ms
  - request: { to: ecu, bytes: "3E 00" }
    expect: { nrc: "21" }
)")});
}

TEST_CASE("UDS-104 a functional 3E 80 is accepted while a request is worked on") {
  converse("uds: { routines: { FF00: { start: { takes: 2s } } } }", {step(R"(parallel:
- - request: { to: ecu, bytes: "31 01 FF 00" }
    expect: "71 01 FF 00"
- - advance: 500ms
  - functional: { request: "3E 80" }
    expect: { others: silence }
)")});
}

TEST_CASE("UDS-105 an answer begins within P2 of the end of the request") {
  converse("uds: { response_time: 0ms..50ms, dids: { F190: WVWZZZ1JZXW000001 } }",
           {ask("22 F1 90", "62 F1 90 *").within("50ms"), ask("3E 00", "7E 00").within("51ms"),
            ask("22 F1 90 F1 90 F1 90 F1 90", "62 F1 90 *").within("51ms")});
}

TEST_CASE("UDS-106 two 0x78 are at least 0.3 P2* apart") {
  const auto gaps_of = [](std::string_view timing) {
    const bus_log log{converse(
        "uds: { timing: " + std::string{timing} + ", routines: { FF00: { start: { takes: 12s } } } }",
        {ask("31 01 FF 00", "71 01 FF 00")})};
    auto times = log.times("7E8 03 7F 31 78");
    std::adjacent_difference(times.begin(), times.end(), times.begin());
    return std::vector<long long>(times.begin() + 1, times.end());
  };
  const std::vector<long long> usual = gaps_of("{}");
  CHECK(usual.size() == 2);
  for (const long long gap : usual) CHECK(gap >= 1'500'000);
  const std::vector<long long> short_ones = gaps_of("{ p2: 20ms, p2_star: 1s }");
  CHECK(short_ones.size() >= 11);  // within each P2*
  for (const long long gap : short_ones) CHECK(gap >= 300'000);
}

TEST_CASE("UDS-107 functional requests are answered on the physical response identifier") {
  converse("uds: { dids: { F190: WVWZZZ1JZXW000001 } }",
           {ask_all("22 F1 90", "62 F1 90 *"), ask_all("10", "7F 10 13"), ask_all("3E 00", "7E 00")});
}

TEST_CASE("UDS-108 a functional request that is longer than a single frame is not heard") {
  // A first frame on 7DF: no flow control, no answer.
  const bus_log log{converse("uds: { dids: { F190: A } }",
                             {step("send_frame: { id: \"7DF\", data: \"10 09 22 F1 90 F1 90 F1\" }"),
                              wait("20ms"), step("send_frame: { id: \"7DF\", data: \"21 90 F1 90\" }"),
                              wait("20ms"), ask("22 F1 90", "62 F1 90 41")})};
  CHECK(log.count("7E8") == 1);
}

TEST_CASE("an ECU that ignores functional requests, and one that answers them always") {
  converse("uds: { functional_requests: ignore, dids: { F190: A } }",
           {ask_all("22 F1 90", silence), ask("22 F1 90", "62 F1 90 41"), ask_all("10 83", silence),
            ask("22 F1 86", "62 F1 86 01")});
  converse("uds: { functional_requests: answer_always, dids: {} }",
           {ask_all("22 12 34", "7F 22 31"), ask_all("BA", "7F BA 11"), ask_all("10 05", "7F 10 12"),
            ask_all("3E 80", silence)});
}

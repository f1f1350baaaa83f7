// The tester's side, where links outside of the process report an answer before the end of its request.
#include <chrono>

#include "catch2/catch.hpp"
#include "protocols/uds/exchange.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

namespace {

using isotp::n_result;

exchange_spec physical() {
  exchange_spec spec;
  spec.request = from_hex("22 F1 90");
  spec.kind = exchange_kind::physical;
  spec.responders = {{7, 50ms, 5s}};
  return spec;
}

TEST_CASE("a reaction that a link reports before the request's confirmation counts") {
  constexpr instant sent{1s};
  exchange e{physical()};
  SECTION("a 0x78") {
    e.on_reaction(sent + 1ms, 7, from_hex("7F 22 78"), n_result::n_ok);
    e.on_request_sent(sent, n_result::n_ok);
    CHECK(e.deadline() == sent + 1ms + 5s);
  }
  SECTION("an answer") {
    e.on_reaction(sent + 1ms, 7, from_hex("62"), n_result::n_ok);
    CHECK_FALSE(e.finished());
    e.on_request_sent(sent, n_result::n_ok);
    CHECK(e.finished());
  }
  SECTION("the begin of an answer") {
    e.on_reaction_started(sent + 1ms, 7);
    e.on_request_sent(sent, n_result::n_ok);
    CHECK(e.deadline() == never);
    e.on_reaction(sent + 9ms, 7, from_hex("62 01"), n_result::n_ok);
    REQUIRE(e.finished());
    CHECK(e.report().responders[0].reactions.at(0).started == sent + 1ms);
  }
  SECTION("one that turned out to be elsewhere's") {
    e.on_reaction_started(sent + 1ms, 7);
    e.on_reaction_elsewhere(sent + 2ms, 7);
    e.on_request_sent(sent, n_result::n_ok);
    CHECK(e.deadline() != never);
    CHECK(e.report().responders[0].reactions.empty());
  }
}

TEST_CASE("what began before the end of the request answers something else") {
  constexpr instant sent{1s};
  exchange e{physical()};
  SECTION("complete") { e.on_reaction(sent - 1ms, 7, from_hex("62"), n_result::n_ok); }
  SECTION("complete later") {
    e.on_reaction_started(sent - 1ms, 7);
    e.on_reaction(sent + 1ms, 7, from_hex("62 01"), n_result::n_ok);
  }
  SECTION("a 0x78") { e.on_reaction(sent - 1ms, 7, from_hex("7F 22 78"), n_result::n_ok); }
  SECTION("begun") { e.on_reaction_started(sent - 1ms, 7); }
  e.on_request_sent(sent, n_result::n_ok);
  CHECK_FALSE(e.finished());
  CHECK(e.deadline() == sent + 50ms);
  CHECK(e.report().responders[0].reactions.empty());
  e.on_reaction(sent + 5ms, 7, from_hex("62 02"), n_result::n_ok);
  CHECK(e.finished());
  CHECK(e.report().responders[0].reactions.size() == 1);
}

}  // namespace

}  // namespace canstage::uds::testing

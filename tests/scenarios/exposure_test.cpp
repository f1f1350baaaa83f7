// What other programs can join: how it is written, and what stands in its way.
#include "scenarios/exposure.hpp"

#include "catch2/catch.hpp"
#include "tests/scenarios/loaded.hpp"

namespace canstage::scenarios {
namespace {

constexpr std::string_view cast = R"(
canstage: 1
buses: { can: {}, other: {} }
ecus: { engine: { bus: can, address: { request: "7E0", response: "7E8" } } }
endpoints:
  a: { bus: can, rx: "123", tx: "456" }
  b: { bus: can, rx: "456", tx: "123", do: echo }
)";

/// The scenario with these exposures; `problem` is what is wrong with the first of them that is.
scenario exposed(const std::vector<std::string>& words, std::string& problem, std::string_view more = "") {
  auto play = loaded(std::string{cast} + std::string{more});
  for (const auto& word : words) {
    auto made = parse_exposure(word, play, problem);
    if (!made) return play;
    play.exposures.push_back(*std::move(made));
    problem = obstacle(play, play.exposures.size() - 1);
    if (!problem.empty()) return play;
  }
  return play;
}

std::string problem_of(const std::vector<std::string>& words, std::string_view more = "") {
  std::string problem;
  exposed(words, problem, more);
  return problem;
}

TEST_CASE("exposures are written as they are read", "[exposure]") {
  std::string problem;
  const auto* const text = GENERATE("can=socketcand:127.0.0.1:29536/can0", "engine=isotpserver:0.0.0.0:1",
                                    "a=isotpserver:[::1]:7000");
  const auto play = exposed({text}, problem);
  CHECK(problem.empty());
  CHECK(to_string(play.exposures.front(), play, play.exposures.front().listen.port) == text);
}

TEST_CASE("without a host only this machine can join, and a bus has its own name", "[exposure]") {
  std::string problem;
  const auto play = exposed({"can=socketcand:29536"}, problem);
  CHECK(to_string(play.exposures.front(), play, 29536) == "can=socketcand:127.0.0.1:29536/can");
}

TEST_CASE("an endpoint that is exposed has nobody here, and time is real", "[exposure]") {
  std::string problem;
  const auto play = exposed({"a=isotpserver:0"}, problem);
  CHECK(problem.empty());
  CHECK(is_exposed(play, 0));
  CHECK_FALSE(is_exposed(play, 1));
  CHECK(usual_time(play) == time_mode::real_time);
}

TEST_CASE("what cannot be exposed", "[exposure]") {
  CHECK(problem_of({"can"}) ==
        "BUS=socketcand:HOST:PORT or ECU_OR_ENDPOINT=isotpserver:HOST:PORT was expected");
  CHECK(problem_of({"engine=socketcand:1"}).ends_with("has no bus engine"));
  CHECK(problem_of({"can=isotpserver:1"}).ends_with("has no ECU or endpoint can"));
  CHECK(problem_of({"can=socketcand:1/a name"}) ==
        "clients of socketcand open buses by names of 1 to 15 characters without blanks");
  CHECK(problem_of({"b=isotpserver:1"}) ==
        "an endpoint is exposed with 'do: none' only: its TCP client decides what it does");
  CHECK(problem_of({"a=isotpserver:1"},
                   "steps: [ { repeat: { times: 2, steps: [ { request: { from: a, to: b, bytes: "
                   "01 } } ] } } ]\n") ==
        "steps send in the name of this endpoint, so that no TCP client can");
}

TEST_CASE("exposures beside each other", "[exposure]") {
  CHECK(problem_of({"can=socketcand:1/x", "other=socketcand:1/y"}).empty());
  CHECK(problem_of({"engine=isotpserver:0", "engine=isotpserver:0"}).empty());
  CHECK(problem_of({"can=socketcand:1/x", "other=socketcand:1/x"}) ==
        "there is a bus x at 127.0.0.1:1 already");
  CHECK(problem_of({"can=socketcand:1", "engine=isotpserver:1"}) == "127.0.0.1:1 is where can listens");
  CHECK(problem_of({"a=isotpserver:1", "a=isotpserver:2"}) ==
        "this endpoint is exposed already, and has one user");
}

}  // namespace
}  // namespace canstage::scenarios

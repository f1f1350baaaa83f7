#include "tests/end_to_end/uds/conversation.hpp"

#include <memory>
#include <sstream>
#include <utility>

#include "catch2/catch.hpp"
#include "scenarios/loader.hpp"
#include "scenarios/play.hpp"
#include "scenarios/reports.hpp"

namespace canstage::conversation {

namespace {

std::string indented(std::string_view text, const std::string& by) {
  std::string result;
  std::istringstream in{std::string{text}};
  for (std::string line; std::getline(in, line);) result += by + line + "\n";
  return result;
}

std::string quoted(std::string_view text) { return "\"" + std::string{text} + "\""; }

std::string answer_text(std::string_view answer) {
  return answer == silence ? "silence" : "reply: " + quoted(answer);
}

struct played {
  std::string text;
  std::string json;
  std::string trace;
  bool passed = false;
};

played play_in(scenarios::cast_kind kind, const scenarios::scenario& what) {
  const auto trace = std::make_shared<std::ostringstream>();
  scenarios::play_options options;
  options.kind = kind;
  options.trace = trace;
  scenarios::interruption breaker;
  const auto result = scenarios::play(what, options, breaker);
  std::ostringstream text;
  scenarios::write_text(text, result, {});
  std::ostringstream json;
  scenarios::write_json(json, {result});
  return {text.str(), json.str(), trace->str(), result.passed()};
}

}  // namespace

turn::turn(std::string action, std::string expectation)
    : action_(std::move(action)), expectation_(std::move(expectation)) {}

turn turn::expect(std::string_view key, std::string_view value) const {
  turn result = *this;
  result.expectation_ += ", " + std::string{key} + ": " + std::string{value};
  return result;
}

turn turn::within(std::string_view time) const { return expect("within", time); }
turn turn::final_within(std::string_view time) const { return expect("final_within", time); }
turn turn::pending(std::string_view expected) const { return expect("pending", expected); }

turn turn::window(std::string_view time) const {
  turn result = *this;
  result.window_ = time;
  return result;
}

std::string turn::yaml(const std::string& indentation) const {
  std::string action = action_;
  if (!window_.empty()) action.insert(action.rfind('}'), ", window: " + window_);
  std::string result = indented(action, indentation + "  ");
  result.replace(indentation.size(), 2, "- ");
  if (expectation_.empty()) return result;
  const bool functional = action_.starts_with("functional");
  const std::string inner = expectation_ == "silence" ? expectation_ : "{ " + expectation_ + " }";
  return result + indentation + "  expect: " + (functional ? "{ others: " + inner + " }" : inner) + "\n";
}

turn ask(std::string_view request, std::string_view answer) { return ask_other("ecu", request, answer); }

turn ask_other(std::string_view who, std::string_view request, std::string_view answer) {
  return {"request: { to: " + std::string{who} + ", bytes: " + quoted(request) + " }", answer_text(answer)};
}

turn ask_all(std::string_view request, std::string_view answer) {
  return {"functional: { request: " + quoted(request) + " }", answer_text(answer)};
}

turn wait(std::string_view time) { return {"advance: " + std::string{time}, ""}; }

turn power_cycle() { return {"reset: ecu", ""}; }

turn step(std::string_view yaml) { return {std::string{yaml}, ""}; }

std::string converse(std::string_view ecu, std::span<const turn> turns, std::string_view others,
                     std::string_view buses) {
  std::string text = "canstage: 1\nbuses: { can: { bitrate: 500k }, " + std::string{buses} +
                     " }\ntesters: { tester: { bus: can } }\necus:\n  ecu:\n"
                     "    address: { request: 7E0, response: 7E8 }\n" +
                     indented(ecu, "    ") + std::string{others} + "\nsteps:\n";
  for (const turn& one : turns) text += one.yaml("  ");
  return play_whole(text);
}

std::string play_whole(const std::string& text) {
  INFO(text);
  const auto loaded = scenarios::load_text(text, "conversation.yaml");
  for (const auto& problem : loaded.problems) UNSCOPED_INFO(to_string(problem));
  REQUIRE(loaded.loaded);
  const played normal = play_in(scenarios::cast_kind::normal, *loaded.loaded);
  const played ensemble = play_in(scenarios::cast_kind::ensemble, *loaded.loaded);
  INFO(normal.text);
  INFO(normal.trace);
  CHECK(normal.passed);
  CHECK(normal.json == ensemble.json);
  CHECK(normal.trace == ensemble.trace);
  return normal.trace;
}

}  // namespace canstage::conversation

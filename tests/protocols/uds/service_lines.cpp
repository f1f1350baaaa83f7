#include "tests/protocols/uds/service_lines.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

#include "catch2/catch.hpp"

namespace canstage::uds::testing {

namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool fits(const std::string& answer, const std::string& expected) {
  if (expected == "silence") return answer.empty();
  if (expected.find_first_of("*?") == std::string::npos) return answer == expected;
  return !answer.empty() && pattern_of(expected).matches(from_hex(answer));
}

std::string joined(const std::string& one, const std::string& other) {
  return one + (one.empty() || other.empty() ? "" : " | ") + other;
}

}  // namespace

plain_ecu::plain_ecu(server_config config)
    : machine_(std::make_shared<const server_config>(std::move(config)), random_stream{1, "ecu"}) {}

std::string plain_ecu::ask(const std::string& request, isotp::target_type target) {
  machine_.on_request(now_, from_hex(request), target);
  std::string sent = take();
  while (machine_.busy() && machine_.deadline() != never) sent = joined(sent, step());
  return sent;
}

std::string plain_ecu::run(duration time) {
  const instant begin = now_;
  std::string sent;
  while (machine_.deadline() <= begin + time) {
    const std::string text = step();
    if (!text.empty()) sent = joined(sent, "+" + std::to_string((now_ - begin) / 1ms) + "ms " + text);
  }
  now_ = begin + time;
  return sent;
}

void plain_ecu::reset() {
  machine_.reset(now_);
  take();
}

std::string plain_ecu::step() {
  now_ = std::max(now_, machine_.deadline());
  machine_.on_time(now_);
  return take();
}

std::string plain_ecu::take() {
  std::string sent;
  while (const auto next = machine_.poll()) {
    const auto* message = std::get_if<respond>(&*next);
    if (message == nullptr) continue;
    sent = joined(sent, to_hex(message->message));
    machine_.on_response_sent(now_);
  }
  return sent;
}

void holds(const std::string& text, server_config config) {
  plain_ecu ecu{std::move(config)};
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) {
    line = trimmed(line.substr(0, line.find('#')));
    const auto arrow = line.find("->");
    if (line.starts_with("wait ")) ecu.run(std::chrono::milliseconds{std::stoi(line.substr(5))});
    if (line == "reset") ecu.reset();
    if (arrow == std::string::npos) continue;
    std::string request = trimmed(line.substr(0, arrow));
    const bool functional = request.starts_with("all ");
    if (functional) request = request.substr(4);
    const std::string answer =
        ecu.ask(request, functional ? isotp::target_type::functional : isotp::target_type::physical);
    CAPTURE(line, answer);
    CHECK(fits(answer, trimmed(line.substr(arrow + 2))));
  }
}

}  // namespace canstage::uds::testing

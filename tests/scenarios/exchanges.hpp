// Exchanges as the tests want them: what who answered when, in milliseconds after the request.
#pragma once

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/uds/exchange.hpp"
#include "protocols/uds/service.hpp"
#include "scenarios/expectation.hpp"

namespace canstage::scenarios::test {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""us;
using std::chrono_literals::operator""ns;
using std::chrono_literals::operator""s;

/// The end of every request: not zero, so that forgotten subtractions show.
inline constexpr instant request_end{1s};

inline bytes hex(std::string_view text) {
  text_error error;
  return parse_hex(text, error).value();
}

inline uds::pattern pattern(std::string_view text) {
  text_error error;
  return uds::pattern::parse(text, error).value();
}

/// A message that began `begin` and ended `end` after the request.
inline uds::reaction answer(duration begin, duration end, std::string_view text) {
  const bytes message = hex(text);
  const bool pending = message.size() == 3 && message[0] == 0x7F && message[2] == 0x78;
  return {request_end + begin, request_end + end, message, isotp::n_result::n_ok, pending};
}

inline uds::reaction answer(duration at, std::string_view text) { return answer(at, at, text); }

inline uds::reaction broken(duration begin, duration end, isotp::n_result result) {
  return {request_end + begin, request_end + end, {}, result, false};
}

inline uds::responder_report reactions(std::vector<uds::reaction> what, std::uint32_t key = 0) {
  return {key, std::move(what), {}};
}

inline uds::exchange_report exchange(std::vector<uds::responder_report> responders,
                                     duration listened = 200ms) {
  uds::exchange_report report;
  report.request_sent = request_end;
  report.finished = request_end + listened;
  report.responders = std::move(responders);
  return report;
}

inline responder_expectation reply(std::string_view text) {
  responder_expectation expected;
  expected.reply = pattern(text);
  return expected;
}

inline responder_expectation reply_within(std::string_view text, duration within) {
  responder_expectation expected = reply(text);
  expected.within = within;
  return expected;
}

inline responder_expectation negative(std::uint8_t code) {
  responder_expectation expected;
  expected.what = responder_expectation::kind::nrc;
  expected.nrc_code = code;
  return expected;
}

inline responder_expectation break_off(isotp::n_result result) {
  responder_expectation expected;
  expected.what = responder_expectation::kind::break_off;
  expected.result = result;
  return expected;
}

inline responder_expectation silence() {
  responder_expectation expected;
  expected.what = responder_expectation::kind::silence;
  return expected;
}

inline responder_expectation anything() {
  responder_expectation expected;
  expected.what = responder_expectation::kind::anything;
  return expected;
}

}  // namespace canstage::scenarios::test

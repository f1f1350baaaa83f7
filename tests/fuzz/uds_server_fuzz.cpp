// A UDS server with everything, under junk: requests, confirmations, time, resets as the input says. Any
// bytes in any state get an answer that the rules allow, or silence; never a second final answer.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "protocols/uds/execute.hpp"
#include "protocols/uds/server.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/protocols/uds/config_with_everything.hpp"

namespace canstage::uds {

namespace {

using namespace std::chrono_literals;
using testing::config_with_everything;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Whether the request's SPRMIB means something.
bool asks_for_silence(byte_view request) {
  const auto rows = all_services();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const service& s) {
    return static_cast<std::uint8_t>(s.id) == request[0];
  });
  return row != rows.end() && row->subfunction != subfunction_kind::none && request.size() > 1 &&
         (request[1] & suppress_positive) != 0;
}

/// A server and what is known of its present request.
class arena {
 public:
  arena()
      : machine_(std::make_shared<const server_config>(config_with_everything()), random_stream{1, "ecu"}) {}

  void request(byte_view message, isotp::target_type target) {
    if (!machine_.busy()) {
      sid_ = message.empty() ? 0 : message[0];
      functional_ = target == isotp::target_type::functional;
      silent_ = !message.empty() && asks_for_silence(message);
      pending_ = false;
      finals_ = 0;
      events_ = events_ || sid_ == static_cast<std::uint8_t>(sid::response_on_event);
      answerable_ = !message.empty() && (message[0] & positive_offset) == 0;
    } else {
      ++refused_;
    }
    machine_.on_request(now_, message, target);
    drain();
  }
  void advance(duration time) {
    const instant end = now_ + time;
    while (machine_.deadline() <= end) {
      now_ = std::max(now_, machine_.deadline());
      machine_.on_time(now_);
      require(machine_.deadline() > now_);
      drain();
    }
    now_ = end;
  }
  void confirm() { machine_.on_response_sent(now_), drain(); }
  void reception_started() { machine_.on_reception_started(now_), drain(); }
  void reception_failed() { machine_.on_reception_failed(now_), drain(); }
  void time() { machine_.on_time(now_), drain(); }
  void reset() { machine_.reset(now_), drain(); }
  void change(std::uint8_t what) {
    const auto dtc = static_cast<std::uint16_t>(what % 3);
    switch (what >> 2 & 3) {
      case 0:
        return machine_.on_stimulus(now_, test_outcome{dtc, static_cast<test_result>(what >> 6)}), drain();
      case 1:
        return machine_.on_stimulus(now_, data_change{0x0100, {what}}), drain();
      case 2:
        return machine_.on_stimulus(now_, status_change{dtc, what}), drain();
      default:
        return machine_.on_stimulus(now_, next_operation_cycle{}), drain();
    }
  }

  /// Whatever happened, it comes to rest.
  void finish() {
    reception_failed();
    for (int i = 0; i < 100; ++i) confirm(), advance(1s);
    require(!machine_.busy());
    require(machine_.diagnostic_session() == default_diagnostic_session);
    require(machine_.deadline() == never);
  }

 private:
  void drain() {
    while (const auto event = machine_.poll()) {
      if (const auto* sent = std::get_if<respond>(&*event)) {
        check(sent->message);
      } else if (!std::holds_alternative<send_frame>(*event)) {
        refused_ = 0;
      }
    }
  }

  /// What no request asked for: data of 2A, which is longer than its answer; and what an event is answered
  /// by, or told with, once 86 may have set one up. That looks like any answer.
  bool is_announcement(const bytes& message) const {
    constexpr std::uint8_t by_events[] = {0x59, 0x62, 0x6F, 0x71, 0xC6};
    if (message[0] == 0x6A) return message.size() > 1;
    return events_ &&
           std::find(std::begin(by_events), std::end(by_events), message[0]) != std::end(by_events);
  }

  void check(const bytes& message) {
    require(!message.empty() && message.size() <= machine_.config().max_response);
    const bool negative_answer = message[0] == negative_response;
    if (negative_answer && message.size() == 3 && message[2] == 0x21 && refused_ > 0) {
      --refused_;
      return;
    }
    if (is_announcement(message)) return;
    require(answerable_ && answers_request(message, sid_));
    require(finals_ == 0);
    if (is_response_pending(message, sid_)) {
      pending_ = true;
      return;
    }
    ++finals_;
    if (pending_) return;
    require(!(functional_ && negative_answer && is_suppressed_for_functional(message[2])));
    require(!(silent_ && !negative_answer));
  }

  server machine_;
  instant now_{};
  std::uint8_t sid_ = 0;
  bool functional_ = false;
  bool silent_ = false;
  bool pending_ = false;
  bool answerable_ = false;
  bool events_ = false;  ///< 86 was asked for
  unsigned finals_ = 0;
  unsigned refused_ = 0;
};

void step(arena& a, fuzz_input& in) {
  const std::uint8_t what = in.byte();
  switch (what & 7) {
    case 0:
      return a.advance((what >> 3) * 20ms);
    case 1:
      return a.confirm();
    case 2:
      return a.request(in.some(what >> 3), isotp::target_type::functional);
    case 3:
      return a.reception_started();
    case 4:
      return a.reception_failed();
    case 5:
      if (what == 0xF5) return a.change(in.byte());
      return what == 0xFD ? a.reset() : a.time();
    default:
      return a.request(in.some(what >> 3), isotp::target_type::physical);
  }
}

}  // namespace

}  // namespace canstage::uds

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace canstage::uds;
  canstage::fuzz_input in{{data, size}};
  arena a;
  while (!in.empty()) step(a, in);
  a.finish();
  return 0;
}

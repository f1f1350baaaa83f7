// A UDS server (ISO 14229-1, -2): one request at a time, decided by rules and tables, answered in time.
//
// Rules, whatever hosts this machine:
//  - One input, then `poll` until empty, then look at `deadline`.
//  - Free rules come first, then the services. Every SID that is none of the server's is NRC 0x11;
//    response SIDs (bit 6) and 0x7F get silence. A rule only answers: it changes no state.
//  - To a functional request NRC 11, 12, 31, 7E and 7F are not sent, and SPRMIB suppresses positive
//    answers: both unless a 0x78 went out for that request. A rule's NRC follows the first; a rule's
//    reply is what the test engineer wrote down and is always sent.
//  - While an answer is due, another request gets NRC 0x21 or, if the ECU is made so, nothing; but for a
//    functional 3E 80, which only keeps S3 alive.
//  - S3 runs in a non-default diagnostic session while no request is received, worked on or answered.
//  - A request takes effect when it is received; only its answer, and ECUReset, wait.
//  - Non-volatile memory, as written values, survives `reset()` and ECUReset. Everything else, the counts
//    of `times` included, is as after power-on.
//  - An ECU that restarts may be off for a while: it is not on the bus then and hears nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/isotp/parameters.hpp"
#include "protocols/random.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/server_config.hpp"
#include "protocols/uds/server_events.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/stimulus.hpp"

namespace canstage::uds {

class server {
 public:
  server(std::shared_ptr<const server_config> config, random_stream randomness);
  /// Before the first input: `what` decides before rules and tables.
  void follow(std::shared_ptr<script> what);

  // Observers.
  const server_config& config() const;
  std::uint8_t diagnostic_session() const;
  bool busy() const;  ///< a request is being worked on or answered, or there is no power
  instant deadline() const;

  // Inputs.

  /// N_USData_FF.indication: a request is on its way, S3 waits.
  void on_reception_started(instant now);

  /// N_USData.indication with N_OK.
  void on_request(instant now, byte_view request, isotp::target_type target);

  /// N_USData.indication with an error: the request never became one.
  void on_reception_failed(instant now);

  /// N_USData.confirm of the oldest `respond` that was not confirmed yet, whatever its result.
  void on_response_sent(instant now);

  /// Something changes in the ECU without a request.
  void on_stimulus(instant now, const stimulus& what);

  void on_time(instant now);

  /// Power loss and return, the latter not if it `stays_off`: everything volatile is as after power-on.
  /// Outputs that were not polled are gone, and nothing outstanding is confirmed any more.
  void reset(instant now, bool stays_off = false);

  // Outputs.
  std::optional<server_event> poll();

 private:
  /// Where the one request is that is not finished yet.
  enum class phase : std::uint8_t {
    idle,             ///< there is none
    working,          ///< until `ready_at_`
    sending_pending,  ///< a 0x78 waits for its confirmation, the work goes on
    sending_answer,   ///< the final answer waits for its confirmation
    off,              ///< no power until `ready_at_`
  };

  /// What a message that was handed out is to the server.
  enum class role : std::uint8_t {
    of_present_request,  ///< its 0x78 or its answer; there is one at most
    refusal,             ///< 0x21
    announcement,
  };

  /// What is to be done with a request: decided at once, carried out when it is time.
  struct plan {
    bytes answer;  ///< empty: none
    duration delay{0};
    bool only_after_pending = false;  ///< suppressed unless a 0x78 went out
    bool reports_pending = false;     ///< `delay` is working time
    std::optional<std::uint8_t> reset_type{};
  };

  void catch_up(instant now);
  void announce(instant now);
  void begin(instant now, plan next);
  void advance(instant now);
  void answer(instant now);
  void finish_request(instant now);
  void restart_s3(instant now);
  void power_off(instant now, std::uint8_t reset_type, bool stays_off = false);
  void power_on(instant now, std::uint8_t reset_type);
  void schedule_pending(instant at);
  void send(role what, bytes message);
  std::optional<plan> ask_script(instant now, byte_view request, isotp::target_type target);
  const rule* match_rule(byte_view request, captures& caught);
  plan plan_rule(const rule& matched, byte_view request, isotp::target_type target, const captures& caught);
  plan plan_service(instant now, byte_view request, isotp::target_type target);
  bool is_silent(std::uint8_t nrc_code, isotp::target_type target) const;
  duration draw(const time_range& range);

  server_state state_;
  random_stream randomness_;

  phase phase_ = phase::idle;
  bool receiving_ = false;  ///< between N_USData_FF.indication and N_USData.indication
  std::uint8_t sid_ = 0;
  std::uint32_t pending_count_ = 0;  ///< 0x78 of the present request so far
  plan plan_;
  instant ready_at_ = never;     ///< the work is done, or there is power again
  instant pending_at_ = never;   ///< the next 0x78; only while `working`
  instant s3_deadline_ = never;  ///< never: S3 stands still

  std::vector<role> unconfirmed_;               ///< messages that were handed out, the oldest first
  lazy<std::vector<std::uint32_t>> rule_uses_;  ///< one per rule; empty until a rule with `times` fits
  std::vector<server_event> outputs_;
  std::size_t next_output_ = 0;
};

}  // namespace canstage::uds

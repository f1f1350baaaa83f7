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
//    functional 3E 80, which only keeps S3 alive. Testers with addresses of their own share that one place,
//    or have one each (`several_testers`); the diagnostic session is the ECU's in any case.
//  - S3 runs in a non-default diagnostic session while no request is received, worked on or answered, of
//    whatever tester.
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
#include "protocols/uds/request_progress.hpp"
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
  /// Before the first input: what its answers have wrong.
  void misbehave(std::vector<drawn_answer_fault> faults);

  // Observers.
  const server_config& config() const;
  std::uint8_t diagnostic_session() const;
  bool busy() const;  ///< a request is being worked on or answered, or there is no power
  instant deadline() const;

  // Inputs. `tester`: on whose addresses, below `most_testers`.

  /// N_USData_FF.indication: a request is on its way, S3 waits.
  void on_reception_started(instant now, tester_number tester = 0);

  /// N_USData.indication with N_OK.
  void on_request(instant now, byte_view request, isotp::target_type target, tester_number tester = 0);

  /// N_USData.indication with an error: the request never became one.
  void on_reception_failed(instant now, tester_number tester = 0);

  /// N_USData.confirm of the oldest `respond` to that tester that was not confirmed yet, whatever its result.
  void on_response_sent(instant now, tester_number tester = 0);

  /// Something changes in the ECU without a request.
  void on_stimulus(instant now, const stimulus& what);

  void on_time(instant now);

  /// Power loss and return, the latter not if it `stays_off`: everything volatile is as after power-on.
  /// Outputs that were not polled are gone, and nothing outstanding is confirmed any more.
  void reset(instant now, bool stays_off = false);

  // Outputs.
  std::optional<server_event> poll();

 private:
  /// What a message that was handed out is to the server.
  enum class role : std::uint8_t {
    of_present_request,  ///< its 0x78 or its answer; there is one at most
    refusal,             ///< 0x21
    declined,            ///< 0x21 to who does not own the diagnostic session
    announcement,
  };

  struct handed_out {
    role what;
    tester_number tester;
  };

  request_progress& progress_of(tester_number tester);
  bool is_off() const { return first_.phase == request_phase::off; }
  bool is_declined(tester_number tester) const;
  void refuse(const request_progress& of, byte_view request, isotp::target_type target, tester_number tester);
  void catch_up(instant now);
  void announce(instant now);
  void begin(instant now, request_progress& of, answer_plan next);
  void advance(instant now, request_progress& of);
  void answer(instant now, request_progress& of);
  void finish_request(instant now, request_progress& of);
  void restart_s3(instant now);
  void power_off(instant now, std::uint8_t reset_type, bool stays_off = false);
  void power_on(instant now, std::uint8_t reset_type);
  void schedule_pending(request_progress& of, instant at);
  void send(role what, bytes message, tester_number tester);
  std::optional<answer_plan> decide(instant now, byte_view request, isotp::target_type target);
  std::optional<answer_plan> decide_wrongly(instant now, byte_view request, isotp::target_type target);
  std::optional<answer_plan> decide_well(instant now, byte_view request, isotp::target_type target);
  void answer_once_more(instant now);
  std::optional<answer_plan> ask_script(byte_view request, isotp::target_type target);
  const rule* match_rule(byte_view request, captures& caught);
  answer_plan plan_rule(const rule& matched, byte_view request, isotp::target_type target,
                        const captures& caught);
  answer_plan plan_service(instant now, byte_view request, isotp::target_type target);
  bool is_silent(std::uint8_t nrc_code, isotp::target_type target) const;

  server_state state_;
  random_stream randomness_;

  request_progress first_;                      ///< of all testers, or of the first one
  lazy<std::vector<request_progress>> others_;  ///< of testers from 1 on, as far as they have asked
  std::uint16_t receiving_ = 0;  ///< a bit per tester: between N_USData_FF.indication and N_USData.indication
  tester_number session_owner_ = 0;  ///< who asked for the present diagnostic session
  instant s3_deadline_ = never;      ///< never: S3 stands still

  std::vector<handed_out> unconfirmed_;         ///< the oldest first
  lazy<std::vector<std::uint32_t>> rule_uses_;  ///< one per rule; empty until a rule with `times` fits
  std::vector<server_event> outputs_;
  std::size_t next_output_ = 0;
};

}  // namespace canstage::uds

// Drives one server by text and keeps what it sent: "10 03" gives "50 03 00 32 01 F4" at "+2ms".
//
// The stage checks after every input what has to hold in every state:
//  - there is no output after `poll` was empty once,
//  - after `on_time` the deadline is not in the past,
//  - S3 runs in a non-default diagnostic session only, and in one whenever nothing holds it,
//  - a request that is accepted gets at most one final answer, a suppressed one none.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocols/random.hpp"
#include "protocols/uds/server.hpp"

namespace canstage::uds::testing {

using namespace std::chrono_literals;

bytes from_hex(std::string_view text);
pattern pattern_of(std::string_view text);
reply_template template_of(std::string_view text);

/// A rule from texts; `rule_nrc` and `rule_silence` likewise.
rule rule_reply(std::string_view request, std::string_view reply);
rule rule_nrc(std::string_view request, std::uint8_t code);
rule rule_silence(std::string_view request);

/// F190 (read only, 3 bytes), F18C (writable in the extended diagnostic session, 2 bytes) and 0100
/// (writable, 1 byte); answers after 2 ms.
server_config usual_config();

/// `usual_config` with work to do: 31 01 for 12 s, 31 02 for 30 ms, 31 03 for 12 s and refuses with 31,
/// 31 04 likewise for 30 ms, 31 05 for 100 ms and says nothing, 3E 80 for 100 ms and answers.
server_config working_config();

class server_stage {
 public:
  explicit server_stage(server_config config = usual_config(), std::uint64_t seed = 1);

  server& machine() { return server_; }
  instant now() const { return now_; }
  std::size_t unconfirmed() const { return unconfirmed_; }
  bool receiving() const { return receiving_; }

  /// Whether answers are confirmed in the instant in which they are sent (true at first).
  void confirm_by_hand() { confirms_ = false; }

  // Inputs at the present time.
  void request(byte_view message, isotp::target_type target = isotp::target_type::physical);
  void request(std::string_view text) { request(from_hex(text)); }
  void functional(std::string_view text) { request(from_hex(text), isotp::target_type::functional); }
  void reception_started();
  void reception_failed();
  void confirm();  ///< the oldest response
  void time();     ///< `on_time`, whether due or not
  void reset();

  /// Time passes; deadlines are met.
  void run(duration time);
  void run_to(instant end);

  /// Sends a request, lets one second pass or less (until the server is idle), gives what was sent:
  /// "62 F1 90 41", several with " | " between, "" for silence.
  std::string ask(std::string_view text, isotp::target_type target = isotp::target_type::physical);
  std::string ask_functional(std::string_view text) { return ask(text, isotp::target_type::functional); }

  /// What was sent since the last call, times from the latest request on: "+2ms 50 03 00 32 01 F4".
  std::vector<std::string> log();

 private:
  struct outstanding {
    bool accepted = false;    ///< not refused as busy
    bool suppressed = false;  ///< no answer may come, unless a 0x78 did
    bool pending = false;
    unsigned answers = 0;
    std::uint8_t sid = 0;
  };

  void drain();
  void left_bus();
  void note(const respond& sent);
  void check();

  server_config config_;
  server server_;
  instant now_{};
  instant asked_{};
  bool confirms_ = true;
  bool receiving_ = false;
  std::size_t unconfirmed_ = 0;
  std::optional<outstanding> present_;
  std::uint32_t refused_ = 0;  ///< 0x21 that have to come
  std::vector<std::string> log_;
};

/// Enters the extended diagnostic session without an answer.
void go_extended(server_stage& s);

}  // namespace canstage::uds::testing

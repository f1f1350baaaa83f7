// A request from its reception to the confirmation of its answer.
#pragma once

#include <cstdint>
#include <optional>

#include "protocols/bytes.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/server_events.hpp"

namespace canstage::uds {

/// What is to be done with a request: decided at once, carried out when it is time.
struct answer_plan {
  bytes answer;  ///< empty: none
  duration delay{0};
  bool only_after_pending = false;  ///< suppressed unless a 0x78 went out
  bool reports_pending = false;     ///< `delay` is working time
  std::optional<std::uint8_t> reset_type{};
};

enum class request_phase : std::uint8_t {
  idle,             ///< there is none
  working,          ///< until `ready_at`
  sending_pending,  ///< a 0x78 waits for its confirmation, the work goes on
  sending_answer,   ///< the final answer waits for its confirmation
  off,              ///< no power until `ready_at`
};

/// What holds one request at a time: a protocol instance of the server.
struct request_progress {
  request_phase phase = request_phase::idle;
  std::uint8_t sid = 0;  ///< off: the sub-function of 0x11
  tester_number tester = 0;
  std::uint32_t pending_count = 0;  ///< 0x78 of the present request so far
  answer_plan plan;
  instant ready_at = never;    ///< the work is done, or there is power again
  instant pending_at = never;  ///< the next 0x78; only while `working`
};

}  // namespace canstage::uds

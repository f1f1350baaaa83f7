// FS, what a flow control says, and what a receiver chooses to say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace canstage::isotp {

/// FS, the first of the three values of an FC. 3-F are reserved and arrive as they are.
enum class flow_status : std::uint8_t { cts = 0, wait = 1, ovflw = 2 };

/// How a receiver answers an FF and the end of each block (ISOTP-075, 076).
struct flow_control_policy {
  /// One per FC of a message, in order; the last one repeats, and each FF begins anew. Empty: always
  /// CTS. An FC.WAIT is followed by the next answer after `wait_interval`. FC.OVFLW ends the message
  /// with N_BUFFER_OVFLW; as the first answer it refuses it, and nothing has begun.
  std::vector<flow_status> answers;

  static flow_control_policy always_cts() { return {}; }

  /// `waits` times FC.WAIT after each FF, then CTS.
  static flow_control_policy wait_first(std::size_t waits);

  static flow_control_policy overflow() { return {{flow_status::ovflw}}; }

  /// The answer number `index` (from 0) of a message.
  flow_status answer(std::size_t index) const {
    if (answers.empty()) return flow_status::cts;
    return answers[index < answers.size() ? index : answers.size() - 1];
  }

  friend bool operator==(const flow_control_policy&, const flow_control_policy&) = default;
};

}  // namespace canstage::isotp

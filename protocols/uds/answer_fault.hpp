// What an ECU's answers have wrong, on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/fault_trigger.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/pattern.hpp"
#include "protocols/uds/server_events.hpp"

namespace canstage::uds {

enum class answer_action : std::uint8_t {
  nrc,           ///< refused with `nrc_code`; the request has no effect
  silence,       ///< not answered; the request has no effect
  late,          ///< `by` later than it would be
  wrong_length,  ///< `length` bytes, or `delta` more than it has; 00 where there is nothing
  wrong_did,     ///< what it repeats of the request's DID, RID or sub-function is another
  extra_answer,  ///< one more answer, `by` after the first: `extra`, or the same
};

struct answer_fault {
  std::uint32_t number = 0;  ///< in `fault_taken`, and to switch it
  pattern request;           ///< which requests are its occasions
  fault_trigger when{};
  answer_action action = answer_action::silence;
  std::uint8_t nrc_code = 0;
  duration by{0};
  std::optional<std::size_t> length{};
  std::int64_t delta = 0;
  std::optional<std::uint16_t> did{};  ///< none: the right one plus 1
  bytes extra{};
};

/// A fault, and what its run knows of its randomness.
struct drawn_answer_fault {
  answer_fault what;
  fault_draw draw;
};

/// The faults of one server at work.
class answer_faults {
 public:
  void add(std::vector<drawn_answer_fault> all);
  bool empty() const { return faults_.empty(); }

  void arm(std::uint32_t fault, bool on);

  /// The fault that decides about this request, the first in their order, and at which occasion.
  struct taken {
    const answer_fault* what;
    std::uint32_t occasion;
  };
  std::optional<taken> on_request(instant now, byte_view request);

  /// An answer that follows another one is kept until the request has ended.
  void keep_extra(tester_number tester, bytes message, duration by);
  void on_request_ended(instant now, tester_number tester);
  /// Power is lost, and with it what is kept.
  void forget_extras() { extras_.clear(); }

  instant deadline() const;
  struct extra {
    tester_number tester = 0;
    bytes message;
    duration by{0};
    instant due = never;  ///< never: the request has not ended
  };
  /// The next one that is due.
  std::optional<extra> take_extra(instant now);

 private:
  std::vector<answer_fault> faults_;
  std::vector<fault_state> states_;
  std::vector<extra> extras_;
};

/// The answer with its fault.
void spoil(const answer_fault& with, bytes& answer);

}  // namespace canstage::uds

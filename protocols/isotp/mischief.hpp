// The misbehaviour of one endpoint at work: counts its frames and says which of them deviate.
//
// Rules:
//  - A sender asks for each message, then for each CF: the time before it, its fate, its bytes. A
//    receiver asks for each message, then for each FC: whether to send it, what it says, its bytes.
//  - A CF that is sent again (`repeated_sn`) is a CF of its own to all counters.
//  - A fault counts as fired only if it changed something: a CF without STmin cannot be early.
#pragma once

#include <cstdint>

#include "protocols/can/frame.hpp"
#include "protocols/isotp/misbehaviour.hpp"
#include "protocols/isotp/n_pdu.hpp"
#include "protocols/random.hpp"
#include "protocols/time.hpp"

namespace canstage::isotp {

class mischief {
 public:
  explicit mischief(const misbehaviour& options)
      : options_(options), chance_(options.chance, "misbehaviour") {}

  const fault_counts& fired() const { return fired_; }

  // A sender's questions.

  void on_sending();

  /// What to announce instead of `length`.
  std::uint32_t ff_dl(std::uint32_t length);

  /// What to wait before the next CF instead of `gap`.
  duration gap(duration gap);

  /// Whether the time before a CF may be another than STmin says, so that no bursts are possible.
  bool changes_time() const { return options_.early_cf || options_.late_cf; }

  struct cf_fate {
    std::uint8_t sn;
    bool dropped = false;
    bool repeated = false;
  };

  /// The next CF, which should have that SN.
  cf_fate consecutive(std::uint8_t sn);

  // A receiver's questions.

  void on_receiving();

  /// The next FC. False: it is withheld.
  bool flow_control(isotp::flow_control& fc);

  // Both.

  /// A frame of that kind, just written, the next of its kind for an SF or FF.
  void frame(n_pdu_kind kind, can::frame& f);

 private:
  struct counter {
    std::uint32_t in_message = 0;
    std::uint32_t in_run = 0;
  };

  counter& counted(n_pdu_kind kind) { return counters_[static_cast<std::size_t>(kind)]; }
  void count(n_pdu_kind kind);
  bool applies(const trigger& when, const counter& at);
  void fire(fault what) { ++fired_[static_cast<std::size_t>(what)]; }

  misbehaviour options_;
  random_stream chance_;
  fault_counts fired_{};
  std::array<counter, 4> counters_{};  ///< frames so far, by kind
};

}  // namespace canstage::isotp

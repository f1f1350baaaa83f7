// What an arbiter knows of a bus that is disturbed: the faults, the error states of the nodes, and who may
// not send for now.
//
//  - Every frame that has won the bus is shown to the faults, in their order; the first that takes its
//    occasion decides. A frame that is sent again because it was destroyed is shown again.
//  - A node that is bus off, and an error-passive one for 8 bits behind the intermission after it has sent,
//    does not take part in the arbitration. What it wants to send waits aside.
//  - A node is bus off until the bus has been recessive for 11 bits 128 times: each frame ends with such a
//    time, an idle bus has one every 11 bits.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "protocols/can/error_counters.hpp"
#include "protocols/can/frame_fault.hpp"
#include "protocols/can/incident.hpp"
#include "protocols/can/request_queue.hpp"
#include "protocols/can/wire_time.hpp"

namespace canstage::can {

/// A fault, and what its run knows of its randomness.
struct drawn_fault {
  frame_fault what;
  fault_draw draw;
};

class disturbance {
 public:
  using request = request_queue::request;

  disturbance(std::optional<bit_rates> rates, std::vector<drawn_fault> faults);

  // Observers.

  /// When the next thing that waits aside comes back; `never` if nothing does before something is sent.
  instant deadline() const;
  bool holds(node_id node) const { return held_.contains(node); }

  // Inputs.

  void arm(std::uint32_t fault, bool on);

  /// The fault that decides about a frame that has won the bus at `now`, if any.
  const frame_fault* on_winner(instant now, const request& winner);

  /// It is confirmed already, and sent at `due`.
  void send_later(const request& what, instant due) { later_.emplace(due, what); }

  /// It is confirmed already, and sent when the next one of its node was, or at `due`.
  void send_behind_next(const request& what, instant due) {
    behind_.emplace(what.node, std::pair{due, what});
  }

  /// The node may not send; `waiting` is what it wanted to. Bus off without `until`: then it has to recover,
  /// and stays away for `least` at least.
  void hold(instant now, node_id node, std::vector<request> waiting, std::optional<instant> until,
            instant least);
  void add_waiting(const request& what) { held_.at(what.node).waiting.push_back(what); }
  bool withdraw(node_id node, transmit_token token);
  void on_detach(node_id node);

  /// The bus is idle from `now` on, or a frame begins: both count for those who recover.
  void on_idle(instant now) { idle_since_ = now; }
  void on_frame_begins(instant now);
  void on_frame_ends(instant now, node_id sender);

  /// What comes back at `now`.
  std::vector<request> release(instant now);

  error_counters& counters() { return counters_; }
  void tell(instant now, incident::kind what, const request& about);
  void tell_states(instant now, const std::vector<node_id>& whose);
  /// What was told last, began then.
  void began(instant when) { incidents_.back().began = when; }

  /// What has happened since the last time, in its order.
  std::vector<incident> take_incidents() { return std::exchange(incidents_, {}); }

  /// One bit of the data is another; which one is drawn for that fault.
  void flip_a_bit(std::uint32_t fault, frame& f);

 private:
  struct held {
    std::vector<request> waiting;
    instant since{};
    std::optional<instant> until;  ///< none: it has to recover
    instant least{};
    std::uint32_t recessive = 0;  ///< times of 11 recessive bits so far
  };

  instant end_of(const held& who) const;
  void count_idle_time(instant now);

  std::optional<bit_rates> rates_;
  std::vector<frame_fault> faults_;
  std::vector<fault_state> states_;
  std::uint32_t occasion_ = 0;  ///< of the fault that decided last
  error_counters counters_;
  std::map<node_id, held> held_;
  std::multimap<instant, request> later_;
  std::multimap<node_id, std::pair<instant, request>> behind_;
  std::optional<instant> idle_since_ = instant{};
  std::vector<incident> incidents_;
};

}  // namespace canstage::can

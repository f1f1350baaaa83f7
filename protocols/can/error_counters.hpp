// Fault confinement: the error counters of the nodes of a bus, and what follows from them (ISO 11898-1).
//
//  - Each error is one that all nodes notice at the same bit: the sender's TEC grows by 8, the REC of all
//    others by 1. What was sent well takes 1 from the sender's TEC and from the REC of all others; from a
//    REC above 127 it leaves 119.
//  - TEC or REC above 127: error passive. TEC above 255: bus off, until the bus has been recessive for 11
//    bits 128 times; then both counters are 0.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "protocols/can/incident.hpp"
#include "protocols/can/node.hpp"

namespace canstage::can {

class error_counters {
 public:
  struct counts {
    std::uint32_t tec = 0;
    std::uint32_t rec = 0;
    friend bool operator==(const counts&, const counts&) = default;
  };

  // Observers.
  counts of(node_id node) const;
  error_state state(node_id node) const;

  // Inputs. Each hands back the nodes whose state is another now, ascending.
  std::vector<node_id> on_error(node_id sender);
  std::vector<node_id> on_sent(node_id sender);
  /// Whatever its counters were.
  std::vector<node_id> switch_off(node_id node);
  std::vector<node_id> on_recovered(node_id node);
  void forget(node_id node) { known_.erase(node); }

 private:
  template <class Change>
  std::vector<node_id> change(node_id sender, Change each);

  std::map<node_id, counts> known_;  ///< who has sent: all others have the same REC
  std::uint32_t rec_of_others_ = 0;
};

}  // namespace canstage::can

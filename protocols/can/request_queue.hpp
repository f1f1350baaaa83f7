// The requests that wait for the bus, the next winner first.
//
// A binary heap over small ranks; the frames stay where they were put, and each knows its place in
// the heap, so that a withdrawn request leaves at once. (Marking it and skipping it later would let
// the queue grow without bound on a bus that is too busy ever to reach it.) The requests of one node
// form a list through the slots. Memory is reused: once the queue has been as long as it gets,
// nothing allocates any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "protocols/can/frame.hpp"
#include "protocols/can/node.hpp"

namespace canstage::can {

class request_queue {
 public:
  struct request {
    frame content;
    node_id node = 0;
    transmit_token token = 0;
    bool confirmed = false;      ///< its node has its confirmation already
    std::uint64_t sequence = 0;  ///< set by `pop` and `take_all`, for `restore`
  };

  std::size_t size() const { return heap_.size(); }
  bool empty() const { return heap_.empty(); }

  /// O(log size).
  void push(node_id node, transmit_token token, const frame& f) { push({f, node, token}); }
  void push(const request& what) { insert(what, next_sequence_++); }

  /// Puts one back to where it was among those of its node. O(log size).
  void restore(const request& what) { insert(what, what.sequence); }

  /// Takes out the request that wins the bus: lowest arbitration key, then lowest node, then that
  /// node's oldest. The queue is not empty. O(log size).
  request pop();

  /// Whether there was such a request. O(requests of the node + log size).
  bool erase(node_id node, transmit_token token);

  /// All requests of a node. O(requests of the node * log size).
  void erase_all(node_id node);

  /// The same, and hands them back, the oldest first.
  std::vector<request> take_all(node_id node);

 private:
  using slot_index = std::uint32_t;
  static constexpr slot_index none = std::numeric_limits<slot_index>::max();

  struct slot {
    request content;
    slot_index next = none;      ///< of the same node, newer to older; of the free slots
    slot_index previous = none;  ///< of the same node
  };

  /// What the heap moves about: 24 bytes instead of a frame's 72.
  struct rank {
    std::uint32_t key = 0;
    node_id node = 0;
    std::uint64_t sequence = 0;  ///< of the whole queue, but compared within one node only
    slot_index slot = none;

    bool operator<(const rank& other) const;
  };

  void insert(const request& what, std::uint64_t sequence);
  slot_index take_slot();
  void link(slot_index added);
  void release(slot_index removed);
  void remove_at(std::size_t position);
  void place(std::size_t position, const rank& r);
  void sift_up(std::size_t position, const rank& r);
  void sift_down(std::size_t position, const rank& r);

  std::vector<rank> heap_;
  std::vector<slot> slots_;
  std::vector<std::uint32_t> positions_;  ///< of each slot in the heap; apart, to stay in the cache
  slot_index first_free_ = none;
  std::uint64_t next_sequence_ = 0;
  /// Only looked up, never walked: its order is nobody's order. A node stays in it until it leaves.
  std::unordered_map<node_id, slot_index> newest_of_node_;
};

}  // namespace canstage::can

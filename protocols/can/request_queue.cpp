#include "protocols/can/request_queue.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace canstage::can {

bool request_queue::rank::operator<(const rank& other) const {
  return std::tie(key, node, sequence) < std::tie(other.key, other.node, other.sequence);
}

void request_queue::insert(const request& what, std::uint64_t sequence) {
  const slot_index added = take_slot();
  slots_[added].content = what;
  link(added);
  heap_.emplace_back();
  const std::uint32_t key = what.content.id.arbitration_key(what.content.flags.remote);
  sift_up(heap_.size() - 1, {key, what.node, sequence, added});
}

request_queue::request request_queue::pop() {
  assert(!empty());
  const slot_index first = heap_.front().slot;
  slots_[first].content.sequence = heap_.front().sequence;
  remove_at(0);
  release(first);
  return slots_[first].content;
}

bool request_queue::erase(node_id node, transmit_token token) {
  const auto found = newest_of_node_.find(node);
  if (found == newest_of_node_.end()) return false;
  slot_index at = found->second;
  while (at != none && slots_[at].content.token != token) at = slots_[at].next;
  if (at == none) return false;
  remove_at(positions_[at]);
  release(at);
  return true;
}

void request_queue::erase_all(node_id node) {
  const auto found = newest_of_node_.find(node);
  if (found == newest_of_node_.end()) return;
  while (found->second != none) {
    const slot_index newest = found->second;
    remove_at(positions_[newest]);
    release(newest);
  }
  newest_of_node_.erase(found);
}

std::vector<request_queue::request> request_queue::take_all(node_id node) {
  std::vector<request> taken;
  const auto found = newest_of_node_.find(node);
  if (found == newest_of_node_.end()) return taken;
  for (slot_index at = found->second; at != none; at = slots_[at].next) {
    slots_[at].content.sequence = heap_[positions_[at]].sequence;
    taken.push_back(slots_[at].content);
  }
  erase_all(node);
  std::sort(taken.begin(), taken.end(),
            [](const request& a, const request& b) { return a.sequence < b.sequence; });
  return taken;
}

request_queue::slot_index request_queue::take_slot() {
  if (first_free_ == none) {
    slots_.emplace_back();
    positions_.emplace_back();
    return static_cast<slot_index>(slots_.size() - 1);
  }
  const slot_index taken = first_free_;
  first_free_ = slots_[taken].next;
  return taken;
}

/// Puts a filled slot at the head of its node's list.
void request_queue::link(slot_index added) {
  slot_index& newest = newest_of_node_.try_emplace(slots_[added].content.node, none).first->second;
  slots_[added].previous = none;
  slots_[added].next = newest;
  if (newest != none) slots_[newest].previous = added;
  newest = added;
}

/// Takes a slot out of its node's list and frees it; its content stays readable until the next push.
void request_queue::release(slot_index removed) {
  slot& gone = slots_[removed];
  if (gone.next != none) slots_[gone.next].previous = gone.previous;
  if (gone.previous != none) {
    slots_[gone.previous].next = gone.next;
  } else {
    newest_of_node_.find(gone.content.node)->second = gone.next;
  }
  gone.next = first_free_;
  first_free_ = removed;
}

void request_queue::remove_at(std::size_t position) {
  const rank last = heap_.back();
  heap_.pop_back();
  if (position == heap_.size()) return;
  if (position > 0 && last < heap_[(position - 1) / 2]) {
    sift_up(position, last);
  } else {
    sift_down(position, last);
  }
}

void request_queue::place(std::size_t position, const rank& r) {
  heap_[position] = r;
  positions_[r.slot] = static_cast<std::uint32_t>(position);
}

void request_queue::sift_up(std::size_t position, const rank& r) {
  while (position > 0) {
    const std::size_t parent = (position - 1) / 2;
    if (!(r < heap_[parent])) break;
    place(position, heap_[parent]);
    position = parent;
  }
  place(position, r);
}

void request_queue::sift_down(std::size_t position, const rank& r) {
  for (;;) {
    std::size_t child = 2 * position + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1] < heap_[child]) ++child;
    if (!(heap_[child] < r)) break;
    place(position, heap_[child]);
    position = child;
  }
  place(position, r);
}

}  // namespace canstage::can

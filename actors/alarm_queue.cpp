#include "actors/alarm_queue.hpp"

#include <cassert>
#include <tuple>
#include <utility>

namespace canstage::actors {

instant alarm_queue::next() const { return heap_.empty() ? never : alarms_[heap_.front()].when; }

std::optional<alarm_queue::due_alarm> alarm_queue::front() const {
  if (heap_.empty()) return std::nullopt;
  const alarm& first = alarms_[heap_.front()];
  return due_alarm{heap_.front(), first.when, first.what};
}

alarm_id alarm_queue::add(phase what) {
  alarms_.push_back({never, nowhere, what});
  return static_cast<alarm_id>(alarms_.size() - 1);
}

void alarm_queue::set(alarm_id id, instant when) {
  alarm& target = alarms_[id];
  if (when == target.when) return;
  if (when == never) {
    if (target.position != nowhere) remove(target.position);
    target.when = never;
    return;
  }
  const bool later = when > target.when;
  target.when = when;
  if (target.position == nowhere) {
    heap_.push_back(id);
    target.position = static_cast<std::uint32_t>(heap_.size() - 1);
    sift_up(target.position);
  } else if (later) {
    sift_down(target.position);
  } else {
    sift_up(target.position);
  }
}

alarm_queue::due_alarm alarm_queue::pop() {
  assert(!heap_.empty());
  const due_alarm first = *front();
  remove(0);
  alarms_[first.id].when = never;
  return first;
}

bool alarm_queue::before(alarm_id a, alarm_id b) const {
  const alarm& x = alarms_[a];
  const alarm& y = alarms_[b];
  return std::tie(x.when, x.what, a) < std::tie(y.when, y.what, b);
}

void alarm_queue::place(std::uint32_t position, alarm_id id) {
  heap_[position] = id;
  alarms_[id].position = position;
}

void alarm_queue::sift_up(std::uint32_t position) {
  const alarm_id id = heap_[position];
  while (position > 0) {
    const std::uint32_t parent = (position - 1) / 2;
    if (!before(id, heap_[parent])) break;
    place(position, heap_[parent]);
    position = parent;
  }
  place(position, id);
}

void alarm_queue::sift_down(std::uint32_t position) {
  const alarm_id id = heap_[position];
  const auto size = static_cast<std::uint32_t>(heap_.size());
  for (;;) {
    std::uint32_t child = 2 * position + 1;
    if (child >= size) break;
    if (child + 1 < size && before(heap_[child + 1], heap_[child])) ++child;
    if (!before(heap_[child], id)) break;
    place(position, heap_[child]);
    position = child;
  }
  place(position, id);
}

void alarm_queue::remove(std::uint32_t position) {
  alarms_[heap_[position]].position = nowhere;
  const alarm_id last = heap_.back();
  heap_.pop_back();
  if (position == heap_.size()) return;
  place(position, last);
  sift_up(position);
  sift_down(alarms_[last].position);
}

}  // namespace canstage::actors

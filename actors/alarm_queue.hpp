// All pending wake-ups of a stage, one at most per alarm, in the order in which they are due.
//
// Order within one instant is a rule of the stage: first what the medium delivers, then timers of
// connections, then timers of applications, then the script, and when nothing is left to do the buses
// arbitrate over everything that was requested. So what a run does never depends on who was
// asked first, on how many threads there are, or on how actors are hosted.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocols/time.hpp"

namespace canstage::actors {

/// Who is woken in one instant before whom.
enum class phase : std::uint8_t {
  medium,       ///< ends of frames
  connection,   ///< timers of ISO-TP endpoints
  application,  ///< timers of servers and testers
  script,       ///< timers of the scenario
  arbitration,  ///< buses grant what was requested
};

inline constexpr std::size_t phase_count = 5;

/// Alarms of one phase at one instant fire in ascending order of their ids.
using alarm_id = std::uint32_t;

/// An indexed heap: moving an alarm costs O(log n), and a moved alarm leaves nothing behind.
class alarm_queue {
 public:
  struct due_alarm {
    alarm_id id = 0;
    instant when;
    phase what = phase::medium;
  };

  /// The earliest pending wake-up; `never` when nothing is pending.
  instant next() const;

  /// The earliest pending wake-up in full.
  std::optional<due_alarm> front() const;

  std::size_t pending() const { return heap_.size(); }

  /// A new alarm that is not set.
  alarm_id add(phase what);

  /// Sets or moves the alarm; `never` switches it off.
  void set(alarm_id id, instant when);

  /// Takes the earliest pending alarm out. Something has to be pending.
  due_alarm pop();

 private:
  static constexpr std::uint32_t nowhere = 0xFFFF'FFFF;

  struct alarm {
    instant when = never;
    std::uint32_t position = nowhere;  ///< in heap_
    phase what = phase::medium;
  };

  bool before(alarm_id a, alarm_id b) const;
  void place(std::uint32_t position, alarm_id id);
  void sift_up(std::uint32_t position);
  void sift_down(std::uint32_t position);
  void remove(std::uint32_t position);

  std::vector<alarm> alarms_;
  std::vector<alarm_id> heap_;
};

}  // namespace canstage::actors

// Time for actors: what it is, and being woken when it comes. One per stage, virtual or real.
#pragma once

#include <caf/fwd.hpp>

#include "actors/alarm_queue.hpp"
#include "protocols/time.hpp"

namespace canstage::actors {

/// Thread-safe in real time; in virtual time there is only one thread.
class timekeeper {
 public:
  virtual ~timekeeper() = default;

  /// Stage time: zero at the start of the run.
  virtual instant now() const = 0;

  /// A new alarm that sends `wake_up{what}` to its owner. The owner is kept alive until `release`.
  virtual alarm_id add_alarm(const caf::strong_actor_ptr& owner, phase what) = 0;

  /// Sets or moves an alarm; `never` switches it off. A time that has passed wakes at once.
  virtual void set_alarm(alarm_id id, instant when) = 0;

  /// How long after a deadline something that was in time may still be on its way to who waits for
  /// it: nothing in virtual time.
  virtual duration grace() const = 0;

  /// Lets go of all owners; no alarm fires any more.
  virtual void release() = 0;
};

/// One actor's alarm, moved lazily: a deadline that moves away costs nothing, the alarm fires early
/// and is set again. So a timer that every frame restarts costs no heap operation per frame.
class alarm {
 public:
  alarm(timekeeper& time, const caf::strong_actor_ptr& owner, phase what)
      : time_(&time), id_(time.add_alarm(owner, what)) {}

  /// There will be a wake-up no later than `deadline`.
  void arm(instant deadline) {
    if (deadline >= armed_) return;
    armed_ = deadline;
    time_->set_alarm(id_, deadline);
  }

  /// The wake-up came.
  void woke() { armed_ = never; }

 private:
  timekeeper* time_;
  alarm_id id_;
  instant armed_ = never;
};

}  // namespace canstage::actors

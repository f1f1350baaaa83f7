// Timekeeper of real time: one thread that waits for the next deadline of all alarms.
#pragma once

#include <caf/all.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "actors/timekeeper.hpp"

namespace canstage::actors {

/// CAF's own timers cost a message through one clock thread each and cannot be taken back;
/// here an alarm that is moved before it fires costs a heap operation.
class wall_time final : public timekeeper {
 public:
  explicit wall_time(caf::actor_system& system);
  ~wall_time() override;

  instant now() const override;
  alarm_id add_alarm(const caf::strong_actor_ptr& owner, phase what) override;
  void set_alarm(alarm_id id, instant when) override;
  duration grace() const override;
  void release() override;

  /// The earliest pending wake-up; `never` when nothing is pending.
  instant next() const;

 private:
  void keep_time();
  void wake(alarm_id id, phase what);

  caf::actor_system& system_;
  caf::actor_clock::time_point origin_;
  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable earlier_;
  alarm_queue alarms_;
  std::vector<caf::strong_actor_ptr> owners_;
  bool released_ = false;  ///< actors may still call, but nothing rings any more
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace canstage::actors

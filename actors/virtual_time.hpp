// Timekeeper of virtual time, and the loop that plays a stage in it.
#pragma once

#include <array>
#include <caf/all.hpp>
#include <vector>

#include "actors/timekeeper.hpp"
#include "actors/virtual_scheduler.hpp"

namespace canstage::actors {

/// Time stands still while any actor is ready, and jumps to the next deadline when none is.
class virtual_time final : public timekeeper {
 public:
  explicit virtual_time(caf::actor_system& system);

  instant now() const override;
  alarm_id add_alarm(const caf::strong_actor_ptr& owner, phase what) override;
  void set_alarm(alarm_id id, instant when) override;
  duration grace() const override { return duration{0}; }
  void release() override;

  /// Lets up to `budget` ready actors run at this instant. Returns whether some are still ready.
  bool run_ready(std::size_t budget) { return scheduler_.run_ready(budget); }

  /// Nobody is ready: goes on to the next instant and phase that somebody waits for and wakes those.
  /// False if nobody waits for anything.
  bool advance();

  /// The last actor that was woken, to be named when the run spins.
  const char* last_woken() const;

 private:
  caf::actor_clock::time_point on_clock(instant when) const;

  virtual_scheduler& scheduler_;
  caf::actor_clock::time_point origin_;
  alarm_queue alarms_;
  std::vector<caf::strong_actor_ptr> owners_;
  std::array<caf::message, phase_count> wake_ups_;  ///< made once, shared by all wake-ups
  caf::strong_actor_ptr last_woken_;
  bool released_ = false;  ///< actors may still call, but nothing rings any more
};

}  // namespace canstage::actors

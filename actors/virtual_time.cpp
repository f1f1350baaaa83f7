#include "actors/virtual_time.hpp"

#include <algorithm>

#include "actors/interfaces.hpp"

namespace canstage::actors {

virtual_time::virtual_time(caf::actor_system& system)
    : scheduler_(dynamic_cast<virtual_scheduler&>(system.scheduler())), origin_(scheduler_.clock().now()) {
  for (std::size_t i = 0; i < phase_count; ++i)
    wake_ups_[i] = caf::make_message(wake_up{static_cast<phase>(i)});
}

instant virtual_time::now() const { return instant{scheduler_.clock().now() - origin_}; }

caf::actor_clock::time_point virtual_time::on_clock(instant when) const {
  return origin_ + when.time_since_epoch();
}

alarm_id virtual_time::add_alarm(const caf::strong_actor_ptr& owner, phase what) {
  owners_.push_back(owner);
  return alarms_.add(what);
}

void virtual_time::set_alarm(alarm_id id, instant when) {
  if (!released_) alarms_.set(id, std::max(when, now()));
}

void virtual_time::release() {
  released_ = true;
  alarms_ = {};
  last_woken_ = nullptr;
  std::vector<caf::strong_actor_ptr> dropped;
  dropped.swap(owners_);
}

bool virtual_time::advance() {
  const auto first = alarms_.front();
  const auto timer = scheduler_.next_timer();
  // CAF's own timers belong to applications: at one instant they come before the script and the buses.
  const bool timer_first = !first || timer < on_clock(first->when) ||
                           (timer == on_clock(first->when) && first->what > phase::application);
  if (timer_first) {
    if (timer == caf::actor_clock::time_point::max()) return false;
    scheduler_.advance_to(timer);
    return true;
  }
  if (first->when > now()) scheduler_.advance_to(on_clock(first->when));
  // All alarms of one phase ring together; what they cause happens before the next phase.
  for (auto next = alarms_.front(); next && next->when == first->when && next->what == first->what;
       next = alarms_.front()) {
    last_woken_ = owners_[alarms_.pop().id];
    auto content = wake_ups_[static_cast<std::size_t>(next->what)];
    last_woken_->get()->enqueue(nullptr, caf::make_message_id(), std::move(content), scheduler_.unit());
  }
  return true;
}

const char* virtual_time::last_woken() const {
  const auto* actor = last_woken_ ? dynamic_cast<caf::local_actor*>(last_woken_->get()) : nullptr;
  return actor != nullptr ? actor->name() : "nobody";
}

}  // namespace canstage::actors

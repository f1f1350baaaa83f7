#include "actors/wall_time.hpp"

#include "actors/interfaces.hpp"

namespace canstage::actors {

wall_time::wall_time(caf::actor_system& system)
    : system_(system), origin_(system.clock().now()), thread_([this] { keep_time(); }) {}

wall_time::~wall_time() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  earlier_.notify_one();
  thread_.join();
}

instant wall_time::now() const { return instant{system_.clock().now() - origin_}; }

alarm_id wall_time::add_alarm(const caf::strong_actor_ptr& owner, phase what) {
  const std::lock_guard lock{mutex_};
  owners_.push_back(owner);
  return alarms_.add(what);
}

void wall_time::set_alarm(alarm_id id, instant when) {
  bool is_first = false;
  {
    const std::lock_guard lock{mutex_};
    if (released_) return;
    alarms_.set(id, when);
    const auto first = alarms_.front();
    is_first = first && first->id == id;
  }
  if (is_first) earlier_.notify_one();
}

duration wall_time::grace() const { return std::chrono::milliseconds{20}; }

void wall_time::release() {
  std::vector<caf::strong_actor_ptr> dropped;  // destroyed without the lock
  const std::lock_guard lock{mutex_};
  released_ = true;
  alarms_ = {};
  dropped.swap(owners_);
}

instant wall_time::next() const {
  const std::lock_guard lock{mutex_};
  return alarms_.next();
}

void wall_time::keep_time() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    const auto first = alarms_.front();
    if (!first) {
      earlier_.wait(lock);
    } else if (first->when > now()) {
      earlier_.wait_until(lock, origin_ + first->when.time_since_epoch());
    } else {
      const auto due = alarms_.pop();
      wake(due.id, due.what);
    }
  }
}

void wall_time::wake(alarm_id id, phase what) {
  owners_[id]->get()->eq_impl(caf::make_message_id(), nullptr, nullptr, wake_up{what});
}

}  // namespace canstage::actors

#include "actors/stage.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "actors/virtual_time.hpp"
#include "actors/wall_time.hpp"

namespace canstage::actors {

namespace {

using wall = std::chrono::steady_clock;

/// Ready actors that are played between two looks at what else is going on.
constexpr std::size_t play_at_once = 4096;

/// Phases that may come at one virtual instant without any progress. A message of 10 MB on a bus without
/// wire time, the longest that a scenario can have, takes some 70,000.
constexpr unsigned phases_at_one_instant = 250'000;

/// How often the owner of a real-time run looks whether it still gets on.
constexpr auto look_interval = std::chrono::milliseconds{200};

caf::actor_system_config& configured(caf::actor_system_config& config, stage_time kind) {
  // Unbounded, an actor that sends to itself would never let the others play.
  config.set("scheduler.max-throughput", 128);
  if (kind == stage_time::virtual_time) {
    config.load<virtual_scheduler>();
  } else {
    // Work stealing takes time in proportion to the queue it steals from.
    config.set("scheduler.policy", caf::atom("sharing"));
  }
  return config;
}

std::string seconds_text(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

stage::stage(stage_time kind) : kind_(kind), system_(configured(config_, kind)) {
  if (kind == stage_time::virtual_time) {
    time_ = std::make_unique<virtual_time>(system_);
  } else {
    time_ = std::make_unique<wall_time>(system_);
  }
}

stage::~stage() {
  time_->release();
  for (auto actor = actors_.rbegin(); actor != actors_.rend(); ++actor)
    caf::anon_send_exit(*actor, caf::exit_reason::user_shutdown);
  actors_.clear();
  {
    const std::lock_guard lock{mutex_};
    observers_.clear();
  }
  if (auto* time = dynamic_cast<virtual_time*>(time_.get())) {
    while (time->run_ready(play_at_once)) {
    }
  }
  // They use the clock and report failures until they are gone.
  system_.await_all_actors_done();
}

void stage::adopt(caf::strong_actor_ptr actor) {
  const std::lock_guard lock{mutex_};
  actors_.push_back(std::move(actor));
}

void stage::signal_change() {
  changed_.store(true, std::memory_order_release);
  change_.notify_all();
}

void stage::finish() {
  const std::lock_guard lock{mutex_};
  finished_ = true;
  signal_change();
}

void stage::interrupt() {
  const std::lock_guard lock{mutex_};
  interrupted_ = true;
  signal_change();
}

void stage::report_incident(const incident_report& what) {
  const std::lock_guard lock{mutex_};
  for (const auto& who : observers_) caf::anon_send(who, what);
}

void stage::observe_incidents(incident_observer_actor who) {
  const std::lock_guard lock{mutex_};
  observers_.push_back(std::move(who));
}

void stage::report_failure(const std::string& title, const std::string& what) {
  const std::lock_guard lock{mutex_};
  if (failure_.empty()) failure_ = title + ": " + what;
  signal_change();
}

bool stage::ended(run_end& how) {
  if (!changed_.load(std::memory_order_acquire)) return false;
  const std::lock_guard lock{mutex_};
  changed_.store(false, std::memory_order_relaxed);
  if (!failure_.empty()) {
    how = {run_end::kind::failed, failure_};
    failure_.clear();
  } else if (interrupted_) {
    how = {run_end::kind::interrupted, {}};
    interrupted_ = false;
  } else if (finished_) {
    how = {run_end::kind::finished, {}};
    finished_ = false;  // a stage can be played again
  } else {
    return false;
  }
  return true;
}

run_end stage::run(std::chrono::nanoseconds limit) {
  return kind_ == stage_time::virtual_time ? run_virtual(limit) : run_real(limit);
}

run_end stage::run_virtual(std::chrono::nanoseconds limit) {
  auto& time = dynamic_cast<virtual_time&>(*time_);
  run_end how;
  unsigned phases = 0;
  std::uint64_t progress = progress_;
  instant last_instant = time.now();
  auto last_progress = wall::now();
  for (;;) {
    const bool more = time.run_ready(play_at_once);
    if (ended(how)) {
      // What was caused before the end belongs to the run: the trace is complete up to this instant.
      while (how.what == run_end::kind::finished && time.run_ready(play_at_once)) {
      }
      return how;
    }
    if (time.now() != last_instant || progress_ != progress) {
      last_instant = time.now();
      progress = progress_;
      phases = 0;
      if (more) last_progress = wall::now();
    } else if (more && wall::now() - last_progress > limit) {
      return {run_end::kind::stuck, std::string{time.last_woken()} + ": no progress for " +
                                        seconds_text(limit) + " at one virtual instant"};
    }
    if (more) continue;
    last_progress = wall::now();
    if (++phases > phases_at_one_instant)
      return {run_end::kind::stuck,
              std::string{time.last_woken()} + ": a loop without end at one virtual instant"};
    if (!time.advance())
      return {run_end::kind::stuck, "nothing left to do, but the script is not at its end"};
  }
}

run_end stage::run_real(std::chrono::nanoseconds limit) {
  const auto& time = dynamic_cast<const wall_time&>(*time_);
  run_end how;
  std::uint64_t progress = progress_;
  auto last_progress = wall::now();
  for (;;) {
    {
      std::unique_lock lock{mutex_};
      change_.wait_for(lock, look_interval, [this] { return changed_.load(std::memory_order_relaxed); });
    }
    if (ended(how)) return how;
    const bool waits_for_deadline = time.next() != never;
    if (progress_ != progress || waits_for_deadline) {
      progress = progress_;
      last_progress = wall::now();
    } else if (wall::now() - last_progress > limit) {
      return {run_end::kind::stuck, "no progress for " + seconds_text(limit)};
    }
  }
}

void stage::settle(std::chrono::nanoseconds limit) {
  const auto end = wall::now() + limit;
  if (auto* time = dynamic_cast<virtual_time*>(time_.get())) {
    while (time->run_ready(play_at_once) && wall::now() < end) {
    }
    return;
  }
  std::unique_lock lock{mutex_};
  change_.wait_until(lock, end, [this] { return finished_; });
}

}  // namespace canstage::actors

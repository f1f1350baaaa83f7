// The stage: owns the actor system, the clock, every actor and the order of their shutdown.
//
// In virtual time the thread that calls `run` plays all actors, deterministically; in real time CAF's
// scheduler does, and `run` waits. Nothing else in the system knows which of the two it is.
#pragma once

#include <atomic>
#include <caf/all.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/incidents.hpp"
#include "actors/timekeeper.hpp"

namespace canstage::actors {

enum class stage_time : std::uint8_t { virtual_time, real_time };

/// How a run on the stage ended.
struct run_end {
  enum class kind : std::uint8_t {
    finished,     ///< somebody called `finish`
    interrupted,  ///< somebody called `interrupt`
    failed,       ///< an actor failed; `reason` says which and how
    stuck,        ///< no progress; `reason` says why
  };
  kind what = kind::finished;
  std::string reason;
};

class stage {
 public:
  explicit stage(stage_time time);

  /// Ends all actors, the youngest first, and waits for them.
  ~stage();

  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  // Observers.
  stage_time kind() const { return kind_; }
  timekeeper& time() { return *time_; }
  caf::actor_system& system() { return system_; }

  // For those who build a cast.

  /// Spawns an actor that lives until the stage ends. `title` names it in errors ("ecu engine").
  template <class Actor, class... Args>
  typename Actor::actor_hdl spawn(std::string title, Args&&... args) {
    auto handle = system_.spawn<Actor>(*this, std::move(title), std::forward<Args>(args)...);
    adopt(caf::actor_cast<caf::strong_actor_ptr>(handle));
    return handle;
  }

  // For actors; thread-safe.

  /// The purpose of the run is reached.
  void finish();

  /// An actor failed; the first failure counts.
  void report_failure(const std::string& title, const std::string& what);

  /// Something was achieved: a run that only spins is cut off, one that gets on is not.
  void note_progress() { progress_.fetch_add(1, std::memory_order_relaxed); }

  /// Hands it to all who observe.
  void report_incident(const incident_report& what);

  /// For an actor of this stage, from its construction on.
  void observe_incidents(incident_observer_actor who);

  // For the owner.

  /// Plays until the run ends in one of the ways of `run_end`. `limit` is wall time without
  /// progress; waiting for a known deadline is progress.
  run_end run(std::chrono::nanoseconds limit);

  /// Plays what is ready now, after a run was interrupted, until `finish` is called or `limit` of
  /// wall time is over.
  void settle(std::chrono::nanoseconds limit);

  /// Ends `run` soon. From any thread, not from a signal handler.
  void interrupt();

 private:
  void adopt(caf::strong_actor_ptr actor);
  run_end run_virtual(std::chrono::nanoseconds limit);
  run_end run_real(std::chrono::nanoseconds limit);
  bool ended(run_end& how);
  void signal_change();

  stage_time kind_;
  caf::actor_system_config config_;
  caf::actor_system system_;
  std::unique_ptr<timekeeper> time_;
  std::vector<caf::strong_actor_ptr> actors_;

  std::atomic<std::uint64_t> progress_{0};
  std::atomic<bool> changed_{false};  ///< finished_, interrupted_ or failure_ was set
  std::mutex mutex_;                  ///< guards the rest
  std::condition_variable change_;
  bool finished_ = false;
  bool interrupted_ = false;
  std::string failure_;
  std::vector<incident_observer_actor> observers_;
};

}  // namespace canstage::actors

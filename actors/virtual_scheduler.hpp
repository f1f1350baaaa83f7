// CAF scheduler for virtual time: one thread, first come first served, no clock but its own.
#pragma once

#include <caf/actor_clock.hpp>
#include <caf/detail/test_actor_clock.hpp>
#include <caf/execution_unit.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <cstddef>
#include <vector>

namespace canstage::actors {

/// Loaded with `config.load<virtual_scheduler>()`. All calls from one thread.
class virtual_scheduler final : public caf::scheduler::abstract_coordinator {
 public:
  explicit virtual_scheduler(caf::actor_system& system);

  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>);

  /// The clock behind `self->clock()`. Moves only by `advance_to`.
  caf::detail::test_actor_clock& clock() noexcept override { return clock_; }

  bool detaches_utility_actors() const override { return false; }

  /// Lets up to `budget` ready actors run. Returns whether some are still ready.
  bool run_ready(std::size_t budget);

  /// The earliest of CAF's own timers (delayed messages, request timeouts); max if there is none.
  caf::actor_clock::time_point next_timer() const;

  /// Sets the clock, and fires CAF's timers that are due then.
  void advance_to(caf::actor_clock::time_point when);

  /// The execution unit to send from when no actor is running.
  caf::execution_unit* unit() { return &unit_; }

 protected:
  void start() override;
  void stop() override;
  void init(caf::actor_system_config& config) override;
  void enqueue(caf::resumable* job) override { waiting_.push_back(job); }

 private:
  class execution_unit final : public caf::execution_unit {
   public:
    explicit execution_unit(virtual_scheduler& owner);
    void exec_later(caf::resumable* job) override { owner_.waiting_.push_back(job); }

   private:
    virtual_scheduler& owner_;
  };

  caf::detail::test_actor_clock clock_;
  execution_unit unit_;
  /// A queue in two parts: `ready_` is being played from `next_` on, `waiting_` comes behind it.
  std::vector<caf::resumable*> ready_;
  std::size_t next_ = 0;
  std::vector<caf::resumable*> waiting_;
};

}  // namespace canstage::actors

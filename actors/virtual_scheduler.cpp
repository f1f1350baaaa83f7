#include "actors/virtual_scheduler.hpp"

#include <caf/all.hpp>
#include <caf/monitorable_actor.hpp>
#include <iostream>

namespace canstage::actors {

namespace {

/// Takes the place of CAF's printing actor, which would need a thread: writes at once. Only CAF's
/// own diagnostics come here.
class stderr_printer final : public caf::monitorable_actor {
 public:
  explicit stderr_printer(caf::actor_config& config) : monitorable_actor(config) {
    handler_.assign([](caf::add_atom, caf::actor_id, const std::string& text) { std::cerr << text; },
                    [](caf::flush_atom, caf::actor_id) { std::cerr.flush(); },
                    [](caf::delete_atom, caf::actor_id) {});
  }

  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit*) override {
    handler_(element->content());
  }

 private:
  caf::message_handler handler_;
};

}  // namespace

virtual_scheduler::execution_unit::execution_unit(virtual_scheduler& owner)
    : caf::execution_unit(&owner.system()), owner_(owner) {}

virtual_scheduler::virtual_scheduler(caf::actor_system& system)
    : abstract_coordinator(system), unit_(*this) {}

caf::actor_system::module* virtual_scheduler::make(caf::actor_system& system, caf::detail::type_list<>) {
  return new virtual_scheduler(system);  // CAF owns its modules
}

void virtual_scheduler::init(caf::actor_system_config& config) {
  abstract_coordinator::init(config);
  num_workers_ = 1;
}

void virtual_scheduler::start() {
  caf::actor_config config{&unit_};
  auto& home = system();
  utility_actors_[printer_id] =
      caf::make_actor<stderr_printer, caf::actor>(home.next_actor_id(), home.node(), &home, config);
}

void virtual_scheduler::stop() {
  clock_.cancel_all();
  while (run_ready(1'000'000)) {
  }
  utility_actors_[printer_id] = nullptr;
}

bool virtual_scheduler::run_ready(std::size_t budget) {
  // Without this every resume looks its thread up in a global table under a lock.
  caf::logger::set_current_actor_system(nullptr);
  for (; budget > 0; --budget) {
    if (next_ == ready_.size()) {
      ready_.clear();
      next_ = 0;
      ready_.swap(waiting_);
      if (ready_.empty()) return false;
    }
    caf::resumable* job = ready_[next_++];
    switch (job->resume(&unit_, max_throughput())) {
      case caf::resumable::resume_later:
        waiting_.push_back(job);
        break;
      case caf::resumable::done:
      case caf::resumable::awaiting_message:
        caf::intrusive_ptr_release(job);
        break;
      case caf::resumable::shutdown_execution_unit:
        break;
    }
  }
  return next_ < ready_.size() || !waiting_.empty();
}

caf::actor_clock::time_point virtual_scheduler::next_timer() const {
  const auto& schedule = clock_.schedule();
  return schedule.empty() ? caf::actor_clock::time_point::max() : schedule.begin()->first;
}

void virtual_scheduler::advance_to(caf::actor_clock::time_point when) {
  clock_.current_time = when;
  if (next_timer() <= when) clock_.trigger_expired_timeouts();
}

}  // namespace canstage::actors

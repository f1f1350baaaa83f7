// Plays conformance statements against a stack on a bus: hosts the machine that knows how.
#pragma once

#include <functional>

#include "actors/stage_actor.hpp"
#include "protocols/conformance/conformance_run.hpp"

namespace canstage::actors {

class conformance_driver final : public stage_actor<conformance_driver_actor> {
 public:
  /// Ends the stage's run when the last statement was played. `machine` outlives the stage, and belongs
  /// to the driver until the run has ended. `after_each` is called when a statement has ended, from
  /// whatever thread plays the driver.
  conformance_driver(caf::actor_config& config, stage& home, std::string title, bus_actor bus, port_id port,
                     conformance::conformance_run& machine, std::function<void(instant)> after_each);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override { bus_ = nullptr; }

 private:
  void on_frames(const frames_indication& run);
  void on_sent(const transmit_confirm& sent);
  void on_wake();
  void settle();

  bus_actor bus_;
  port_id port_;
  conformance::conformance_run& machine_;
  std::function<void(instant)> after_each_;
  alarm alarm_;
  std::size_t ended_ = 0;  ///< statements
  bool started_ = false;
  bool over_ = false;
};

}  // namespace canstage::actors

// Hears everything on a bus, and hands it to a function.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "actors/stage_actor.hpp"

namespace canstage::actors {

/// Hears frames until its time is over.
using listener_actor = bus_user_actor::extend<caf::reacts_to<wake_up>>;

struct listener_spec {
  bus_actor bus;
  port_id port = 0;
  /// Called with the frames of one bus in their order, from whatever thread plays the listener.
  std::function<void(std::span<const can::sent_frame>)> hears;
  std::optional<std::uint64_t> most;  ///< frames; none: without end
  std::optional<duration> time;       ///< how long; none: without end
};

/// Ends the stage's run when it has heard enough.
class listener final : public stage_actor<listener_actor> {
 public:
  listener(caf::actor_config& config, stage& home, std::string title, listener_spec spec);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override { spec_ = {}; }

 private:
  void on_frames(const frames_indication& run);
  void end();

  listener_spec spec_;
  instant ends_ = never;
  std::uint64_t heard_ = 0;
  bool over_ = false;
  alarm alarm_;
};

}  // namespace canstage::actors

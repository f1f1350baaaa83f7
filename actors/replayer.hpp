// Sends the frames of a trace on a bus, each when it is due.
#pragma once

#include <functional>
#include <string>

#include "actors/stage_actor.hpp"
#include "protocols/trace/replay.hpp"

namespace canstage::actors {

/// Sends frames, and learns what became of them.
using replayer_actor = bus_user_actor::extend<caf::reacts_to<wake_up>>;  // a frame is due

struct replayer_spec {
  bus_actor bus;
  port_id port = 0;
  trace::replay_settings settings;
  trace::replay::opener open;  ///< called from whatever thread plays the replayer
  /// After each change, from that thread.
  std::function<void(const trace::replay_report&)> tell;
};

/// Ends the stage's run when the last frame was sent, or is given up.
class replayer final : public stage_actor<replayer_actor> {
 public:
  replayer(caf::actor_config& config, stage& home, std::string title, replayer_spec spec);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override { spec_ = {}; }

 private:
  void go_on();

  replayer_spec spec_;
  trace::replay machine_;
  can::transmit_token token_ = 0;  ///< of the next frame
  alarm alarm_;
};

}  // namespace canstage::actors

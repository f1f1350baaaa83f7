// Listens for a step that is about frames, and judges what it heard. Pure: frames and times come from
// outside.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "protocols/can/arbiter.hpp"
#include "scenarios/model.hpp"
#include "scenarios/result.hpp"

namespace canstage::scenarios {

class frame_watch {
 public:
  virtual ~frame_watch() = default;

  /// A frame that ended on the bus of the step.
  virtual void on_frame(const can::sent_frame& heard) = 0;

  /// Whether nothing that comes later matters.
  virtual bool finished() const = 0;

  /// When the step ends at the latest.
  virtual instant deadline() const = 0;

  /// At the end. `caught` receives what a pattern captured.
  virtual std::vector<verdict> judge(uds::captures& caught) const = 0;
};

// `play` and the step outlive the watch.
std::unique_ptr<frame_watch> watch_frames(const scenario& play, const expect_frame_step& step, instant began);
std::unique_ptr<frame_watch> watch_frames(const scenario& play, const expect_silence_step& step,
                                          instant began);
std::unique_ptr<frame_watch> watch_frames(const scenario& play, const expect_bus_step& step, instant began);

/// Whether a step of the script listens on that bus.
bool listens_on(const step_list& steps, bus_index bus);

}  // namespace canstage::scenarios

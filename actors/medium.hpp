// What every virtual bus does, whatever hosts it: an arbiter, who hears what, and when to be woken.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "actors/messages.hpp"
#include "actors/router.hpp"
#include "actors/sent_runs.hpp"
#include "actors/stage.hpp"
#include "actors/timekeeper.hpp"
#include "protocols/can/arbiter.hpp"
#include "protocols/can/traffic_meter.hpp"

namespace canstage::actors {

/// A virtual bus.
struct medium_spec {
  std::uint32_t index = 0;              ///< its place in its scenario
  std::optional<can::bit_rates> rates;  ///< none: frames take no time
  std::vector<can::drawn_fault> faults{};
  bool measured = false;  ///< whether its statistics have figures
};

/// Owned by one actor, which passes its inputs on and has two alarms for it.
class medium {
 public:
  /// Frames that travel together at most: few enough that a hearer is not kept waiting.
  static constexpr std::size_t batch_limit = 64;

  medium(stage& home, const medium_spec& what, alarm ends_of_frames, alarm arbitration);

  // Observers.
  unsigned burst() const { return arbiter_.burst(); }
  bus_statistics statistics() const;

  // Inputs.
  void on_attach(port_id port, std::span<const can::filter> filters, bool only_unclaimed);
  void on_detach(instant now, port_id port);
  void on_transmit(instant now, const transmit_request& request);
  void on_transmit(instant now, port_id port, can::transmit_token token, const can::frame& f);
  void on_withdraw(instant now, const withdraw_request& request);
  void on_arm(const arm_fault& what) { arbiter_.on_arm(what.fault, what.on); }
  void on_bus_off(instant now, const force_bus_off& what);

  /// An alarm rang. `publish` is called for each run of frames that were sent.
  void on_wake(instant now, phase what, const std::function<void(const sent_run&)>& publish);

 private:
  void arm(instant now);
  void publish_sent(const std::function<void(const sent_run&)>& publish);
  void tell_incidents();

  stage& home_;
  std::uint32_t bus_;
  can::arbiter arbiter_;
  router router_;
  alarm ends_of_frames_;
  alarm arbitration_alarm_;
  std::optional<instant> arbitrate_at_;  ///< what the arbitration alarm was set for
  std::vector<port_id> hearers_;
  bus_statistics statistics_;
  std::optional<can::traffic_meter> meter_;
};

}  // namespace canstage::actors

// An ECU that forwards frames between two buses: requests of testers on one of them to ECUs on the other,
// and their answers and flow controls back. It keeps the order of each direction.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "actors/stage_actor.hpp"
#include "protocols/random.hpp"
#include "protocols/uds/time_range.hpp"

namespace canstage::actors {

/// One direction: what it hears on one bus goes to the other.
struct gateway_route {
  bus_actor from;
  bus_actor to;
  std::uint32_t from_index = 0;  ///< as `frames_indication` says
  std::vector<can::identifier> identifiers;
};

struct gateway_spec {
  std::vector<gateway_route> routes;
  port_id port = 0;  ///< its place on every bus
  uds::time_range delay{};
  random_stream randomness;
};

class gateway final : public stage_actor<gateway_actor> {
 public:
  gateway(caf::actor_config& config, stage& home, std::string title, gateway_spec spec);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  struct waiting {
    instant due;
    can::frame content;
  };

  void hear(const frames_indication& run);
  void forward();
  duration draw();

  gateway_spec spec_;
  alarm alarm_;
  std::vector<std::deque<waiting>> queues_;  ///< by route
  can::transmit_token next_token_ = 0;
};

}  // namespace canstage::actors

// Sends the cyclic frames of one bus, each as a node of its own, so that they compete with each other.
#pragma once

#include <string>
#include <vector>

#include "actors/stage_actor.hpp"
#include "protocols/can/cyclic_message.hpp"

namespace canstage::actors {

class rest_bus final : public stage_actor<rest_bus_actor> {
 public:
  /// The messages have the ports from `first_port` on, in their order.
  rest_bus(caf::actor_config& config, stage& home, std::string title, bus_actor bus, port_id first_port,
           const std::vector<can::cyclic_settings>& messages);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override { bus_ = nullptr; }

 private:
  void go_on();

  bus_actor bus_;
  port_id first_port_;
  std::vector<can::cyclic_message> machines_;
  std::vector<can::transmit_token> tokens_;  ///< the next one of each
  alarm alarm_;
};

}  // namespace canstage::actors

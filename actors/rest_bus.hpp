// Sends what is on one bus and comes from nobody who is simulated: cyclic frames, and foreign traffic. Each
// is a node of its own, so that they compete with each other.
#pragma once

#include <string>
#include <vector>

#include "actors/stage_actor.hpp"
#include "protocols/can/cyclic_message.hpp"
#include "protocols/can/foreign_traffic.hpp"

namespace canstage::actors {

/// The messages have the ports from `first_port` on, in their order, the foreign nodes those behind.
struct rest_bus_spec {
  bus_actor bus;
  port_id first_port = 0;
  std::vector<can::cyclic_settings> messages;
  std::vector<can::foreign_traffic> foreign{};
};

class rest_bus final : public stage_actor<rest_bus_actor> {
 public:
  rest_bus(caf::actor_config& config, stage& home, std::string title, rest_bus_spec spec);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override { bus_ = nullptr; }

 private:
  template <class Use>
  void with(std::size_t index, Use use);
  void go_on();

  bus_actor bus_;
  port_id first_port_;
  std::vector<can::cyclic_message> machines_;
  std::vector<can::foreign_traffic> foreign_;
  std::vector<can::transmit_token> tokens_;  ///< the next one of each
  alarm alarm_;
};

}  // namespace canstage::actors

// A CAN bus inside the process.
#pragma once

#include "actors/medium.hpp"
#include "actors/port_owners.hpp"
#include "actors/stage_actor.hpp"

namespace canstage::actors {

class virtual_bus final : public stage_actor<bus_actor> {
 public:
  virtual_bus(caf::actor_config& config, stage& home, std::string title, const medium_spec& what);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override { owners_.clear(); }

 private:
  medium medium_;
  port_owners owners_;
};

}  // namespace canstage::actors

// The CAN interfaces of this machine.
#pragma once

#include <string>
#include <vector>

#include "transports/can_problem.hpp"

namespace canstage::transports {

struct can_interface {
  std::string name;
  int index = 0;
  bool up = false;
  bool fd = false;  ///< carries CAN FD
};

/// By name. An interface that is down is no problem here.
can_problem find_interface(const std::string& name, can_interface& found);

/// All, by name. The problem is `no_can` if the kernel has no SocketCAN; then there are none.
can_problem list_interfaces(std::vector<can_interface>& found);

}  // namespace canstage::transports

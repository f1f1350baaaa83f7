// A frame that is sent again and again, by nobody who is simulated.
#pragma once

#include <string>

#include "protocols/can/cyclic_message.hpp"
#include "scenarios/position.hpp"

namespace canstage::scenarios {

struct cyclic_frame {
  std::string name;
  bus_index bus = 0;
  can::cyclic_settings settings;
  position where;
};

}  // namespace canstage::scenarios

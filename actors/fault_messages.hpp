// What actors are told to do wrong. Local to the process, like all messages.
#pragma once

#include <cstdint>
#include <memory>

#include "actors/places.hpp"
#include "protocols/isotp/misbehaviour.hpp"
#include "protocols/time.hpp"

namespace canstage::actors {

/// A fault of a bus looks at what happens from now on, or no longer.
struct arm_fault {
  std::uint32_t fault = 0;
  bool on = true;
};

/// The node at that port is bus off, for that time at least.
struct force_bus_off {
  port_id port = 0;
  duration least{0};
};

/// What the connection does wrong from now on; null: nothing. All counting begins anew.
struct misbehave_request {
  connection_id connection = 0;
  std::shared_ptr<const isotp::misbehaviour> how;
};

}  // namespace canstage::actors

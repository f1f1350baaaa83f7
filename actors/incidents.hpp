// What went wrong on the stage, on purpose or because of it, for those who want to know.
#pragma once

#include <caf/all.hpp>
#include <cstdint>
#include <variant>

#include "protocols/can/incident.hpp"
#include "protocols/time.hpp"

namespace canstage::actors {

/// On a virtual bus.
struct bus_incident {
  std::uint32_t bus = 0;
  can::incident what;
};

/// A fault of a node above the bus took its occasion.
struct node_incident {
  std::uint32_t fault = 0;
  std::uint32_t occasion = 0;
  instant at;
};

using incident_report = std::variant<bus_incident, node_incident>;

/// Is told by the stage, in the order in which things happen.
using incident_observer_actor = caf::typed_actor<caf::reacts_to<incident_report>>;

}  // namespace canstage::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::incident_report)

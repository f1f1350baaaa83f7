// Where actors are: ports of buses.
#pragma once

#include "protocols/can/node.hpp"

namespace canstage::actors {

/// A port's place on its bus. Lower ports win between equal identifiers.
using port_id = can::node_id;

/// A connection is known by its port, at its host (one actor may host many) and at its user.
using connection_id = port_id;

}  // namespace canstage::actors

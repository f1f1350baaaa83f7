// Who sends on a bus, and which of its requests is meant.
#pragma once

#include <cstdint>

namespace canstage::can {

/// A node's place on its bus: breaks ties between equal identifiers.
using node_id = std::uint32_t;

/// A node's name for one of its requests, unique among those of that node that are under way.
using transmit_token = std::uint32_t;

}  // namespace canstage::can

// Frames without N_PCI beside a connection (UUDT, ISO 14229-3): periodic data.
#pragma once

#include "protocols/bytes.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/can/identifier.hpp"
#include "protocols/isotp/parameters.hpp"

namespace canstage::isotp {

/// Up to 8 bytes, filled up as the frames of a connection with these parameters.
can::frame unacknowledged(const parameters& settings, can::identifier id, byte_view data);

}  // namespace canstage::isotp

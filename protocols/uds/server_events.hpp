// What a server asks its host to do.
#pragma once

#include <cstdint>
#include <variant>

#include "protocols/bytes.hpp"
#include "protocols/can/identifier.hpp"

namespace canstage::uds {

/// Send this on the physical response address: an answer, or what no request asked for. The host reports
/// when it was sent, in order.
struct respond {
  bytes message;
};

/// Send this frame beside the connection. Nothing is reported.
struct send_frame {
  can::identifier id;
  bytes data;
};

/// The ECU has no power for a while: what is below this server forgets its state, too, confirms nothing
/// that is still outstanding and leaves the bus. `restart` follows.
struct leave_bus {};

/// The ECU begins anew, as after `leave_bus` or without having been away: what is below this server
/// forgets its state, too, and confirms nothing that is still outstanding.
struct restart {
  std::uint8_t reset_type = 0;  ///< sub-function of 0x11; 0: a power cycle
};

using server_event = std::variant<respond, send_frame, leave_bus, restart>;

}  // namespace canstage::uds

// What a server asks its host to do.
#pragma once

#include <cstdint>
#include <variant>

#include "protocols/bytes.hpp"
#include "protocols/can/identifier.hpp"
#include "protocols/time.hpp"

namespace canstage::uds {

/// Which of the testers that have addresses of their own at this ECU, from 0; most ECUs have one only.
using tester_number = std::uint8_t;
inline constexpr tester_number most_testers = 16;

/// Send this on the physical response address for that tester: an answer, or what no request asked for. The
/// host reports when it was sent, in order for each tester.
struct respond {
  bytes message;
  tester_number tester = 0;
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

/// A DID that the ECU owns together with others was written: they learn it as a `shared_change`.
struct tell_other_owners {
  std::uint16_t did = 0;
  bytes value;
  instant at;
};

/// A fault took its occasion.
struct fault_taken {
  std::uint32_t fault = 0;
  std::uint32_t occasion = 0;
  instant at;
};

using server_event = std::variant<respond, send_frame, leave_bus, restart, tell_other_owners, fault_taken>;

}  // namespace canstage::uds

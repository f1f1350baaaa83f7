// The link between tester and server: 0x87 LinkControl and 0x83 AccessTimingParameter.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>

#include "protocols/time.hpp"

namespace canstage::uds {

struct service;

struct link_config {
  bool present = false;
  std::bitset<256> fixed;       ///< accepted linkControlModeIdentifiers
  std::uint32_t most_rate = 0;  ///< accepted bit rates of 87 02 end here; 0: none
};

/// The bit rate that was agreed on. The bus of a simulation keeps its own: this is only what the ECU
/// remembers. Volatile; also gone with the return to the default diagnostic session.
struct link_state {
  bool verified = false;
  std::uint32_t next_rate = 0;  ///< bit/s; of a fixed mode its identifier
  std::uint32_t rate = 0;       ///< after the transition; 0: that of the bus
};

struct access_timing_config {
  bool present = false;
  duration p2{0};  ///< the extended timing parameter set: the fastest that can be set
  duration p2_star{0};
};

/// Volatile; also gone with any transition of the diagnostic session.
struct access_timing_state {
  std::optional<duration> p2;
  std::optional<duration> p2_star;
};

std::span<const service> link_services();

}  // namespace canstage::uds

// 0x11 ECUReset.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "protocols/uds/access.hpp"
#include "protocols/uds/varying_time.hpp"

namespace canstage::uds {

struct service;

struct reset_config {
  /// hardReset, keyOffOnReset, softReset and, if the table says so, rapid power shutdown (04 and 05).
  subfunction_set types{0b001110};
  varying_time power_down{};            ///< how long the ECU is not on the bus when it restarts
  std::uint8_t power_down_time = 0xFF;  ///< in the answer to 04: seconds until the ECU is off; FF: unknown
};

struct reset_state {
  bool rapid_power_shutdown = false;  ///< enabled by 04, disabled by 05
};

std::span<const service> reset_services();

}  // namespace canstage::uds

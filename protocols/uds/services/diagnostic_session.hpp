// 0x10 DiagnosticSessionControl and 0x3E TesterPresent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "protocols/time.hpp"
#include "protocols/uds/access.hpp"

namespace canstage::uds {

struct server_config;
struct service;

/// One diagnostic session that an ECU has.
struct diagnostic_session_config {
  std::uint8_t id = 0;
  access entry{};                ///< from which diagnostic sessions, and with which rights, it is entered
  std::optional<duration> p2{};  ///< while it is active; none: that of the ECU
  std::optional<duration> p2_star{};  ///< likewise
  friend bool operator==(const diagnostic_session_config&, const diagnostic_session_config&) = default;
};

/// Null if the ECU has none with that number.
const diagnostic_session_config* find_diagnostic_session(const server_config& config, std::uint8_t id);

std::span<const service> diagnostic_session_services();

}  // namespace canstage::uds

// 0x29 Authentication, what needs no certificates: challenge and response with a configured secret.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "protocols/bytes.hpp"
#include "protocols/uds/key_rule.hpp"
#include "protocols/uds/services/security.hpp"

namespace canstage::uds {

struct service;

inline constexpr std::size_t algorithm_indicator_length = 16;

struct authentication_config {
  bool present = false;
  std::uint8_t configuration = 0x04;  ///< in the answer to 08: 03 asymmetric, 04 symmetric
  std::array<std::uint8_t, algorithm_indicator_length> algorithm{};
  seed_source challenge{{}, 16};
  key_rule proof{};    ///< of the tester, from the server's challenge
  key_rule answer{};   ///< of the server, from the tester's challenge (07)
  bytes additional{};  ///< neededAdditionalParameter; the same bytes are expected in 06 and 07
};

/// Volatile; also gone with the return to the default diagnostic session.
struct authentication_state {
  bool authenticated = false;
  bytes challenge;  ///< waits for its proof; empty: there is none
};

std::span<const service> authentication_services();

}  // namespace canstage::uds

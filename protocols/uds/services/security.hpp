// 0x27 SecurityAccess.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/access.hpp"
#include "protocols/uds/key_rule.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;
struct service;

/// Seeds and challenges: always the same, or drawn.
struct seed_source {
  bytes fixed;             ///< empty: drawn
  std::size_t length = 4;  ///< of one that is drawn
};

struct security_level_config {
  std::uint8_t level = 1;  ///< its requestSeed; sendKey is one more
  seed_source seed{};
  key_rule key{};
  std::uint32_t attempts = 3;  ///< wrong keys until the delay begins; 0: any number
  duration delay = std::chrono::seconds{10};
  duration power_on_delay{0};  ///< no seed is given for so long after power-on
  bool attempts_survive_reset = false;
  std::size_t record_length = 0;          ///< of the securityAccessDataRecord in requestSeed
  subfunction_set diagnostic_sessions{};  ///< where it can be asked for; none: wherever 27 is
};

struct security_config {
  std::vector<security_level_config> levels;  ///< ascending, no level twice
};

/// Volatile.
struct security_state {
  std::uint8_t unlocked = 0;  ///< the level; 0: locked
  std::uint8_t seeded = 0;    ///< the level whose seed waits for its key; 0: none
  bytes seed;
};

/// Wrong keys. What survives a reset is decided in `power_on_security`.
struct security_attempts {
  struct count {
    std::uint8_t level = 0;
    std::uint32_t wrong = 0;
    instant delayed_until = instant::min();  ///< min: there is no delay
  };
  std::vector<count> counts;
};

/// Locks everything; a seed that was given is worth nothing any more.
void lock_security(server_state& state);
void power_on_security(server_state& state, instant now);

std::span<const service> security_services();

}  // namespace canstage::uds

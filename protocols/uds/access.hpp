// When something may be used: a service, a DID, a memory area, a routine.
#pragma once

#include <bitset>
#include <cstdint>

namespace canstage::uds {

/// Sub-functions without SPRMIB: diagnostic sessions, security levels.
using subfunction_set = std::bitset<128>;

struct access {
  subfunction_set diagnostic_sessions;  ///< none: all
  subfunction_set security_levels;      ///< one of them has to be unlocked (odd numbers); none: no need
  bool authentication = false;          ///< has to be authenticated by 0x29

  bool in(std::uint8_t diagnostic_session) const {
    return diagnostic_sessions.none() || diagnostic_sessions.test(diagnostic_session & 0x7F);
  }
  friend bool operator==(const access&, const access&) = default;
};

}  // namespace canstage::uds

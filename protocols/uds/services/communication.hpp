// 0x28 CommunicationControl.
#pragma once

#include <bitset>
#include <cstdint>
#include <span>
#include <vector>

#include "protocols/uds/access.hpp"

namespace canstage::uds {

struct server_state;
struct service;

struct communication_config {
  bool present = false;
  /// 00 to 03; 04 and 05 need nodes.
  subfunction_set subfunctions{0b001111};
  std::bitset<4> types{0b1110};        ///< bits 0 and 1 of communicationType: 01, 02, 03
  std::bitset<16> subnets{0x8001};     ///< bits 4 to 7 of it: all (0) and the one of the request (F)
  std::vector<std::uint16_t> nodes{};  ///< nodeIdentificationNumbers that 04 and 05 know
};

/// What the ECU does with messages that are no diagnostics. Volatile; also gone with the return to the
/// default diagnostic session.
struct communication_state {
  struct direction {
    bool receives = true;
    bool sends = true;
  };
  direction normal;              ///< application messages
  direction network_management;  ///< messages of the network management
};

/// As one byte: bit 0 sends and bit 1 receives normal messages, bits 2 and 3 those of the network management.
std::uint8_t communication_bits(const server_state& state);

std::span<const service> communication_services();

}  // namespace canstage::uds

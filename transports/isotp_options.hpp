// What a connection asks of a CAN_ISOTP socket, and what such a socket cannot do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocols/isotp/kernel_service.hpp"
#include "protocols/isotp/parameters.hpp"

namespace canstage::transports {

/// The values are those of <linux/can/isotp.h>.
struct isotp_options {
  std::uint32_t rx_id = 0;  ///< with CAN_EFF_FLAG; not used if it only sends
  std::uint32_t tx_id = 0;
  std::uint32_t flags = 0;
  std::uint32_t frame_txtime = 0;  ///< ns
  std::uint8_t ext_address = 0;
  std::uint8_t rx_ext_address = 0;
  std::uint8_t txpad = 0;
  std::uint8_t rxpad = 0;
  std::uint8_t bs = 0;
  std::uint8_t stmin = 0;
  std::uint8_t wftmax = 0;
  std::uint8_t mtu = 0;
  std::uint8_t tx_dl = 0;
  std::uint8_t tx_flags = 0;
  friend bool operator==(const isotp_options&, const isotp_options&) = default;
};

/// A connection as its node sees it.
struct isotp_wish {
  isotp::addressing address;
  isotp::parameters settings;
  bool only_functional = false;  ///< sends single frames to `address.functional_tx`, hears nothing
  std::vector<std::uint8_t> peer_tx_dl = {};  ///< of those it talks to, as far as known
};

/// Of a wish that the kernel can fulfil.
isotp_options options_for(const isotp_wish& wish);

/// What the kernel cannot do, in a few words each: "n_bs 500 ms". `longest`: see `longest_kernel_pdu`.
std::vector<std::string> beyond_kernel(const isotp_wish& wish, std::uint32_t longest);

/// The longest PDU that this kernel receives.
std::uint32_t longest_kernel_pdu();

/// What an error of a CAN_ISOTP socket says about a message.
struct isotp_failure {
  isotp::error_side side = isotp::error_side::sending;
  isotp::n_result result = isotp::n_result::n_error;
};
isotp_failure failure_of(int error_number);

}  // namespace canstage::transports

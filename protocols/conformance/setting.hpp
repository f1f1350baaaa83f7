// What has to be known about a stack under test, and what it is allowed.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "protocols/isotp/parameters.hpp"
#include "protocols/time.hpp"

namespace canstage::conformance {

/// What the measurement of a black box has to forgive.
struct allowances {
  /// How long the stack may take for what it has to send: flow control (N_Br), the next CF (N_Cs, beside
  /// STmin), the begin of an echo. As long has to be waited where nothing may come. The default is what
  /// the standard allows a node: 0.9 N_Bs.
  duration response = std::chrono::milliseconds{900};

  /// How much earlier or later than stated a timer of the stack (N_Bs, N_Cr) may run out.
  duration tolerance = std::chrono::milliseconds{20};

  /// How much too short a gap between two frames may seem: one step of the time stamps.
  duration resolution = std::chrono::microseconds{1};
};

/// The stack, from the driver's side of the bus.
struct setting {
  isotp::addressing address;       ///< of the driver: the stack sends on `rx` and receives on `tx`
  std::uint8_t tx_dl = 8;          ///< TX_DL of the stack, and of what the driver sends
  bool bit_rate_switch = false;    ///< BRS of the driver's FD frames
  std::optional<bool> echoes;      ///< whether every message comes back; none: found out by asking
  std::optional<std::uint8_t> bs;  ///< BS of the stack's flow control, once it was seen
  bool half_duplex = false;
  std::uint32_t max_sdu = 4095;  ///< longest message that the stack receives
  duration n_bs = std::chrono::seconds{1};
  duration n_cr = std::chrono::seconds{1};
  allowances allowed;

  bool fd() const { return tx_dl > 8; }

  /// A of what the driver sends.
  std::size_t address_bytes_out() const { return address.tx_address_byte ? 1 : 0; }

  /// A of what the stack sends.
  std::size_t address_bytes_in() const { return address.rx_address_byte ? 1 : 0; }

  /// The longest message that is an SF of a frame of 8 bytes, in both directions.
  std::size_t short_single() const { return 7 - std::max(address_bytes_out(), address_bytes_in()); }

  /// The longest message that the stack sends as an SF.
  std::size_t longest_single() const { return tx_dl - address_bytes_in() - (fd() ? 2 : 1); }

  /// What ends anything that is under way in the stack.
  duration quiet_time() const { return std::max({n_bs, n_cr, allowed.response}) + 2 * allowed.tolerance; }
};

}  // namespace canstage::conformance

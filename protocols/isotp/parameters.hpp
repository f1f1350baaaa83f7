// What can be set on an ISO-TP connection, with the standard's defaults.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "protocols/can/identifier.hpp"
#include "protocols/isotp/st_min.hpp"
#include "protocols/time.hpp"

namespace canstage::isotp {

/// Whom an N_SDU is for (N_TAtype): one node, or every node that listens to a functional address.
enum class target_type : std::uint8_t { physical, functional };

/// The identifiers of one connection under normal or normal fixed addressing, seen from its own node:
/// in both formats the identifier alone is the N_AI. Formats with an address byte in front of the
/// N_PCI (extended, mixed) add that byte here.
struct addressing {
  can::identifier rx;  ///< physical N_PDUs for this node
  can::identifier tx;  ///< physical N_PDUs of this node, its flow control among them
  std::optional<can::identifier> functional_rx;  ///< single frames for many nodes, this one among them
  std::optional<can::identifier> functional_tx;  ///< where this node sends functional requests
  friend bool operator==(const addressing&, const addressing&) = default;
};

/// Normal fixed addressing (29 bit): 18DAttss physical, 18DBttss functional, priority 6.
can::identifier normal_fixed_physical(std::uint8_t target, std::uint8_t source);
can::identifier normal_fixed_functional(std::uint8_t target, std::uint8_t source);

struct parameters {
  std::uint8_t bs = 0;  ///< block size of own flow control; 0: no further flow control
  st_min stmin;         ///< separation time of own flow control

  std::optional<std::uint8_t> padding = 0xCC;  ///< filler up to 8 bytes in every frame; none: no padding

  duration n_as = std::chrono::seconds{1};  ///< own SF, FF or CF has to get onto the bus
  duration n_ar = std::chrono::seconds{1};  ///< own FC has to get onto the bus
  duration n_bs = std::chrono::seconds{1};  ///< flow control of the peer has to come
  duration n_cr = std::chrono::seconds{1};  ///< the next consecutive frame has to come
  duration n_br{0};                         ///< how long this node takes to request its flow control
  duration n_cs{0};  ///< how long this node takes to request a consecutive frame, beside STmin

  /// Longest N_SDU that is received; a first frame that announces more is answered FC.OVFLW.
  std::uint32_t max_sdu = 4095;

  /// How many FC.WAIT in a row a transmission accepts before it ends with N_WFT_OVRN. None: no limit.
  std::optional<unsigned> accepted_waits;

  friend bool operator==(const parameters&, const parameters&) = default;
};

}  // namespace canstage::isotp

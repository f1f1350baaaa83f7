// What can be set on an ISO-TP connection, with the standard's defaults.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/can/identifier.hpp"
#include "protocols/isotp/compatibility.hpp"
#include "protocols/isotp/flow_status.hpp"
#include "protocols/isotp/st_min.hpp"
#include "protocols/time.hpp"

namespace canstage::isotp {

/// Whom an N_SDU is for (N_TAtype): one node, or every node that listens to a functional address.
enum class target_type : std::uint8_t { physical, functional };

/// The addresses of one connection, seen from its own node. The formats of ISO 15765-2:
///   normal, normal fixed   identifiers only
///   extended               the address byte is N_TA: of this node on rx, of the peer on tx
///   mixed (11 or 29 bit)   the address byte is N_AE, the same in both directions
/// An address byte lies in front of the N_PCI of every frame, flow control among them. Each direction
/// has its own, or none: the two may differ in format. A frame with another byte is for somebody else;
/// physical and functional frames may have one identifier if their address bytes differ.
struct addressing {
  can::identifier rx;  ///< physical N_PDUs for this node
  can::identifier tx;  ///< physical N_PDUs of this node, its flow control among them
  std::optional<can::identifier> functional_rx;  ///< single frames for many nodes, this one among them
  std::optional<can::identifier> functional_tx;  ///< where this node sends functional requests
  std::optional<std::uint8_t> rx_address_byte = {};
  std::optional<std::uint8_t> tx_address_byte = {};
  std::optional<std::uint8_t> functional_rx_address_byte = {};
  std::optional<std::uint8_t> functional_tx_address_byte = {};
  friend bool operator==(const addressing&, const addressing&) = default;
};

/// Normal fixed addressing (29 bit): 18DAttss physical, 18DBttss functional, priority 6.
can::identifier normal_fixed_physical(std::uint8_t target, std::uint8_t source);
can::identifier normal_fixed_functional(std::uint8_t target, std::uint8_t source);

/// Mixed addressing (29 bit): 18CEttss physical, 18CDttss functional, priority 6. N_AE goes into the
/// address bytes (ISOTP-092).
can::identifier mixed_29_physical(std::uint8_t target, std::uint8_t source);
can::identifier mixed_29_functional(std::uint8_t target, std::uint8_t source);

/// What a receiver demands of the fillers. A frame that fails is ignored. The standard demands
/// nothing.
enum class padding_check : std::uint8_t {
  none,
  length,  ///< as long as the own frames would be: 8 or an FD length with padding, the shortest without
  byte,    ///< filled with the byte of `padding` (CC if there is none)
  both,
};

enum class duplex_mode : std::uint8_t {
  full,  ///< both directions at once
  half,  ///< one segmented message at a time: own requests wait for the end of a reception, and what
         ///< the peer begins during an own segmented transmission is ignored (ISOTP-081, 084)
};

struct parameters {
  std::uint8_t bs = 0;  ///< block size of own flow control; 0: no further flow control
  st_min stmin;         ///< separation time of own flow control

  /// Filler up to 8 bytes in every frame; none: no padding. FD frames above 8 bytes are filled up to the
  /// next FD length in any case, with CC if there is no padding (ISOTP-004, 050, 077).
  std::optional<std::uint8_t> padding = 0xCC;

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

  /// TX_DL, data bytes of the longest frame: 8 (classic frames) or 12, 16, 20, 24, 32, 48, 64 (CAN FD).
  /// What is received may be of any length (ISOTP-030).
  std::uint8_t tx_dl = 8;

  bool bit_rate_switch = false;  ///< BRS of the own FD frames

  flow_control_policy flow_control;  ///< how this node answers as a receiver

  /// N_WFTmax: how many FC.WAIT in a row this node sends; a further one ends the message with N_WFT_OVRN.
  std::uint8_t n_wft_max = 10;

  /// From an FC.WAIT on the bus to the request of the next FC. None: half of N_Bs, which leaves as
  /// much for N_Ar as N_Br + N_Ar < 0.9 N_Bs allows (ISOTP-075).
  std::optional<duration> wait_interval;

  padding_check check_padding = padding_check::none;
  duplex_mode duplex = duplex_mode::full;
  compatibility compat;

  friend bool operator==(const parameters&, const parameters&) = default;
};

/// What no endpoint can be set to, a sentence each ("tx_dl 13 is none of 8, 12, ..."); nothing if all
/// is well. An endpoint needs parameters without problems.
std::vector<std::string> validate(const parameters& settings);

}  // namespace canstage::isotp

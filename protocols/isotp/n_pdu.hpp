// N_PDUs, the frames of ISO-TP: single frame (SF), first frame (FF), consecutive frame (CF), flow
// control (FC), and how they lie in the data bytes of a CAN frame.
//
//   SF   0L  data                      L = SF_DL
//   FF   1H LL  data                   HLL = FF_DL up to 4095
//   FF   10 00 LL LL LL LL  data       FF_DL above 4095
//   CF   2N  data                      N = SN
//   FC   3S BS STmin                   S = FS
//
// `decode` knows every rule that needs nothing but the frame: what the standard says to ignore
// because of its own bytes or its length becomes `ignored` here, and no state machine sees it. What
// depends on a running message (SN, length of a CF) is the receiver's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "protocols/bytes.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/can/identifier.hpp"
#include "protocols/isotp/flow_status.hpp"

namespace canstage::isotp {

/// A: bytes in front of the N_PCI that belong to the address. None in the normal formats; the formats
/// that have one put it here, and all capacities below follow.
inline constexpr std::size_t address_bytes = 0;

/// TX_DL: data bytes of the longest frame that is sent.
inline constexpr std::size_t tx_dl = can::max_classic_length;

/// RX_DL: data bytes of an FF that is received, and so of all its CFs but the last.
inline constexpr std::size_t rx_dl = can::max_classic_length;

inline constexpr std::size_t single_capacity = tx_dl - address_bytes - 1;
inline constexpr std::size_t consecutive_capacity = tx_dl - address_bytes - 1;

/// FF_DL up to this has 12 bits, above it 32 (ISOTP-021, ISOTP-027).
inline constexpr std::uint32_t longest_12_bit_ff_dl = 4095;

/// An FF carries at least one byte more than an SF can (ISOTP-024).
inline constexpr std::uint32_t min_ff_dl = rx_dl - address_bytes;

/// A frame that no state takes notice of.
struct ignored {};

struct single_frame {
  byte_view data;  ///< exactly SF_DL bytes
};

struct first_frame {
  std::uint32_t ff_dl = 0;
  byte_view data;
};

struct consecutive_frame {
  std::uint8_t sn = 0;
  byte_view data;  ///< all that is in the frame, fillers among it
};

struct flow_control {
  flow_status fs = flow_status::cts;
  std::uint8_t bs = 0;
  std::uint8_t stmin = 0;  ///< the code, see `st_min`
};

/// Views point into the frame's data.
using n_pdu = std::variant<ignored, single_frame, first_frame, consecutive_frame, flow_control>;

/// Reads the data bytes of a frame of this N_AI; remote frames have been sorted out.
n_pdu decode(byte_view data);

/// What fills a frame up to 8 bytes; none: frames are as short as their content (ISOTP-004, 077).
using filler = std::optional<std::uint8_t>;

/// How many bytes of an N_SDU of `length` go into its FF.
std::size_t first_capacity(std::size_t length);

/// `sdu` has 1 to `single_capacity` bytes.
can::frame encode_single(can::identifier id, byte_view sdu, filler fill);

/// The FF of the whole `sdu`, of more than `single_capacity` and less than 2^32 bytes. Always full.
can::frame encode_first(can::identifier id, byte_view sdu);

/// `data` has 1 to `consecutive_capacity` bytes, `sn` is 0-15.
can::frame encode_consecutive(can::identifier id, std::uint8_t sn, byte_view data, filler fill);

can::frame encode_flow_control(can::identifier id, const flow_control& fc, filler fill);

}  // namespace canstage::isotp

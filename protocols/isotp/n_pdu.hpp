// N_PDUs, the frames of ISO-TP: single frame (SF), first frame (FF), consecutive frame (CF), flow
// control (FC), and how they lie in the data bytes of a CAN frame behind the A (0 or 1) address bytes.
//
//   SF   0L  data                      L = SF_DL, CAN_DL up to 8
//   SF   00 LL  data                   LL = SF_DL, CAN_DL above 8 (escape)
//   FF   1H LL  data                   HLL = FF_DL up to 4095
//   FF   10 00 LL LL LL LL  data       FF_DL above 4095 (escape)
//   CF   2N  data                      N = SN
//   FC   3S BS STmin                   S = FS
//
// Reading knows every rule that needs nothing but the frame and the settings: what is to be ignored
// because of its own bytes or its length is not read, and no state machine sees it. What depends on a
// running message (SN, length of a CF) is the receiver's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "protocols/bytes.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/can/identifier.hpp"
#include "protocols/isotp/flow_status.hpp"
#include "protocols/isotp/parameters.hpp"

namespace canstage::isotp {

/// FF_DL up to this has 12 bits, above it 32 (ISOTP-021, ISOTP-027).
inline constexpr std::uint32_t longest_12_bit_ff_dl = 4095;

/// The filler of FD frames if there is no padding: few stuff bits.
inline constexpr std::uint8_t usual_filler = 0xCC;

/// High nibble of the first N_PCI byte. 4-F are reserved (ISOTP-085).
enum class pci_type : std::uint8_t { single = 0, first = 1, consecutive = 2, flow_control = 3 };

/// Where the frames of one direction go.
struct n_address {
  can::identifier id;
  std::optional<std::uint8_t> byte;
  std::size_t bytes() const { return byte ? 1 : 0; }  ///< A
};

/// A frame that was received and is for this node. It has at least one byte behind the address.
class received_frame {
 public:
  /// `data`: CAN_DL bytes, at most 64, which outlive this. `address_bytes`: A.
  received_frame(byte_view data, std::size_t address_bytes)
      : data_(data.data()),
        can_dl_(static_cast<std::uint32_t>(data.size())),
        address_bytes_(static_cast<std::uint32_t>(address_bytes)) {}

  byte_view data() const { return {data_, can_dl_}; }
  std::size_t can_dl() const { return can_dl_; }
  std::size_t address_bytes() const { return address_bytes_; }
  byte_view pdu() const { return data().subspan(address_bytes_); }
  pci_type type() const { return static_cast<pci_type>(data_[address_bytes_] >> 4); }

 private:
  const std::uint8_t* data_;
  std::uint32_t can_dl_;
  std::uint32_t address_bytes_;
};

struct first_frame {
  std::uint32_t ff_dl = 0;
  byte_view data;
};

struct flow_control {
  flow_status fs = flow_status::cts;
  std::uint8_t bs = 0;
  std::uint8_t stmin = 0;  ///< the code, see `st_min`
};

/// Bytes of an FC without its address (ISOTP-071, 077).
inline constexpr std::size_t fc_length = 3;

/// Exactly the SF_DL bytes of an SF; nothing if it is to be ignored.
std::optional<byte_view> read_single(received_frame f, const parameters& settings);

std::optional<first_frame> read_first(received_frame f, const parameters& settings);

std::optional<flow_control> read_flow_control(received_frame f, const parameters& settings);

/// Whether the fillers behind the first `content` bytes are as `check_padding` demands.
bool padding_as_demanded(received_frame f, std::size_t content, const parameters& settings);

/// The longest N_SDU that fits an SF of TX_DL `tx_dl` (ISOTP-002, 003, 013).
constexpr std::size_t single_capacity(std::size_t tx_dl, std::size_t address_bytes) {
  return tx_dl - address_bytes - (tx_dl > can::max_classic_length ? 2 : 1);
}

constexpr std::size_t consecutive_capacity(std::size_t tx_dl, std::size_t address_bytes) {
  return tx_dl - address_bytes - 1;
}

/// How many bytes of an N_SDU go into an FF that announces `ff_dl`.
constexpr std::size_t first_capacity(std::size_t tx_dl, std::size_t address_bytes, std::size_t ff_dl) {
  return tx_dl - address_bytes - (ff_dl <= longest_12_bit_ff_dl ? 2 : 6);
}

// Writing sets all of a fresh frame.

/// `sdu` has 1 to `single_capacity` bytes.
void write_single(can::frame& out, const n_address& to, byte_view sdu, const parameters& settings);

/// The bytes of a padded SF without address byte. `sdu` has 1 to 7 bytes.
void write_usual_single(std::array<std::uint8_t, can::max_classic_length>& out, byte_view sdu,
                        std::uint8_t padding);

/// The FF of `sdu`, which is longer than `first_capacity`. Always full.
void write_first(can::frame& out, const n_address& to, std::uint32_t ff_dl, byte_view sdu,
                 const parameters& settings);

/// `data` has 1 to `consecutive_capacity` bytes, `sn` is 0-15.
void write_consecutive(can::frame& out, const n_address& to, std::uint8_t sn, byte_view data,
                       const parameters& settings);

void write_flow_control(can::frame& out, const n_address& to, const flow_control& fc,
                        const parameters& settings);

/// Copies `from`, which has 1 to 7 bytes: so few that no call is worth its while.
inline void copy_short(std::uint8_t* to, byte_view from) {
  const std::size_t size = from.size();
  if (size >= 4) {  // the first four and the last four
    std::memcpy(to, from.data(), 4);
    std::memcpy(to + size - 4, from.data() + size - 4, 4);
  } else {
    to[0] = from[0];
    to[size / 2] = from[size / 2];
    to[size - 1] = from[size - 1];
  }
}

/// Copies `from`: mostly the 7 bytes of a classic CF, for which no call is worth its while.
inline void copy_payload(std::uint8_t* to, byte_view from) {
  constexpr std::size_t usual = 7;
  if (from.size() == usual) {
    std::memcpy(to, from.data(), usual);
  } else {
    std::memcpy(to, from.data(), from.size());
  }
}

}  // namespace canstage::isotp

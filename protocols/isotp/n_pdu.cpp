#include "protocols/isotp/n_pdu.hpp"

#include <algorithm>
#include <cassert>

namespace canstage::isotp {

namespace {

constexpr std::size_t ff_pci_12_bit = 2;
constexpr std::size_t ff_pci_32_bit = 6;
constexpr std::size_t fc_pci = 3;

/// High nibble of the first N_PCI byte. 4-F are reserved.
enum class pci_type : std::uint8_t { single = 0, first = 1, consecutive = 2, flow_control = 3 };

n_pdu decode_single(byte_view pdu) {
  const std::size_t sf_dl = pdu[0] & 0x0FU;
  // ISOTP-006: 0 is the escape of frames longer than 8. ISOTP-007, 009: more than the frame holds.
  if (sf_dl == 0 || sf_dl > pdu.size() - 1) return ignored{};
  // ISOTP-010: a frame shorter than 8 has no fillers.
  const bool fillers = sf_dl < pdu.size() - 1;
  if (fillers && pdu.size() + address_bytes < can::max_classic_length) return ignored{};
  return single_frame{pdu.subspan(1, sf_dl)};
}

n_pdu decode_first(byte_view pdu) {
  if (pdu.size() + address_bytes < rx_dl) return ignored{};  // ISOTP-026
  const std::uint32_t short_ff_dl = (pdu[0] & 0x0FU) * 256U + pdu[1];
  if (short_ff_dl != 0) {
    if (short_ff_dl < min_ff_dl) return ignored{};  // ISOTP-024
    return first_frame{short_ff_dl, pdu.subspan(ff_pci_12_bit)};
  }
  const std::uint32_t ff_dl = (static_cast<std::uint32_t>(pdu[2]) << 24) |
                              (static_cast<std::uint32_t>(pdu[3]) << 16) |
                              (static_cast<std::uint32_t>(pdu[4]) << 8) | pdu[5];
  if (ff_dl <= longest_12_bit_ff_dl) return ignored{};  // ISOTP-027
  return first_frame{ff_dl, pdu.subspan(ff_pci_32_bit)};
}

n_pdu decode_flow_control(byte_view pdu) {
  if (pdu.size() < fc_pci) return ignored{};  // ISOTP-071
  return flow_control{static_cast<flow_status>(pdu[0] & 0x0FU), pdu[1], pdu[2]};
}

constexpr std::uint8_t first_byte(pci_type type, std::size_t low_nibble) {
  return static_cast<std::uint8_t>((static_cast<unsigned>(type) << 4) | (low_nibble & 0x0FU));
}

/// A frame whose `length` grows as bytes are put behind each other.
struct writer {
  can::frame frame;

  explicit writer(can::identifier id) { frame.id = id; }

  void put(std::size_t byte) { frame.data[frame.length++] = static_cast<std::uint8_t>(byte); }

  void put(byte_view data) {
    assert(frame.length + data.size() <= tx_dl);
    std::copy(data.begin(), data.end(), frame.data.begin() + frame.length);
    frame.length = static_cast<std::uint8_t>(frame.length + data.size());
  }

  void pad(filler fill) {
    if (!fill) return;
    while (frame.length < can::max_classic_length) put(*fill);
  }
};

}  // namespace

n_pdu decode(byte_view data) {
  // ISOTP-011: nothing behind the address. Frames above 8 bytes belong to CAN FD's segmentation.
  if (data.size() <= address_bytes || data.size() > rx_dl) return ignored{};
  const byte_view pdu = data.subspan(address_bytes);
  switch (static_cast<pci_type>(pdu[0] >> 4)) {
    case pci_type::single:
      return decode_single(pdu);
    case pci_type::first:
      return decode_first(pdu);
    case pci_type::consecutive:
      return consecutive_frame{static_cast<std::uint8_t>(pdu[0] & 0x0FU), pdu.subspan(1)};
    case pci_type::flow_control:
      return decode_flow_control(pdu);
  }
  return ignored{};  // ISOTP-085
}

std::size_t first_capacity(std::size_t length) {
  return tx_dl - address_bytes - (length <= longest_12_bit_ff_dl ? ff_pci_12_bit : ff_pci_32_bit);
}

can::frame encode_single(can::identifier id, byte_view sdu, filler fill) {
  assert(!sdu.empty() && sdu.size() <= single_capacity);
  writer out{id};
  out.put(first_byte(pci_type::single, sdu.size()));
  out.put(sdu);
  out.pad(fill);
  return out.frame;
}

can::frame encode_first(can::identifier id, byte_view sdu) {
  assert(sdu.size() > single_capacity);
  const std::size_t ff_dl = sdu.size();
  writer out{id};
  if (ff_dl <= longest_12_bit_ff_dl) {
    out.put(first_byte(pci_type::first, ff_dl >> 8));
    out.put(ff_dl & 0xFFU);
  } else {
    out.put(first_byte(pci_type::first, 0));
    out.put(std::size_t{0});
    for (int shift = 24; shift >= 0; shift -= 8) out.put((ff_dl >> shift) & 0xFFU);
  }
  out.put(sdu.first(first_capacity(ff_dl)));
  return out.frame;
}

can::frame encode_consecutive(can::identifier id, std::uint8_t sn, byte_view data, filler fill) {
  assert(!data.empty() && data.size() <= consecutive_capacity);
  writer out{id};
  out.put(first_byte(pci_type::consecutive, sn));
  out.put(data);
  out.pad(fill);
  return out.frame;
}

can::frame encode_flow_control(can::identifier id, const flow_control& fc, filler fill) {
  writer out{id};
  out.put(first_byte(pci_type::flow_control, static_cast<std::size_t>(fc.fs)));
  out.put(fc.bs);
  out.put(fc.stmin);
  out.pad(fill);
  return out.frame;
}

}  // namespace canstage::isotp

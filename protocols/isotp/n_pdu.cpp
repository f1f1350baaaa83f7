#include "protocols/isotp/n_pdu.hpp"

#include <algorithm>
#include <cassert>

namespace canstage::isotp {

namespace {

constexpr std::size_t longest_short = can::max_classic_length;  ///< CAN_DL of an SF without escape

std::uint8_t filler_of(const parameters& settings) { return settings.padding.value_or(usual_filler); }

/// How long a frame with that content is sent.
std::size_t can_dl_for(std::size_t content, const parameters& settings) {
  if (content <= can::max_classic_length) return settings.padding ? can::max_classic_length : content;
  return can::fd_length_for(content);
}

/// The SF whose data begin at `start`, behind address and N_PCI.
std::optional<byte_view> single_at(received_frame f, std::size_t start, std::size_t sf_dl,
                                   const parameters& settings) {
  // ISOTP-007, 008, 009, 016: more than the frame holds.
  if (sf_dl == 0 || start + sf_dl > f.can_dl()) return std::nullopt;
  if (!padding_as_demanded(f, start + sf_dl, settings)) return std::nullopt;
  return f.data().subspan(start, sf_dl);
}

/// ISOTP-010: a frame shorter than 8 has no fillers. ISOTP-017: an FD frame is no longer than needed.
bool is_shortest(received_frame f, std::size_t content) {
  return f.can_dl() == can::max_classic_length || f.can_dl() == can::fd_length_for(content);
}

/// ISOTP-024. `pci`: bytes of the N_PCI.
std::size_t min_ff_dl(received_frame f, std::size_t pci, smallest_ff_dl rule) {
  const std::size_t escape = f.can_dl() > longest_short ? 1 : 0;
  switch (rule) {
    case smallest_ff_dl::above_single:
      return f.can_dl() - f.address_bytes() - escape;
    case smallest_ff_dl::fills_first:
      return f.can_dl() - f.address_bytes() - escape - pci;
    case smallest_ff_dl::any:
      return 1;
  }
  return 1;
}

constexpr std::uint8_t first_byte(pci_type type, std::size_t low_nibble) {
  return static_cast<std::uint8_t>((static_cast<unsigned>(type) << 4) | (low_nibble & 0x0FU));
}

void address(can::frame& out, const n_address& to, const parameters& settings) {
  out.id = to.id;
  if (settings.tx_dl <= can::max_classic_length) return;
  out.flags.fd = true;
  out.flags.bit_rate_switch = settings.bit_rate_switch;
}

/// Fills up a frame whose `length` is that of its content.
void fill(can::frame& f, const parameters& settings) {
  const std::size_t length = can_dl_for(f.length, settings);
  if (length == f.length) return;
  std::fill(f.data.begin() + f.length, f.data.begin() + length, filler_of(settings));
  f.length = static_cast<std::uint8_t>(length);
}

/// A frame whose `length` grows as bytes are put behind each other.
struct writer {
  can::frame& frame;

  writer(can::frame& out, const n_address& to, const parameters& settings) : frame(out) {
    address(out, to, settings);
    if (to.byte) put(*to.byte);
  }

  void put(std::size_t byte) { frame.data[frame.length++] = static_cast<std::uint8_t>(byte); }

  void put(byte_view data) {
    assert(frame.length + data.size() <= frame.data.size());
    copy_payload(frame.data.data() + frame.length, data);
    frame.length = static_cast<std::uint8_t>(frame.length + data.size());
  }
};

/// An SF whose CAN_DL is above 8.
[[gnu::noinline]] void write_long_single(can::frame& out, const n_address& to, byte_view sdu,
                                         const parameters& settings) {
  writer w{out, to, settings};
  w.put(first_byte(pci_type::single, 0));
  w.put(sdu.size());
  w.put(sdu);
  fill(out, settings);
}

}  // namespace

bool padding_as_demanded(received_frame f, std::size_t content, const parameters& settings) {
  const padding_check check = settings.check_padding;
  if (check == padding_check::none) return true;
  if (check != padding_check::byte && f.can_dl() != can_dl_for(content, settings)) return false;
  if (check == padding_check::length) return true;
  const auto is_filler = [&](std::uint8_t byte) { return byte == filler_of(settings); };
  return std::all_of(f.data().begin() + static_cast<std::ptrdiff_t>(content), f.data().end(), is_filler);
}

std::optional<byte_view> read_unusual_single(received_frame f, const parameters& settings) {
  const compatibility& compat = settings.compat;
  const byte_view pdu = f.pdu();
  const std::size_t low = pdu[0] & 0x0FU;
  const bool is_long = f.can_dl() > longest_short;
  if (low != 0) {
    if (is_long && !compat.missing_escape) return std::nullopt;  // ISOTP-015
    const std::size_t content = f.address_bytes() + 1 + low;
    if (!is_long && !compat.loose_sf_length && !is_shortest(f, content)) return std::nullopt;
    return single_at(f, f.address_bytes() + 1, low, settings);
  }
  if (!is_long && !compat.escape_in_8_bytes) return std::nullopt;  // ISOTP-006
  if (pdu.size() < 2) return std::nullopt;
  const std::size_t sf_dl = pdu[1];
  const std::size_t content = f.address_bytes() + 2 + sf_dl;
  if (is_long && content > f.can_dl()) return std::nullopt;  // ISOTP-016
  const bool needs_escape = f.address_bytes() + 1 + sf_dl > longest_short;
  if (is_long && !compat.loose_sf_length && !(needs_escape && is_shortest(f, content))) return std::nullopt;
  return single_at(f, f.address_bytes() + 2, sf_dl, settings);
}

std::optional<byte_view> read_single(received_frame f, const parameters& settings) {
  // Most have 8 bytes, an SF_DL that fits, and fillers that nobody looks at: they keep every rule.
  const std::size_t sf_dl = f.data()[f.address_bytes()] & 0x0FU;
  const std::size_t start = f.address_bytes() + 1;
  const bool fits = f.can_dl() == can::max_classic_length && sf_dl != 0 && start + sf_dl <= f.can_dl();
  if (fits && settings.check_padding == padding_check::none) return f.data().subspan(start, sf_dl);
  return read_unusual_single(f, settings);
}

std::optional<first_frame> read_first(received_frame f, const parameters& settings) {
  if (f.can_dl() < can::max_classic_length) return std::nullopt;  // ISOTP-026
  if (!can::is_fd_length(f.can_dl())) return std::nullopt;
  const byte_view pdu = f.pdu();
  std::size_t pci = 2;
  std::uint32_t ff_dl = (pdu[0] & 0x0FU) * 256U + pdu[1];
  if (ff_dl == 0) {
    pci = 6;
    ff_dl = (static_cast<std::uint32_t>(pdu[2]) << 24) | (static_cast<std::uint32_t>(pdu[3]) << 16) |
            (static_cast<std::uint32_t>(pdu[4]) << 8) | pdu[5];
    if (ff_dl <= longest_12_bit_ff_dl && !settings.compat.small_32_bit_ff_dl) return std::nullopt;  // 027
  }
  if (ff_dl < std::max<std::size_t>(1, min_ff_dl(f, pci, settings.compat.ff_dl))) return std::nullopt;
  return first_frame{ff_dl, pdu.subspan(pci)};
}

std::optional<flow_control> read_flow_control(received_frame f, const parameters& settings) {
  const byte_view pdu = f.pdu();
  if (pdu.size() < fc_length) return std::nullopt;  // ISOTP-071
  if (!padding_as_demanded(f, f.address_bytes() + fc_length, settings)) return std::nullopt;
  return flow_control{static_cast<flow_status>(pdu[0] & 0x0FU), pdu[1], pdu[2]};
}

void write_single(can::frame& out, const n_address& to, byte_view sdu, const parameters& settings) {
  assert(!sdu.empty() && sdu.size() <= single_capacity(settings.tx_dl, to.bytes()));
  const std::size_t content = to.bytes() + 1 + sdu.size();
  if (content > longest_short) return write_long_single(out, to, sdu, settings);  // ISOTP-012
  address(out, to, settings);
  out.length = static_cast<std::uint8_t>(settings.padding ? longest_short : content);
  std::uint8_t* next = out.data.data();
  const auto address_byte = to.byte;
  if (settings.padding) std::memset(next, *settings.padding, longest_short);
  if (address_byte) *next++ = *address_byte;
  *next++ = first_byte(pci_type::single, sdu.size());
  copy_short(next, sdu);
}

void write_usual_single(std::array<std::uint8_t, can::max_classic_length>& out, byte_view sdu,
                        std::uint8_t padding) {
  assert(!sdu.empty() && sdu.size() < out.size());
  out.fill(padding);
  out[0] = first_byte(pci_type::single, sdu.size());
  copy_short(out.data() + 1, sdu);
}

void write_first(can::frame& out, const n_address& to, std::uint32_t ff_dl, byte_view sdu,
                 const parameters& settings) {
  writer w{out, to, settings};
  if (ff_dl <= longest_12_bit_ff_dl) {
    w.put(first_byte(pci_type::first, ff_dl >> 8));
    w.put(ff_dl & 0xFFU);
  } else {
    w.put(first_byte(pci_type::first, 0));
    w.put(std::size_t{0});
    for (int shift = 24; shift >= 0; shift -= 8) w.put((ff_dl >> shift) & 0xFFU);
  }
  const std::size_t capacity = first_capacity(settings.tx_dl, to.bytes(), ff_dl);
  w.put(sdu.first(std::min(sdu.size(), capacity)));
  assert(out.length == settings.tx_dl);
}

void write_consecutive(can::frame& out, const n_address& to, std::uint8_t sn, byte_view data,
                       const parameters& settings) {
  assert(!data.empty() && data.size() <= consecutive_capacity(settings.tx_dl, to.bytes()));
  address(out, to, settings);
  std::uint8_t* next = out.data.data();
  if (to.byte) *next++ = *to.byte;
  *next++ = first_byte(pci_type::consecutive, sn);
  copy_payload(next, data);
  const std::size_t content = to.bytes() + 1 + data.size();
  out.length = static_cast<std::uint8_t>(content);
  if (content != settings.tx_dl) fill(out, settings);
}

void write_flow_control(can::frame& out, const n_address& to, const flow_control& fc,
                        const parameters& settings) {
  writer w{out, to, settings};
  w.put(first_byte(pci_type::flow_control, static_cast<std::size_t>(fc.fs)));
  w.put(fc.bs);
  w.put(fc.stmin);
  fill(out, settings);
}

}  // namespace canstage::isotp

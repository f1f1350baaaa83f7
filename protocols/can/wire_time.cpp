#include "protocols/can/wire_time.hpp"

#include <array>
#include <cassert>

#include "protocols/can/bit_tables.hpp"

namespace canstage::can {

namespace {

constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;

/// What is sent from SOF on before the data: at most 41 bits, the first one on top.
struct head_bits {
  std::uint64_t bits = 0;
  unsigned count = 0;

  void append(std::uint32_t value, unsigned width) {
    bits = bits << width | value;
    count += width;
  }
};

/// SOF to IDE (base format) or to RTR/RRS (extended format).
head_bits arbitration_field(const frame& f) {
  const std::uint32_t id = f.id.value();
  const unsigned remote = f.flags.remote && !f.flags.fd ? 1 : 0;
  head_bits head;
  head.append(0, 1);  // SOF
  if (f.id.is_extended()) {
    head.append(id >> 18, 11);
    head.append(0b11, 2);  // SRR, IDE
    head.append(id & 0x3'FFFF, 18);
    head.append(remote, 1);
  } else {
    head.append(id, 11);
    head.append(remote << 1, 2);  // RTR, IDE
  }
  return head;
}

/// Sends bytes and counts their stuff bits.
class stuffer {
 public:
  unsigned stuff() const { return stuff_; }

  const bit_tables::stuffing& send(unsigned byte) {
    const bit_tables::stuffing& sent = bit_tables::stuffings[state_][byte];
    state_ = sent.next;
    stuff_ += sent.stuff;
    return sent;
  }

  /// Sends the head, first of all. Returns it as stuffed, in the low `head.count + stuff()` bits.
  std::uint64_t send(const head_bits& head) {
    // Alternating bits before SOF make whole bytes of it. They change nothing: they have no stuff
    // bits, and SOF differs from the last of them.
    constexpr std::uint64_t filler = 0x5555'5555'5555'5555;
    const std::uint64_t filled = filler << head.count | head.bits;
    std::uint64_t stuffed = 0;
    for (unsigned shift = (head.count + 7) / 8 * 8; shift > 0;) {
      shift -= 8;
      const bit_tables::stuffing& sent = send(static_cast<unsigned>(filled >> shift & 0xFF));
      stuffed = stuffed << (8 + sent.stuff) | sent.wire;
    }
    return stuffed;
  }

 private:
  bit_tables::run_state state_ = bit_tables::state_of(1, 1);
  unsigned stuff_ = 0;
};

frame_bits count_classic(const frame& f) {
  head_bits head = arbitration_field(f);
  head.append(0, f.id.is_extended() ? 2 : 1);  // r1, r0
  head.append(dlc(f), 4);

  stuffer wire;
  wire.send(head);
  // The head has at most 39 bits; zeros before it leave a CRC alone that starts with 0.
  std::uint32_t crc = 0;
  for (int shift = 32; shift >= 0; shift -= 8) {
    crc = bit_tables::crc_15::after_byte(crc, static_cast<unsigned>(head.bits >> shift & 0xFF));
  }
  for (const std::uint8_t byte : f.payload()) {
    wire.send(byte);
    crc = bit_tables::crc_15::after_byte(crc, byte);
  }
  // With the CRC delimiter these are two bytes. The delimiter is not stuffed, but a run of five at the
  // end of the CRC has its stuff bit before it.
  wire.send(crc >> 7);
  wire.send((crc << 1 & 0xFF) | 1);

  constexpr unsigned crc_delimiter_ack_eof = 15 + 1 + 2 + 7;
  const unsigned covered = head.count + 8 * static_cast<unsigned>(f.payload().size());
  return {covered + wire.stuff() + crc_delimiter_ack_eof, 0, wire.stuff(), crc};
}

/// The CRC of an FD frame is taken over stuffed bits, which do not come in whole bytes.
template <class Crc>
class stuffed_crc {
 public:
  explicit stuffed_crc(std::uint32_t initial) : crc_(initial) {}

  /// `count` is at most 57, so that up to 7 bits that wait still fit.
  void append(std::uint64_t bits, unsigned count) {
    waiting_ = waiting_ << count | bits;
    for (waiting_count_ += count; waiting_count_ >= 8;) {
      waiting_count_ -= 8;
      crc_ = Crc::after_byte(crc_, static_cast<unsigned>(waiting_ >> waiting_count_ & 0xFF));
    }
  }

  std::uint32_t finish() {
    while (waiting_count_ > 0) {
      --waiting_count_;
      crc_ = Crc::after_bit(crc_, static_cast<unsigned>(waiting_ >> waiting_count_ & 1));
    }
    return crc_;
  }

 private:
  std::uint32_t crc_;
  std::uint64_t waiting_ = 0;  ///< its low `waiting_count_` bits
  unsigned waiting_count_ = 0;
};

/// The SBC field: the count modulo 8 in Gray code, and an even parity bit.
constexpr std::array<std::uint8_t, 8> stuff_count_codes = {0x0, 0x3, 0x6, 0x5, 0xC, 0xF, 0xA, 0x9};

/// `check_bits`: SBC, CRC, their fixed stuff bits and the CRC delimiter.
template <class Crc>
frame_bits count_fd(const frame& f, std::uint32_t initial_crc, unsigned check_bits) {
  head_bits head = arbitration_field(f);
  head.append(0b10, 2);  // FDF, res
  head.append(f.flags.bit_rate_switch ? 1 : 0, 1);
  const head_bits up_to_rate_switch = head;
  head.append(f.flags.error_state_indicator ? 1 : 0, 1);
  head.append(dlc(f), 4);

  stuffer wire;
  stuffed_crc<Crc> crc{initial_crc};
  const std::uint64_t stuffed_head = wire.send(head);
  crc.append(stuffed_head, head.count + wire.stuff());
  for (const std::uint8_t byte : f.payload()) {
    const bit_tables::stuffing& sent = wire.send(byte);
    crc.append(sent.wire, 8U + sent.stuff);
  }
  crc.append(stuff_count_codes[wire.stuff() % 8], 4);

  constexpr unsigned ack_eof = 2 + 7;
  const unsigned covered = head.count + 8 * static_cast<unsigned>(f.payload().size()) + wire.stuff();
  const unsigned all = covered + check_bits + ack_eof;
  if (!f.flags.bit_rate_switch) return {all, 0, wire.stuff(), crc.finish()};
  stuffer nominal;
  nominal.send(up_to_rate_switch);
  const unsigned nominal_bits = up_to_rate_switch.count + nominal.stuff() + ack_eof;
  return {nominal_bits, all - nominal_bits, wire.stuff(), crc.finish()};
}

/// ISO 11898-1: CRC-17 for at most 16 data bytes, else CRC-21.
frame_bits count_fd(const frame& f) {
  if (f.length <= 16) return count_fd<bit_tables::crc_17>(f, 0x10000, 4 + 17 + 6 + 1);
  return count_fd<bit_tables::crc_21>(f, 0x100000, 4 + 21 + 7 + 1);
}

}  // namespace

frame_bits count_bits(const frame& f) { return f.flags.fd ? count_fd(f) : count_classic(f); }

duration wire_time(const frame& f, const bit_rates& rates) {
  assert(rates.nominal > 0);
  const frame_bits bits = count_bits(f);
  const std::uint64_t nominal = rates.nominal;
  const std::uint64_t data = rates.data != 0 ? rates.data : rates.nominal;
  const std::uint64_t nominal_time = bits.nominal * nanoseconds_per_second;
  const std::uint64_t data_time = bits.data * nanoseconds_per_second;
  // The sum is rounded, not its parts; as fractions of one nanosecond the remainders add up to
  // nothing, to at most one, or to more than one.
  const std::uint64_t a = nominal_time % nominal;
  const std::uint64_t b = data_time % data;
  const std::uint64_t up = a == 0 && b == 0 ? 0 : a * data > (data - b) * nominal ? 2 : 1;
  return duration{static_cast<duration::rep>(nominal_time / nominal + data_time / data + up)};
}

duration bit_time(std::int64_t bits, const bit_rates& rates) {
  assert(rates.nominal > 0);
  const std::int64_t time = bits * static_cast<std::int64_t>(nanoseconds_per_second);
  return duration{(time + rates.nominal - 1) / rates.nominal};
}

duration intermission_time(const bit_rates& rates) { return bit_time(intermission_bits, rates); }

}  // namespace canstage::can

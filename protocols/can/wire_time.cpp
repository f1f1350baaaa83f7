#include "protocols/can/wire_time.hpp"

#include <cassert>

namespace canstage::can {

namespace {

constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;

/// Counts the bits of one frame while they pass by, one at a time, in the order of the wire.
class bit_counter {
 public:
  bit_counter(unsigned crc_width, std::uint32_t polynomial, std::uint32_t initial, bool crc_over_stuff_bits)
      : crc_mask_((std::uint32_t{1} << crc_width) - 1),
        crc_top_(crc_width - 1),
        polynomial_(polynomial),
        crc_(initial),
        crc_over_stuff_bits_(crc_over_stuff_bits) {}

  std::uint32_t crc() const { return crc_; }
  unsigned stuff() const { return stuff_; }
  unsigned sent() const { return sent_; }

  /// A run of five is followed by its stuff bit when the next bit is sent, whatever that is.
  void stuffed(std::uint64_t bits, unsigned count, bool into_crc = true) {
    while (count-- > 0) {
      stuff_if_due();
      const unsigned bit = static_cast<unsigned>(bits >> count & 1);
      if (into_crc) add_to_crc(bit);
      run_ = bit == last_ ? run_ + 1 : 1;
      last_ = bit;
      ++sent_;
    }
  }

  void stuff_if_due() {
    if (run_ != 5) return;
    last_ ^= 1;
    run_ = 1;
    ++stuff_;
    ++sent_;
    if (crc_over_stuff_bits_) add_to_crc(last_);
  }

  void add_to_crc(unsigned bit) {
    const unsigned feedback = (crc_ >> crc_top_ & 1) ^ bit;
    crc_ = (crc_ << 1 & crc_mask_) ^ (feedback != 0 ? polynomial_ : 0);
  }

 private:
  std::uint32_t crc_mask_;
  unsigned crc_top_;
  std::uint32_t polynomial_;
  std::uint32_t crc_;
  bool crc_over_stuff_bits_;
  unsigned last_ = 1;
  unsigned run_ = 0;
  unsigned stuff_ = 0;
  unsigned sent_ = 0;
};

/// SOF to RTR or RRS and IDE, in either format.
void send_identifier(bit_counter& wire, const frame& f) {
  const std::uint32_t id = f.id.value();
  const unsigned remote = f.flags.remote && !f.flags.fd ? 1 : 0;
  wire.stuffed(0, 1);
  if (f.id.is_extended()) {
    wire.stuffed(id >> 18, 11);
    wire.stuffed(0b11, 2);  // SRR, IDE
    wire.stuffed(id & 0x3'FFFF, 18);
    wire.stuffed(remote, 1);
  } else {
    wire.stuffed(id, 11);
    wire.stuffed(remote, 1);
    wire.stuffed(0, 1);  // IDE
  }
}

frame_bits count_classic(const frame& f) {
  bit_counter wire{15, 0x4599, 0, false};
  send_identifier(wire, f);
  if (f.id.is_extended()) wire.stuffed(0, 1);  // r1
  wire.stuffed(0, 1);                          // r0
  wire.stuffed(dlc(f), 4);
  for (const std::uint8_t byte : f.payload()) wire.stuffed(byte, 8);
  const std::uint32_t crc = wire.crc();
  wire.stuffed(crc, 15, false);
  wire.stuff_if_due();
  constexpr unsigned delimiter_ack_eof = 1 + 1 + 1 + 7;
  return {wire.sent() + delimiter_ack_eof, 0, wire.stuff(), crc};
}

frame_bits count_fd(const frame& f) {
  const bool long_crc = f.length > 16;
  bit_counter wire =
      long_crc ? bit_counter{21, 0x102899, 0x100000, true} : bit_counter{17, 0x1685B, 0x10000, true};
  send_identifier(wire, f);
  wire.stuffed(0b10, 2);  // FDF, res
  wire.stuffed(f.flags.bit_rate_switch, 1);
  const unsigned head = wire.sent();
  wire.stuffed(f.flags.error_state_indicator, 1);
  wire.stuffed(dlc(f), 4);
  for (const std::uint8_t byte : f.payload()) wire.stuffed(byte, 8);
  const unsigned gray = (wire.stuff() & 7) ^ (wire.stuff() & 7) >> 1;
  for (int bit = 2; bit >= 0; --bit) wire.add_to_crc(gray >> bit & 1);
  wire.add_to_crc((gray ^ gray >> 1 ^ gray >> 2) & 1);
  const unsigned crc_field_and_delimiter = long_crc ? 33 : 28;
  constexpr unsigned ack_eof = 1 + 1 + 7;
  const unsigned data = wire.sent() - head + crc_field_and_delimiter;
  if (f.flags.bit_rate_switch) return {head + ack_eof, data, wire.stuff(), wire.crc()};
  return {head + data + ack_eof, 0, wire.stuff(), wire.crc()};
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

duration intermission_time(const bit_rates& rates) {
  assert(rates.nominal > 0);
  const std::uint64_t time = intermission_bits * nanoseconds_per_second;
  return duration{static_cast<duration::rep>((time + rates.nominal - 1) / rates.nominal)};
}

}  // namespace canstage::can

// Vector's ASC, as log2asc writes it: hexadecimal, absolute times in microseconds, rounded down.
//
//    0.002367 1  7E8             Rx   d 8 10 14 62 F1 90 57 56 57
//    0.002590 2  18DAF110x       Rx   r 3
//    0.002800 CANFD   1 Rx       123  1 0 9 12 00 .. 130000 130 3000 0 0 0 0 0
//    0.003000 1  ErrorFrame
//
// Channels are numbered from 1; which bus each is stands in a comment, which canstage reads back. The
// date is the begin of Unix time: a run in virtual time has none, and has to give the same bytes.
#include <cassert>

#include "protocols/trace/asc.hpp"
#include "protocols/trace/digits.hpp"
#include "protocols/trace/formats.hpp"

namespace canstage::trace {

namespace {

constexpr std::string_view header =
    "date Thu Jan 1 00:00:00.000 1970\n"
    "base hex  timestamps absolute\n"
    "no internal events logged\n"
    "// version 9.0.0\n"
    "Begin Triggerblock Thu Jan 1 00:00:00.000 1970\n"
    "   0.000000 Start of measurement\n";

class asc_writer final : public writer {
 public:
  void begin(std::string& out) override { out += header; }

  void add_bus(std::string& out, std::string_view name) override {
    out += asc_channel_comment;
    out += std::to_string(++buses_);
    out += asc_channel_is;
    out += name;
    out += '\n';
  }

  void add(std::string& out, const entry& what) override {
    assert(what.bus < buses_);
    put_time(out, what.time);
    const auto channel = std::to_string(what.bus + 1);
    if (what.error_classes != 0) {
      out += channel + "  ErrorFrame\n";
    } else if (what.content.flags.fd) {
      put_fd(out, channel, what.content);
    } else {
      put_classic(out, channel, what.content);
    }
  }

  void remark(std::string& out, instant time, std::string_view text) override {
    out += "// ";
    put_time(out, time);
    out += text;
    out += '\n';
  }

  void end(std::string& out) override { out += "End TriggerBlock\n"; }

 private:
  static void put_time(std::string& out, instant time) {
    assert(time >= instant{});
    const auto microseconds = static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count());
    const auto seconds = std::to_string(microseconds / 1'000'000);
    out.append(seconds.size() < 4 ? 4 - seconds.size() : 0, ' ');
    char fraction[8];
    char* end = fraction;
    *end++ = '.';
    put_decimal(end, microseconds % 1'000'000, 6);
    *end++ = ' ';
    out += seconds;
    out.append(fraction, end);
  }

  static std::string identifier_text(can::identifier id) {
    char digits[8];
    char* end = digits;
    put_hex(end, id.value(), 8);
    std::string text{digits, end};
    text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
    return id.is_extended() ? text + 'x' : text;
  }

  static void put_padded(std::string& out, const std::string& text, std::size_t width) {
    out += text;
    out.append(text.size() < width ? width - text.size() : 0, ' ');
  }

  static void put_hex_digit(std::string& out, unsigned value) {
    char digit[1];
    char* end = digit;
    put_hex(end, value, 1);
    out += digit[0];
  }

  static void put_data(std::string& out, const can::frame& f) {
    for (const auto byte : f.payload()) {
      char text[3] = {' '};
      char* end = text + 1;
      put_hex(end, byte, 2);
      out.append(text, end);
    }
  }

  static void put_classic(std::string& out, const std::string& channel, const can::frame& f) {
    out += channel + "  ";
    put_padded(out, identifier_text(f.id), 15);
    out += f.flags.remote ? " Rx   r " : " Rx   d ";
    put_hex_digit(out, can::dlc(f));
    put_data(out, f);
    out += '\n';
  }

  static void put_fd(std::string& out, const std::string& channel, const can::frame& f) {
    out += "CANFD ";
    out.append(channel.size() < 3 ? 3 - channel.size() : 0, ' ');
    out += channel + " Rx   ";
    const auto id = identifier_text(f.id);
    out.append(id.size() < 11 ? 11 - id.size() : 0, ' ');
    out += id + "  ";
    out += f.flags.bit_rate_switch ? "1 " : "0 ";
    out += f.flags.error_state_indicator ? "1 " : "0 ";
    put_hex_digit(out, can::dlc(f));
    out += ' ' + std::to_string(f.length);
    put_data(out, f);
    // Duration and number of bits as log2asc makes them up; then flags, CRC and bit timings.
    constexpr unsigned fdf = 0x1000;
    constexpr unsigned brs = 0x2000;
    constexpr unsigned esi = 0x4000;
    const unsigned flags =
        fdf | (f.flags.bit_rate_switch ? brs : 0) | (f.flags.error_state_indicator ? esi : 0);
    char digits[8];
    char* end = digits;
    put_hex(end, flags, 8);
    out += " 130000 130 ";
    out.append(digits + 4, end);
    out += " 0 0 0 0 0\n";
  }

  std::uint32_t buses_ = 0;
};

}  // namespace

std::unique_ptr<writer> make_asc_writer() { return std::make_unique<asc_writer>(); }

}  // namespace canstage::trace

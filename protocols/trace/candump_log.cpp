#include "protocols/trace/candump_log.hpp"

#include <cassert>
#include <charconv>
#include <cstdint>

#include "protocols/trace/digits.hpp"

namespace canstage::trace {

namespace {

using can::frame;
using can::identifier;

constexpr unsigned rate_switch_digit = 1;
constexpr unsigned error_state_digit = 2;
constexpr unsigned fd_digit = 4;
constexpr std::uint32_t error_bit = 0x2000'0000;

// Writing.

void put_frame(char*& end, const frame& f) {
  put_hex(end, f.id.value(), f.id.is_extended() ? 8 : 3);
  *end++ = '#';
  if (f.flags.fd) {
    *end++ = '#';
    put_hex(end,
            fd_digit | (f.flags.bit_rate_switch ? rate_switch_digit : 0) |
                (f.flags.error_state_indicator ? error_state_digit : 0),
            1);
  }
  if (f.flags.remote) {
    *end++ = 'R';
    if (f.length > 0) put_hex(end, f.length, 1);
  }
  for (const std::uint8_t byte : f.payload()) put_hex(end, byte, 2);
  if (!f.flags.fd && can::dlc(f) > can::max_classic_length) {
    *end++ = '_';
    put_hex(end, can::dlc(f), 1);
  }
}

/// "(0000000000.000230) can0 ". Written for every frame of a run: assembled on the stack.
void append_head(std::string& text, instant time, std::string_view bus) {
  assert(time >= instant{});
  const auto microseconds = static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count());
  char time_text[20];
  char* end = time_text;
  *end++ = '(';
  put_decimal(end, microseconds / 1'000'000, 10);
  *end++ = '.';
  put_decimal(end, microseconds % 1'000'000, 6);
  *end++ = ')';
  *end++ = ' ';
  text.append(time_text, end);
  text.append(bus);
  text += ' ';
}

// Reading.

/// A line and how far it has been read. Every reader returns false after it noted what is wrong.
class line_reader {
 public:
  line_reader(std::string_view line, text_error& error) : line_(line), error_(error) {}

  bool read(record& into) {
    return read_time(into.time) && read_bus(into.bus) && read_content(into) && read_end();
  }

 private:
  char peek() const { return at_ < line_.size() ? line_[at_] : '\0'; }

  bool fail(std::string_view message) {
    error_ = {at_, std::string(message)};
    return false;
  }

  bool skip(char expected) {
    if (peek() != expected) return false;
    ++at_;
    return true;
  }

  /// Decimal digits; `count` tells how many there were.
  bool read_decimal(std::int64_t& value, std::size_t& count) {
    const char* const first = line_.data() + at_;
    const auto [end, problem] = std::from_chars(first, line_.data() + line_.size(), value);
    if (problem != std::errc{} || *first == '-') return fail("expected a number");
    count = static_cast<std::size_t>(end - first);
    at_ += count;
    return true;
  }

  bool read_time(instant& time) {
    constexpr std::int64_t last_second = never.time_since_epoch().count() / 1'000'000'000 - 1;
    std::int64_t seconds = 0;
    std::int64_t fraction = 0;
    std::size_t digits = 0;
    if (!skip('(')) return fail("expected '(' and a time");
    if (!read_decimal(seconds, digits)) return false;
    if (seconds > last_second) return fail("a time beyond 64 bits of nanoseconds");
    if (!skip('.')) return fail("expected '.' and a fraction");
    if (!read_decimal(fraction, digits)) return false;
    if (digits != 6 && digits != 9) return fail("a fraction has 6 or 9 digits");
    if (!skip(')')) return fail("expected ')'");
    time = instant{std::chrono::seconds{seconds} + duration{digits == 6 ? fraction * 1000 : fraction}};
    return true;
  }

  bool read_bus(std::string& bus) {
    if (peek() != ' ') return fail("expected a blank");
    while (skip(' ')) {
    }
    const std::size_t end = line_.find(' ', at_);
    if (end == std::string_view::npos || end == at_) return fail("expected a bus and a frame");
    bus = line_.substr(at_, end - at_);
    at_ = end;
    while (skip(' ')) {
    }
    return true;
  }

  bool read_content(record& into) {
    std::uint32_t value = 0;
    std::size_t digits = 0;
    if (!read_identifier(value, digits)) return false;
    if (digits == 8 && (value & ~identifier::extended_mask) == error_bit) {
      into.error_classes = value & identifier::extended_mask;
      if (into.error_classes == 0) return fail("an error message names at least one class");
      return read_classic(into.content);
    }
    if (value > (digits == 3 ? identifier::standard_mask : identifier::extended_mask)) {
      at_ -= digits + 1;
      return fail(digits == 3 ? "an identifier of 3 digits ends at 7FF"
                              : "no identifier: bits 30-31 are set");
    }
    into.content.id = digits == 3 ? identifier::standard(value) : identifier::extended(value);
    return read_frame(into.content);
  }

  bool read_frame(frame& f) {
    if (skip('#')) return read_fd(f);
    return (peek() == 'R' ? read_remote(f) : read_classic(f)) && read_raw_dlc(f);
  }

  bool read_identifier(std::uint32_t& value, std::size_t& digits) {
    const std::size_t first = at_;
    for (int digit = hex_value(peek()); digit >= 0 && at_ - first < 8; digit = hex_value(peek())) {
      value = value << 4 | static_cast<std::uint32_t>(digit);
      ++at_;
    }
    digits = at_ - first;
    if (digits != 3 && digits != 8) return fail("an identifier has 3 or 8 hex digits");
    return skip('#') || fail("expected '#'");
  }

  bool read_remote(frame& f) {
    ++at_;
    f.flags.remote = true;
    const char digit = peek();
    if (digit < '0' || digit > '9') return true;
    if (digit > '8') return fail("a remote frame's length is 0-8");
    f.length = static_cast<std::uint8_t>(digit - '0');
    ++at_;
    return true;
  }

  bool read_classic(frame& f) { return read_data(f, can::max_classic_length); }

  bool read_fd(frame& f) {
    const int flags = hex_value(peek());
    if (flags < 0) return fail("expected a digit of FD flags");
    ++at_;
    f.flags.fd = true;
    f.flags.bit_rate_switch = (static_cast<unsigned>(flags) & rate_switch_digit) != 0;
    f.flags.error_state_indicator = (static_cast<unsigned>(flags) & error_state_digit) != 0;
    if (!read_data(f, can::max_fd_length)) return false;
    f.length = can::fd_length_for(f.length);  // the data behind what was read is zero
    return true;
  }

  bool read_data(frame& f, std::size_t longest) {
    while (at_ < line_.size() && !is_behind_data(peek())) {
      const int high = hex_value(peek());
      if (high < 0) return fail("not a hex digit");
      if (f.length == longest) return fail("too many data bytes");
      ++at_;
      const int low = hex_value(peek());
      if (low < 0) return fail("a byte has two hex digits");
      ++at_;
      f.data[f.length++] = static_cast<std::uint8_t>(high << 4 | low);
      skip('.');
    }
    return true;
  }

  static bool is_behind_data(char c) { return c == ' ' || c == '_' || c == '\r' || c == '\n'; }

  bool read_raw_dlc(frame& f) {
    if (!skip('_')) return true;
    const int code = hex_value(peek());
    if (f.length != can::max_classic_length || code <= static_cast<int>(can::max_classic_length)) {
      return fail("a raw DLC is 9-F, of a frame of 8 bytes");
    }
    f.raw_dlc = static_cast<std::uint8_t>(code);
    ++at_;
    return true;
  }

  bool read_end() {
    if (peek() == ' ') {
      ++at_;
      if (!skip('R') && !skip('T')) return fail("expected a direction, R or T");
    }
    skip('\r');
    skip('\n');
    return at_ == line_.size() || fail("more than one frame");
  }

  std::string_view line_;
  text_error& error_;
  std::size_t at_ = 0;
};

}  // namespace

void append_line(std::string& text, instant time, std::string_view bus, const frame& f) {
  append_head(text, time, bus);
  char frame_text[160];  // longest: extended FD, 8 + 3 + 128
  char* end = frame_text;
  put_frame(end, f);
  text.append(frame_text, end);
}

void append_error_line(std::string& text, instant time, std::string_view bus, std::uint32_t classes,
                       const frame& details) {
  append_head(text, time, bus);
  char error_text[32];
  char* end = error_text;
  put_hex(end, error_bit | classes, 8);
  *end++ = '#';
  for (std::size_t i = 0; i < can::max_classic_length; ++i) put_hex(end, details.data[i], 2);
  text.append(error_text, end);
}

std::string format_line(instant time, std::string_view bus, const frame& f) {
  std::string line;
  append_line(line, time, bus, f);
  return line;
}

std::optional<record> parse_line(std::string_view line, text_error& error) {
  record result;
  if (!line_reader{line, error}.read(result)) return std::nullopt;
  return result;
}

}  // namespace canstage::trace

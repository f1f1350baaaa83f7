#include "protocols/trace/candump_screen.hpp"

#include <cstdint>

#include "protocols/bytes.hpp"

namespace canstage::trace {

namespace {

std::string padded(const std::string& digits, std::size_t width, char filler) {
  return std::string(digits.size() < width ? width - digits.size() : 0, filler) + digits;
}

std::string hex(std::uint32_t value, std::size_t width) {
  std::string text(width, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, value >>= 4)
    *digit = "0123456789ABCDEF"[value & 0xF];
  return text;
}

}  // namespace

void append_screen_line(std::string& text, duration time, std::string_view bus, const can::frame& f) {
  using namespace std::chrono;
  const auto microseconds_in_all = duration_cast<microseconds>(time).count();
  text += '(' + padded(std::to_string(microseconds_in_all / 1'000'000), 3, '0') + '.' +
          padded(std::to_string(microseconds_in_all % 1'000'000), 6, '0') + ")  ";
  text += bus;
  const auto id = f.id.is_extended() ? hex(f.id.value(), 8) : hex(f.id.value(), 3);
  text += "  " + padded(id, 8, ' ');
  text += padded('[' + padded(std::to_string(f.length), f.flags.fd ? 2 : 1, '0') + ']', 6, ' ') + "  ";
  text += f.flags.remote ? "remote request" : to_hex(f.payload());
  while (text.back() == ' ') text.pop_back();
}

}  // namespace canstage::trace

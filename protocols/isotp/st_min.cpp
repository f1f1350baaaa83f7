#include "protocols/isotp/st_min.hpp"

namespace canstage::isotp {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::uint8_t longest_ms = 0x7F;
constexpr std::uint8_t below_100_us = 0xF0;  ///< F1-F9 count 100 us steps from here
constexpr std::uint8_t longest_us = 0xF9;
constexpr duration us_step = microseconds{100};

bool counts_us(std::uint8_t code) { return code > below_100_us && code <= longest_us; }

}  // namespace

st_min st_min::from_code(std::uint8_t code) {
  st_min result;
  result.code_ = is_reserved(code) ? longest_ms : code;
  return result;
}

std::optional<st_min> st_min::from_time(duration time) {
  if (time < duration::zero() || time > milliseconds{longest_ms}) return std::nullopt;
  if (time % milliseconds{1} == duration::zero()) {
    return from_code(static_cast<std::uint8_t>(time / milliseconds{1}));
  }
  if (time > milliseconds{1} || time % us_step != duration::zero()) return std::nullopt;
  return from_code(static_cast<std::uint8_t>(below_100_us + time / us_step));
}

duration st_min::time() const {
  if (counts_us(code_)) return (code_ - below_100_us) * us_step;
  return milliseconds{code_};
}

}  // namespace canstage::isotp

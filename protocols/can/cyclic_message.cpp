#include "protocols/can/cyclic_message.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace canstage::can {

namespace {

std::uint8_t crc8_j1850(byte_view data) {
  constexpr unsigned polynomial = 0x1D;
  unsigned crc = 0xFF;
  for (const std::uint8_t byte : data) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x80U) != 0 ? (crc << 1U) ^ polynomial : crc << 1U;
    crc &= 0xFFU;
  }
  return static_cast<std::uint8_t>(crc ^ 0xFFU);
}

}  // namespace

std::uint8_t checksum(checksum_kind kind, byte_view data) {
  if (kind == checksum_kind::crc8_j1850) return crc8_j1850(data);
  unsigned result = 0;
  for (const std::uint8_t byte : data) result = kind == checksum_kind::sum ? result + byte : result ^ byte;
  return static_cast<std::uint8_t>(result & 0xFFU);
}

cyclic_message::cyclic_message(cyclic_settings settings)
    : settings_(std::move(settings)), next_(settings_.on ? instant{settings_.offset} : never) {}

void cyclic_message::on_time(instant now) {
  if (now < next_) return;
  due_ = true;
  next_ += settings_.period;
  // Late by more than a period (real time only): the missed ones are not made up for.
  if (next_ <= now) next_ += ((now - next_) / settings_.period + 1) * settings_.period;
}

void cyclic_message::on_switch(instant now, bool on) {
  if (on == (next_ != never)) return;
  next_ = on ? now : never;
  due_ = false;
}

std::optional<frame> cyclic_message::poll() {
  if (!std::exchange(due_, false) || waiting_) return std::nullopt;
  waiting_ = true;
  return next_frame();
}

frame cyclic_message::next_frame() {
  frame made = settings_.content;
  if (const auto& field = settings_.counter) {
    const auto shift = static_cast<unsigned>(std::countr_zero(field->mask));
    std::uint8_t& byte = made.data.at(field->byte);
    byte = static_cast<std::uint8_t>((byte & ~field->mask) | ((count_ << shift) & field->mask));
    count_ = count_ >= field->last ? 0 : count_ + 1;
  }
  if (const auto& field = settings_.checksum) {
    bytes covered = field->prefix;
    for (std::size_t i = field->first; i <= field->last && i < made.length; ++i)
      if (i != field->byte) covered.push_back(made.data.at(i));
    made.data.at(field->byte) = can::checksum(field->kind, covered);
  }
  return made;
}

}  // namespace canstage::can

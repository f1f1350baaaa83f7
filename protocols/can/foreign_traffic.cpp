#include "protocols/can/foreign_traffic.hpp"

#include <utility>

namespace canstage::can {

foreign_traffic::foreign_traffic(const foreign_settings& settings, random_stream randomness)
    : settings_(settings), randomness_(randomness) {}

void foreign_traffic::on_switch(instant now, bool on) {
  if (on_ == on) return;
  on_ = on;
  due_ = false;
  next_ = on && settings_.load ? now : never;
  if (on && !settings_.load) due_ = !waiting_;
}

void foreign_traffic::on_time(instant now) {
  if (now < next_) return;
  due_ = true;
  scheduled_ = next_;
  next_ = never;
}

void foreign_traffic::on_confirm() {
  waiting_ = false;
  if (on_ && !settings_.load) due_ = true;
}

std::optional<frame> foreign_traffic::poll() {
  if (!due_) return std::nullopt;
  due_ = false;
  if (!settings_.load) {
    waiting_ = true;
    return settings_.content;
  }
  const frame next = draw();
  constexpr std::int64_t whole = 1000;
  next_ = scheduled_ + wire_time(next, settings_.rates) * whole / std::int64_t{*settings_.load};
  if (std::exchange(waiting_, true)) return std::nullopt;
  return next;
}

frame foreign_traffic::draw() {
  frame f = settings_.content;
  const auto id = static_cast<std::uint32_t>(randomness_.between(f.id.value(), settings_.last.value()));
  f.id = f.id.is_extended() ? identifier::extended(id) : identifier::standard(id);
  for (std::size_t i = 0; i < f.length; ++i)
    f.data[i] = static_cast<std::uint8_t>(randomness_.between(0, 0xFF));
  return f;
}

}  // namespace canstage::can

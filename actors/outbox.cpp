#include "actors/outbox.hpp"

#include <algorithm>

namespace canstage::actors {

namespace {

/// Whether `echo` is what became of `sent`. Flags that a controller may change do not count.
bool is_echo_of(const can::frame& sent, const can::frame& echo) {
  return sent.id == echo.id && sent.flags.remote == echo.flags.remote && sent.flags.fd == echo.flags.fd &&
         std::ranges::equal(sent.payload(), echo.payload());
}

}  // namespace

bool outbox::push(port_id port, can::transmit_token token, const can::frame& f) {
  if (waiting() >= limit) return false;
  can::sent_frame added;
  added.content = f;
  added.node = port;
  added.token = token;
  frames_.push_back(added);
  return true;
}

std::vector<can::frame> outbox::next() const {
  std::vector<can::frame> batch;
  if (in_flight_ >= window) return batch;
  const auto count = std::min(window - in_flight_, waiting());
  batch.reserve(count);
  for (std::size_t i = 0; i < count; ++i) batch.push_back(frames_[in_flight_ + i].content);
  return batch;
}

void outbox::on_taken(instant now, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) frames_[in_flight_++].start = now;
}

void outbox::drop_next() { frames_.erase(frames_.begin() + static_cast<std::ptrdiff_t>(in_flight_)); }

std::optional<can::sent_frame> outbox::on_echo(const can::frame& f) {
  // The first one nearly always; a controller with several mailboxes may change the order.
  const auto end = frames_.begin() + static_cast<std::ptrdiff_t>(in_flight_);
  const auto found =
      std::find_if(frames_.begin(), end, [&](const auto& one) { return is_echo_of(one.content, f); });
  if (found == end) return std::nullopt;
  auto sent = *found;
  frames_.erase(found);
  --in_flight_;
  return sent;
}

instant outbox::deadline() const { return in_flight_ == 0 ? never : frames_.front().start + echo_patience; }

void outbox::on_time(instant now) {
  while (deadline() <= now) {
    frames_.pop_front();
    --in_flight_;
  }
}

template <class Predicate>
void outbox::remove(Predicate wanted) {
  const auto waiting_ones = frames_.begin() + static_cast<std::ptrdiff_t>(in_flight_);
  for (auto one = frames_.begin(); one != waiting_ones; ++one)
    if (wanted(*one)) one->unconfirmed = true;
  frames_.erase(std::remove_if(waiting_ones, frames_.end(), wanted), frames_.end());
}

void outbox::withdraw(port_id port, can::transmit_token token) {
  remove([=](const can::sent_frame& one) { return one.node == port && one.token == token; });
}

void outbox::detach(port_id port) {
  remove([=](const can::sent_frame& one) { return one.node == port; });
}

void outbox::clear() {
  frames_.clear();
  in_flight_ = 0;
}

}  // namespace canstage::actors

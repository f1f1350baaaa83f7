#include "protocols/trace/replay.hpp"

#include <algorithm>
#include <utility>

namespace canstage::trace {

replay::replay(instant start, replay_settings settings, opener open)
    : settings_(std::move(settings)), open_(std::move(open)), pass_start_(start), next_due_(start) {
  advance();
}

instant replay::deadline() const {
  instant next = next_ && under_way_.size() < window ? next_due_ : never;
  if (!under_way_.empty()) next = std::min(next, under_way_.front().given + patience);
  return next;
}

void replay::on_time(instant now) {
  while (!under_way_.empty() && under_way_.front().given + patience <= now) {
    under_way_.pop_front();
    ++report_.lost;
  }
}

void replay::on_sent(instant at, std::uint32_t first, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    // The first one nearly always; a controller with several mailboxes may change the order.
    const auto found = std::find_if(under_way_.begin(), under_way_.end(),
                                    [&](const auto& one) { return one.token == first + i; });
    if (found == under_way_.end()) continue;
    report_.latest = std::max(report_.latest, at - found->due);
    ++report_.sent;
    under_way_.erase(found);
  }
}

std::optional<can::frame> replay::poll(instant now) {
  if (!next_ || next_due_ > now || under_way_.size() >= window) return std::nullopt;
  under_way_.push_back({token_++, next_due_, now});
  auto frame = *next_;
  advance();
  return frame;
}

/// To the next frame that can be sent.
void replay::advance() {
  next_.reset();
  for (;;) {
    if (!from_) {
      if (passes_ == settings_.passes || (passes_ > 0 && !any_)) return;
      ++passes_;
      any_ = false;
      from_ = open_();
      pass_start_ = next_due_;
      trace_start_.reset();
    }
    const auto one = from_->next();
    if (!one) {
      from_.reset();
      continue;
    }
    if (one->error_classes != 0 || one->bus != settings_.bus) continue;
    if (!trace_start_) trace_start_ = one->time;
    next_due_ = std::max(next_due_, due_at(one->time));
    if (!carried(one->content)) continue;
    any_ = true;
    next_ = one->content;
    return;
  }
}

bool replay::carried(const can::frame& f) {
  const bool left_out = (f.flags.fd && !settings_.fd) || (f.flags.remote && !settings_.remote);
  if (!left_out) return true;
  ++(f.flags.fd ? report_.left_out_fd : report_.left_out_remote);
  auto& first = f.flags.fd ? report_.first_fd : report_.first_remote;
  if (!first) first = f.id;
  return false;
}

/// In whole and in rest, so that neither product is too large for years of a trace.
instant replay::due_at(instant time) const {
  const std::int64_t distance = (time - *trace_start_).count();
  const auto speed = static_cast<std::int64_t>(settings_.speed);
  constexpr auto one = static_cast<std::int64_t>(original_speed);
  if (speed == one) return pass_start_ + duration{distance};
  return pass_start_ + duration{distance / speed * one + distance % speed * one / speed};
}

}  // namespace canstage::trace

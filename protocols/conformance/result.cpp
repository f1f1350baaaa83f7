#include "protocols/conformance/result.hpp"

#include <chrono>

namespace canstage::conformance {

void frame_log::add(const logged_frame& f) {
  ++(f.of_stack ? received_ : sent_);
  if (head_.size() < kept_at_each_end) {
    head_.push_back(f);
  } else if (tail_.size() < kept_at_each_end) {
    tail_.push_back(f);
  } else {
    tail_[(sent_ + received_ - kept_at_each_end - 1) % kept_at_each_end] = f;
  }
}

std::vector<logged_frame> frame_log::tail() const {
  std::vector<logged_frame> in_order;
  const std::size_t oldest = left_out() == 0 ? 0 : (sent_ + received_ - kept_at_each_end) % kept_at_each_end;
  for (std::size_t i = 0; i < tail_.size(); ++i) in_order.push_back(tail_[(oldest + i) % tail_.size()]);
  return in_order;
}

std::size_t frame_log::left_out() const { return sent_ + received_ - head_.size() - tail_.size(); }

std::string_view to_string(verdict what) {
  switch (what) {
    case verdict::passed:
      return "passed";
    case verdict::failed:
      return "failed";
    case verdict::deviation:
      return "deviation";
    case verdict::not_observable:
      break;
  }
  return "not_observable";
}

std::string time_text(duration time) {
  const auto ns = time.count();
  const auto with_decimals = [&](std::int64_t unit, const char* name) {
    // Three decimals, rounded down, without needless zeros.
    std::string text = std::to_string(ns / unit);
    std::string decimals = std::to_string(1000 + ns % unit * 1000 / unit).substr(1);
    while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
    if (!decimals.empty()) text += '.' + decimals;
    return text + ' ' + name;
  };
  if (ns < 0) return '-' + time_text(-time);
  if (ns < 1'000) return std::to_string(ns) + " ns";
  if (ns < 1'000'000) return with_decimals(1'000, "us");
  if (ns < 10'000'000'000) return with_decimals(1'000'000, "ms");
  return with_decimals(1'000'000'000, "s");
}

}  // namespace canstage::conformance

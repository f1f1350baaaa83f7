// Reports about what others do wrong, of which there may be any number: some are passed on, the rest counted.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "protocols/time.hpp"

namespace canstage::actors {

/// Twenty at once, then one each second.
class report_budget {
 public:
  static constexpr int at_once = 20;
  static constexpr duration each = std::chrono::seconds{1};

  /// `pass_on` may be null: then nobody listens. `about` stands in front of each report.
  report_budget(std::function<void(instant, const std::string&)> pass_on, std::string about)
      : pass_on_(std::move(pass_on)), about_(std::move(about)) {}

  void operator()(instant now, const std::string& text) {
    const auto earned = (now - counted_at_) / each;
    left_ = static_cast<int>(std::min<duration::rep>(at_once, left_ + earned));
    counted_at_ += earned * each;
    if (left_ == 0) {
      ++passed_over_;
      return;
    }
    --left_;
    if (!pass_on_) return;
    const auto more = passed_over_ == 0 ? "" : " (and " + std::to_string(passed_over_) + " reports before)";
    passed_over_ = 0;
    pass_on_(now, about_ + ": " + text + more);
  }

 private:
  std::function<void(instant, const std::string&)> pass_on_;
  std::string about_;
  int left_ = at_once;
  std::size_t passed_over_ = 0;
  instant counted_at_{};
};

}  // namespace canstage::actors

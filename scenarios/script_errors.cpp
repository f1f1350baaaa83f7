#include "scenarios/script_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace canstage::scenarios {

void script_errors::add(instant at, const std::string& ecu, const std::string& text) {
  const std::lock_guard lock{mutex_};
  const auto known = std::find_if(errors_.begin(), errors_.end(),
                                  [&](const error& one) { return one.ecu == ecu && one.text == text; });
  if (known == errors_.end()) {
    errors_.push_back({at, ecu, text});
  } else {
    ++known->count;
    known->first = std::min(known->first, at);
  }
}

void script_errors::put_into(run_result& result) const {
  const std::lock_guard lock{mutex_};
  auto sorted = errors_;
  std::sort(sorted.begin(), sorted.end(), [](const error& a, const error& b) {
    return std::tie(a.first, a.ecu, a.text) < std::tie(b.first, b.ecu, b.text);
  });
  for (const error& one : sorted) {
    step_result step;
    step.name = "script of " + one.ecu;
    step.path = "script";
    step.began = step.ended = one.first;
    step.status = step_status::failed;
    verdict judged;
    judged.who = one.ecu;
    judged.what = outcome::script_error;
    judged.detail = one.count == 1 ? one.text : fmt::format("{} ({} times)", one.text, one.count);
    step.verdicts.push_back(std::move(judged));
    const auto place =
        std::upper_bound(result.steps.begin(), result.steps.end(), one.first,
                         [](instant at, const step_result& other) { return at < other.ended; });
    result.steps.insert(place, std::move(step));
  }
}

}  // namespace canstage::scenarios

#include "scenarios/fault_log.hpp"

#include <fmt/format.h>

#include <utility>

#include "scenarios/wording.hpp"

namespace canstage::scenarios {

std::string state_text(const can::incident& what, const std::string& node) {
  const char* state = what.state == can::error_state::bus_off   ? "bus off"
                      : what.state == can::error_state::passive ? "error passive"
                                                                : "error active";
  return fmt::format("{} is {} (TEC {}, REC {})", node, state, what.tec, what.rec);
}

std::string frame_text(const can::incident& what, const std::string& node) {
  constexpr std::size_t bytes_shown = 8;
  return fmt::format("{} {} of {}", id_text(what.content.id), cut_hex(what.content.payload(), bytes_shown),
                     node);
}

void fault_log::add(fired_fault what) {
  const std::lock_guard lock{mutex_};
  fired_.push_back(std::move(what));
}

void fault_log::put_into(run_result& result) const {
  const std::lock_guard lock{mutex_};
  result.faults = fired_;
}

}  // namespace canstage::scenarios

#include "scenarios/active_faults.hpp"

namespace canstage::scenarios {

std::shared_ptr<const isotp::misbehaviour> active_misbehaviour(
    const std::shared_ptr<const isotp::misbehaviour>& all, const std::string& node, const run_draws& draws,
    const std::function<bool(std::uint32_t fault)>& active) {
  if (all == nullptr) return nullptr;
  auto some = std::make_shared<isotp::misbehaviour>(*all);
  some->chance = random_stream{draws.seed, "misbehaviour of " + node}.next();
  bool any = false;
  for (std::size_t i = 0; i < isotp::fault_count; ++i) {
    const auto what = static_cast<isotp::fault>(i);
    if (!isotp::has(*all, what)) continue;
    const auto fault = all->labels[i];
    const bool selected = draws.selection == nullptr || draws.selection->contains(fault);
    if (selected && active(fault)) {
      any = true;
    } else {
      isotp::leave_out(*some, what);
    }
  }
  return any ? some : nullptr;
}

bool is_active_at_begin(const fault& what) { return what.during.empty() && what.begin == instant{}; }

}  // namespace canstage::scenarios

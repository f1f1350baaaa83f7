#include "transports/filter_set.hpp"

namespace canstage::transports {

bool filter_set::add(std::span<const can::filter> filters) {
  bool added = false;
  for (const auto& one : filters) added = add(one) || added;
  return added;
}

bool filter_set::add(can::identifier sent) {
  // Remote frames too: they are sent with the same identifier.
  const auto exact = can::filter::exactly(sent);
  constexpr std::uint32_t remote = 0x4000'0000;
  return add(can::filter{exact.id, exact.mask & ~remote});
}

bool filter_set::add(const can::filter& one) {
  if (everything_) return false;
  if (!wanted_.emplace(one.id, one.mask).second) return false;
  if (one == can::filter::everything() || wanted_.size() > limit) {
    everything_ = true;
    wanted_.clear();
  }
  return true;
}

std::vector<can::filter> filter_set::filters() const {
  if (everything_) return {can::filter::everything()};
  std::vector<can::filter> list;
  list.reserve(wanted_.size());
  for (const auto& [id, mask] : wanted_) list.push_back({id, mask});
  return list;
}

}  // namespace canstage::transports

#include "scenarios/address_range.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace canstage::scenarios {

void append_filters(const answer_range& range, std::vector<can::filter>& filters) {
  const auto whole = can::filter::exactly(range.first);
  const auto flags = whole.id & ~can::identifier::extended_mask;
  std::uint64_t next = range.first.value();
  const std::uint64_t end = std::uint64_t{range.last.value()} + 1;
  while (next < end) {
    // The largest aligned block that begins here and does not reach beyond the end.
    std::uint64_t size = next == 0 ? std::bit_floor(end) : next & (~next + 1);
    while (next + size > end) size /= 2;
    filters.push_back(
        {flags | static_cast<std::uint32_t>(next), whole.mask & ~static_cast<std::uint32_t>(size - 1)});
    next += size;
  }
}

void append_filters_except(const answer_range& range, std::vector<can::identifier> left_out,
                           std::vector<can::filter>& filters) {
  const auto at = [&](std::uint32_t value) {
    return range.first.is_extended() ? can::identifier::extended(value) : can::identifier::standard(value);
  };
  std::ranges::sort(left_out);
  auto next = range.first.value();
  for (const auto id : left_out) {
    if (id.is_extended() != range.first.is_extended()) continue;
    if (id.value() < next || id.value() > range.last.value()) continue;
    if (id.value() > next) append_filters({at(next), at(id.value() - 1)}, filters);
    next = id.value() + 1;
  }
  if (next <= range.last.value()) append_filters({at(next), range.last}, filters);
}

}  // namespace canstage::scenarios

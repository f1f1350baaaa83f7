#include "protocols/fault_trigger.hpp"

#include <algorithm>
#include <utility>

namespace canstage {

fault_state::fault_state(const fault_trigger& when, fault_draw draw)
    : when_(when), draw_(std::move(draw)), armed_(when.armed) {}

std::optional<std::uint32_t> fault_state::on_occasion(instant now) {
  if (!armed_ || now < when_.from || now >= when_.until) return std::nullopt;
  const std::uint32_t number = ++occasions_;
  if (++in_message_ < when_.nth || taken_ == when_.times) return std::nullopt;
  // A number is drawn whatever becomes of it, so that a schedule changes nothing but what it leaves out.
  const bool takes = when_.per_million >= fault_trigger::certain ||
                     draw_.randomness.between(1, fault_trigger::certain) <= when_.per_million;
  if (!takes) return std::nullopt;
  if (when_.times != fault_trigger::always) ++taken_;
  if (draw_.only && !std::binary_search(draw_.only->begin(), draw_.only->end(), number)) return std::nullopt;
  return number;
}

}  // namespace canstage

#include "scenarios/model.hpp"

namespace canstage::scenarios {

std::optional<outside_part> first_outside(const scenario& play) {
  for (const auto& one : play.buses)
    if (!one.carrier.is_virtual()) return outside_part{"bus " + one.name, to_string(one.carrier), one.where};
  const auto with_link = [](const auto& nodes, const char* what) -> std::optional<outside_part> {
    for (const auto& one : nodes)
      if (one.carrier) return outside_part{what + one.name, to_string(*one.carrier), one.where};
    return std::nullopt;
  };
  if (auto found = with_link(play.ecus, "ecu ")) return found;
  return with_link(play.endpoints, "endpoint ");
}

time_mode usual_time(const scenario& play) {
  if (play.time) return *play.time;
  const bool all_inside = !first_outside(play) && first_real_node(play) == nullptr && play.exposures.empty();
  return all_inside ? time_mode::virtual_time : time_mode::real_time;
}

}  // namespace canstage::scenarios

#include "scenarios/link_descriptors.hpp"

#include <set>
#include <string>

#include "scenarios/builder_kernel.hpp"
#include "scenarios/builder_plan.hpp"

namespace canstage::scenarios {

namespace {

/// The socket, and the one that watches beside it.
constexpr std::size_t per_kernel_connection = 2;

}  // namespace

std::size_t descriptors_of_links(const scenario& play) {
  std::size_t count = 0;
  std::set<std::string> own;  // one for all connections that have the same
  if (!first_outside(play)) return count;
  const auto plan = plan_cast(play, {play.seed, nullptr}, {});
  for (bus_index i = 0; i < plan.buses.size(); ++i) {
    const auto& of_bus = play.buses[i].carrier;
    if (!of_bus.is_virtual()) ++count;
    for (const auto& one : plan.buses[i].connections) {
      const auto& carrier = one.own != nullptr ? *one.own : of_bus;
      if (carrier.what == link::kind::isotp && beyond_kernel(one).empty()) {
        count += per_kernel_connection;
      } else if (one.own != nullptr && own.insert(to_string(carrier)).second) {
        ++count;
      }
    }
  }
  return count;
}

}  // namespace canstage::scenarios

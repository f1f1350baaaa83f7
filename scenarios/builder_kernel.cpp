#include "scenarios/builder_kernel.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "actors/kernel_connection.hpp"
#include "scenarios/kernel_gaps.hpp"
#include "transports/isotp_options.hpp"

namespace canstage::scenarios {

namespace {

bool has_kernel_link(const scenario& play) {
  const auto kernel = [](const std::optional<link>& carrier) {
    return carrier && carrier->what == link::kind::isotp;
  };
  const auto any = [&](const auto& nodes) {
    return std::ranges::any_of(nodes, [&](const auto& one) { return kernel(one.carrier); });
  };
  return any(play.buses) || any(play.ecus) || any(play.endpoints);
}

}  // namespace

std::vector<std::string> beyond_kernel(const planned_connection& one) {
  static const auto longest = transports::longest_kernel_pdu();
  auto wish = actors::wish_of(one.node.connection);
  wish.peer_tx_dl = one.peer_tx_dl;
  auto found = transports::beyond_kernel(wish, longest);
  if (one.node.connection.faults) found.emplace_back("faults");
  return found;
}

std::vector<kernel_gap> find_kernel_gaps(const scenario& play) {
  std::vector<kernel_gap> gaps;
  if (!has_kernel_link(play)) return gaps;
  const auto plan = plan_cast(play, {play.seed, nullptr}, {});
  for (bus_index i = 0; i < plan.buses.size(); ++i) {
    for (const auto& one : plan.buses[i].connections) {
      const auto& carrier = one.own != nullptr ? *one.own : play.buses[i].carrier;
      if (carrier.what != link::kind::isotp) continue;
      std::string why;
      for (const auto& reason : beyond_kernel(one)) why += (why.empty() ? "" : ", ") + reason;
      if (!why.empty()) gaps.push_back({one.where, one.title, carrier, std::move(why)});
    }
  }
  return gaps;
}

}  // namespace canstage::scenarios

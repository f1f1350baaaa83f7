#include "actors/sent_runs.hpp"

namespace canstage::actors {

void publish_runs(const std::shared_ptr<const std::vector<can::sent_frame>>& batch, std::uint32_t bus,
                  const router& routes, std::vector<port_id>& hearers,
                  const std::function<void(const sent_run&)>& publish) {
  const auto size = static_cast<std::uint32_t>(batch->size());
  std::uint32_t first = 0;
  while (first < size) {
    const auto& leader = (*batch)[first];
    std::uint32_t end = first + 1;
    for (; end < size; ++end) {
      const auto& other = (*batch)[end];
      if (other.content.id != leader.content.id || other.node != leader.node ||
          other.token != leader.token + (end - first) || other.unconfirmed != leader.unconfirmed ||
          other.lost != leader.lost || other.content.flags.remote)
        break;
    }
    hearers.clear();
    if (!leader.lost) routes.route(leader.content, hearers);
    std::erase(hearers, leader.node);
    publish({.frames = {batch, first, end - first, bus},
             .hearers = hearers,
             .confirmation = {leader.node, leader.token, end - first, (*batch)[end - 1].end},
             .confirmed = !leader.unconfirmed});
    first = end;
  }
}

}  // namespace canstage::actors

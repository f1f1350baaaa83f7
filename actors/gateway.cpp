#include "actors/gateway.hpp"

#include <algorithm>
#include <utility>

namespace canstage::actors {

gateway::gateway(caf::actor_config& config, stage& home, std::string title, gateway_spec spec)
    : stage_actor(config, home, std::move(title)),
      spec_(std::move(spec)),
      alarm_(make_alarm(phase::application)),
      queues_(spec_.routes.size()) {
  // Before anybody can ask through it.
  for (const gateway_route& route : spec_.routes) {
    std::vector<can::filter> filters;
    for (const auto& id : route.identifiers) filters.push_back(can::filter::exactly(id));
    send(route.from, attach_port{spec_.port, std::move(filters), bus_user_actor{this}, false});
  }
}

gateway_actor::behavior_type gateway::make_behavior() {
  return {
      [this](const frames_indication& run) {
        hear(run);
        forward();
      },
      [](const transmit_confirm&) {},
      [this](const wake_up&) {
        alarm_.woke();
        forward();
      },
  };
}

void gateway::on_exit() { spec_.routes.clear(); }

void gateway::hear(const frames_indication& run) {
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    if (spec_.routes[i].from_index != run.bus) continue;
    for (std::uint32_t place = run.first; place < run.first + run.count; ++place) {
      // A frame does not overtake the one before it.
      const instant before = queues_[i].empty() ? now() : queues_[i].back().due;
      queues_[i].push_back({std::max(before, now() + draw()), (*run.batch)[place].content});
    }
  }
}

/// Sends what is due.
void gateway::forward() {
  instant next = never;
  for (std::size_t i = 0; i < queues_.size() && i < spec_.routes.size(); ++i) {
    auto& queue = queues_[i];
    transmit_request request{spec_.port, next_token_, {}};
    for (; !queue.empty() && queue.front().due <= now(); queue.pop_front()) {
      request.frames.push_back(queue.front().content);
    }
    next_token_ += static_cast<can::transmit_token>(request.frames.size());
    if (!request.frames.empty()) send(spec_.routes[i].to, std::move(request));
    if (!queue.empty()) next = std::min(next, queue.front().due);
  }
  alarm_.arm(next);
}

duration gateway::draw() {
  if (spec_.delay.low == spec_.delay.high) return spec_.delay.low;
  return duration{spec_.randomness.between(spec_.delay.low.count(), spec_.delay.high.count())};
}

}  // namespace canstage::actors

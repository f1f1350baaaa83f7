#include "protocols/can/traffic_meter.hpp"

#include <algorithm>

#include "protocols/can/arbiter.hpp"

namespace canstage::can {

void traffic_meter::on_sent(const sent_frame& what) {
  auto& figures = figures_.identifiers[what.content.id];
  const auto requested = requested_.find(key(what.node, what.token));
  if (requested != requested_.end()) {
    const duration wait = what.start - requested->second;
    figures.longest_wait = std::max(figures.longest_wait, wait);
    figures.all_waits += wait;
    requested_.erase(requested);
  }
  const bool on_wire = !what.lost || what.start != what.end;
  if (on_wire) ++figures.frames;
  on_busy(what.start, what.end);
}

void traffic_meter::on_busy(instant from, instant to) {
  if (!rates_) return;
  for (instant at = from; at < to;) {
    const auto place = static_cast<std::size_t>(at.time_since_epoch() / traffic_figures::window);
    const instant border{traffic_figures::window * (static_cast<duration::rep>(place) + 1)};
    const instant until = std::min(border, to);
    if (figures_.busy.size() <= place) figures_.busy.resize(place + 1);
    figures_.busy[place] += until - at;
    at = until;
  }
}

}  // namespace canstage::can

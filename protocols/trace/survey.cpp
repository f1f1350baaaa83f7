#include "protocols/trace/survey.hpp"

#include <algorithm>

namespace canstage::trace {

survey survey_of(reader& from) {
  survey found;
  while (const auto one = from.next()) {
    if (one->error_classes != 0) {
      ++found.error_messages;
      continue;
    }
    const auto [place, added] = found.buses.try_emplace(one->bus);
    auto& bus = place->second;
    if (added) bus.first = bus.last = one->time;
    bus.first = std::min(bus.first, one->time);
    bus.last = std::max(bus.last, one->time);
    ++bus.frames;
    if (one->content.flags.fd) ++bus.fd_frames;
    if (one->content.flags.remote) ++bus.remote_frames;
  }
  return found;
}

}  // namespace canstage::trace

// From frames that were sent to who hears them and who is confirmed: the same for every kind of bus.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "actors/messages.hpp"
#include "actors/router.hpp"

namespace canstage::actors {

/// Frames of one identifier from one node that were sent one after the other, and who hears them.
struct sent_run {
  frames_indication frames;
  std::span<const port_id> hearers;  ///< ascending, without the sender; valid during the call
  transmit_confirm confirmation;
  bool confirmed = true;  ///< false: the sender has left the bus, or was never on it
};

/// Calls `publish` for each run of a batch. `hearers` is room to work in.
void publish_runs(const std::shared_ptr<const std::vector<can::sent_frame>>& batch, std::uint32_t bus,
                  const router& routes, std::vector<port_id>& hearers,
                  const std::function<void(const sent_run&)>& publish);

}  // namespace canstage::actors

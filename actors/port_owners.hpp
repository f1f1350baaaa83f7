// Who owns which port of a bus, and how what the bus has sent reaches them.
#pragma once

#include <caf/all.hpp>
#include <unordered_map>

#include "actors/interfaces.hpp"
#include "actors/medium.hpp"

namespace canstage::actors {

/// Part of a bus actor that hosts no ports itself.
class port_owners {
 public:
  void attach(const attach_port& request) { owners_[request.port] = request.owner; }
  void detach(port_id port) { owners_.erase(port); }
  void clear() { owners_.clear(); }

  /// Confirms a run of frames to its sender and hands it to all who hear it. `self`: the bus.
  template <class Self>
  void publish(Self* self, const sent_run& run) const {
    if (run.confirmed)
      if (const auto owner = owners_.find(run.confirmation.port); owner != owners_.end())
        self->send(owner->second, run.confirmation);
    if (run.hearers.empty()) return;
    // One message for all who hear it.
    const auto content = caf::make_message(run.frames);
    for (const auto port : run.hearers)
      owners_.at(port)->enqueue(self->ctrl(), caf::make_message_id(), content, self->context());
  }

 private:
  std::unordered_map<port_id, bus_user_actor> owners_;
};

}  // namespace canstage::actors

// The ports of a bus that is outside of the process: who hears what, whose frames wait, whose were sent.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "actors/outbox.hpp"
#include "actors/port_owners.hpp"
#include "actors/router.hpp"
#include "actors/sent_runs.hpp"

namespace canstage::actors {

/// Part of a bus actor. Frames that are requested wait in the outbox; what was on the bus, own frames
/// among it, is collected and published.
class outer_ports {
 public:
  explicit outer_ports(std::uint32_t bus) : bus_(bus) {}

  outbox& waiting() { return outbox_; }
  bus_statistics statistics() const { return statistics_; }

  void attach(const attach_port& request) {
    router_.attach(request.port, request.filters, request.only_unclaimed);
    owners_.attach(request);
  }

  void detach(port_id port) {
    router_.detach(port);
    outbox_.detach(port);
    owners_.detach(port);
  }

  void clear() { owners_.clear(); }

  /// False: too many wait already, and some are dropped.
  bool push(const transmit_request& request) {
    auto token = request.first;
    bool fits = true;
    for (const auto& f : request.frames) fits = outbox_.push(request.port, token++, f) && fits;
    return fits;
  }

  /// A frame was on the bus at `at`. `own`: if one like it is under way in the outbox, it is this one.
  void note(const can::frame& f, instant at, bool own) {
    std::optional<can::sent_frame> sent;
    if (own) sent = outbox_.on_echo(f);
    if (!sent) {
      sent.emplace();
      sent->node = outside;
      sent->token = static_cast<can::transmit_token>(noted_.size());
      sent->unconfirmed = true;
    }
    sent->content = f;
    sent->start = sent->end = at;
    noted_.push_back(*sent);
  }

  /// Hands what was noted to the owners of the ports. `self`: the bus.
  template <class Self>
  void publish(Self* self) {
    if (noted_.empty()) return;
    statistics_.frames += noted_.size();
    const auto batch = std::make_shared<std::vector<can::sent_frame>>(std::exchange(noted_, {}));
    publish_runs(batch, bus_, router_, hearers_, [&](const sent_run& run) { owners_.publish(self, run); });
  }

 private:
  /// The node of frames that come from outside; nobody's port.
  static constexpr port_id outside = 0xFFFF'FFFF;

  std::uint32_t bus_;
  router router_;
  port_owners owners_;
  outbox outbox_;
  std::vector<can::sent_frame> noted_;
  bus_statistics statistics_;
  std::vector<port_id> hearers_;
};

}  // namespace canstage::actors

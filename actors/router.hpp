// Who hears a frame: a hash for ports that name exact identifiers, a list for those with masks.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "actors/messages.hpp"
#include "protocols/can/filter.hpp"
#include "protocols/can/frame.hpp"

namespace canstage::actors {

class router {
 public:
  /// A port that is there already is replaced. `only_unclaimed`: its masks count only for frames
  /// that no exact filter accepts.
  void attach(port_id port, std::span<const can::filter> filters, bool only_unclaimed = false);
  void detach(port_id port);

  /// Fills `hearers` with the ports that hear `f`, ascending, each once.
  void route(const can::frame& f, std::vector<port_id>& hearers) const;

 private:
  struct masked {
    can::filter accepts;
    port_id port = 0;
    bool only_unclaimed = false;
  };

  std::unordered_map<can::identifier, std::vector<port_id>> exact_;
  std::vector<masked> masks_;
  std::unordered_map<port_id, std::vector<can::identifier>> claimed_;  ///< exact identifiers of a port
};

}  // namespace canstage::actors

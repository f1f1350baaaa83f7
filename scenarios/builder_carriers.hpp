// Makes the actors that carry a cast: buses, and the hosts of connections.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/interfaces.hpp"
#include "actors/medium.hpp"
#include "actors/stage.hpp"
#include "scenarios/builder_plan.hpp"
#include "transports/one_shot_set.hpp"
#include "transports/reader.hpp"

namespace canstage::scenarios {

class carriers {
 public:
  /// Both outlive this. `report` is told what happens to links outside of the process.
  carriers(actors::stage& home, const scenario& play,
           std::function<void(instant, const std::string&)> report);

  /// The bus of that index as an actor of its own; what it is made of if it is virtual.
  actors::bus_actor raise_bus(bus_index index, const actors::medium_spec& medium);

  /// Whoever hosts that connection: an endpoint of ours on `bus`, or what its link asks for. Where kernel
  /// ISO-TP cannot do it, one of ours on the same interface.
  actors::connection_host_actor raise_connection(const planned_connection& one, bus_index index,
                                                 const actors::bus_actor& bus);

 private:
  /// A bus outside of the process.
  actors::bus_actor raise_outer(const std::string& title, bus_index index, const link& carrier);
  const std::shared_ptr<transports::reader>& reader();
  const std::shared_ptr<transports::one_shot_set>& sockets();

  actors::stage& home_;
  const scenario& play_;
  std::function<void(instant, const std::string&)> report_;
  std::shared_ptr<transports::reader> reader_;  ///< of everything outside of the process; made when needed
  std::shared_ptr<transports::one_shot_set> sockets_;   ///< of kernel ISO-TP and TCP; made when needed
  std::map<std::string, actors::bus_actor> own_buses_;  ///< of links of single connections, by link
};

}  // namespace canstage::scenarios

#include "scenarios/builder_carriers.hpp"

#include <utility>

#include "actors/connection.hpp"
#include "actors/isotpserver_link.hpp"
#include "actors/kernel_connection.hpp"
#include "actors/socket_bus.hpp"
#include "actors/socketcand_bus.hpp"
#include "actors/virtual_bus.hpp"
#include "scenarios/builder_kernel.hpp"

namespace canstage::scenarios {

carriers::carriers(actors::stage& home, const scenario& play,
                   std::function<void(instant, const std::string&)> report)
    : home_(home), play_(play), report_(std::move(report)) {}

const std::shared_ptr<transports::reader>& carriers::reader() {
  if (!reader_) reader_ = std::make_shared<transports::reader>();
  return reader_;
}

const std::shared_ptr<transports::one_shot_set>& carriers::sockets() {
  if (!sockets_) sockets_ = std::make_shared<transports::one_shot_set>(reader());
  return sockets_;
}

actors::bus_actor carriers::raise_outer(const std::string& title, bus_index index, const link& carrier) {
  if (carrier.what == link::kind::socketcand)
    return home_.spawn<actors::socketcand_bus>(
        title,
        actors::socketcand_bus_spec{index, carrier.bus, {{carrier.where, carrier.port}, sockets(), report_}});
  return home_.spawn<actors::socket_bus>(title,
                                         actors::socket_bus_spec{index, carrier.where, reader(), report_});
}

actors::bus_actor carriers::raise_bus(bus_index index, const actors::medium_spec& medium) {
  const auto& what = play_.buses[index];
  const auto title = "bus " + what.name;
  if (what.carrier.is_virtual()) return home_.spawn<actors::virtual_bus>(title, medium);
  return raise_outer(title, index, what.carrier);
}

actors::connection_host_actor carriers::raise_connection(const planned_connection& one, bus_index index,
                                                         const actors::bus_actor& bus) {
  const auto title = "connection of " + one.title;
  const auto& carrier = one.own != nullptr ? *one.own : play_.buses[index].carrier;
  if (carrier.what == link::kind::isotpserver)
    return home_.spawn<actors::isotpserver_link>(
        title, actors::isotpserver_link_spec{one.node.connection.port,
                                             one.node.connection.settings->n_as,
                                             {{carrier.where, carrier.port}, sockets(), report_}});
  if (carrier.what == link::kind::isotp && beyond_kernel(one).empty()) {
    // A bus tells itself what happens to its interface.
    const auto report = one.own != nullptr ? report_ : nullptr;
    return home_.spawn<actors::kernel_connection>(
        title, actors::kernel_connection_spec{one.node.connection, carrier.where, sockets(), report});
  }
  if (one.own == nullptr) return home_.spawn<actors::connection>(title, one.node.connection, bus);
  auto& own_bus = own_buses_[to_string(carrier)];
  if (!own_bus) own_bus = raise_outer("link " + to_string(carrier), index, carrier);
  return home_.spawn<actors::connection>(title, one.node.connection, own_bus);
}

}  // namespace canstage::scenarios

#include "scenarios/address_book.hpp"

#include <algorithm>
#include <string>

namespace canstage::scenarios {

namespace {

/// The first tester that reaches an ECU; somebody outside where there is none.
std::string tester_of(const scenario& play, ecu_index ecu) {
  for (const tester& one : play.testers)
    if (std::binary_search(one.ecus.begin(), one.ecus.end(), ecu)) return one.name;
  return "tester";
}

/// Whoever hears what an endpoint sends.
std::string peer_of(const scenario& play, const endpoint& from) {
  for (const endpoint& one : play.endpoints)
    if (one.bus == from.bus && one.address.rx == from.address.tx) return one.name;
  return "peer";
}

void add_ecu(std::vector<dissect::way>& ways, const std::string& bus, const ecu& one,
             const std::string& asks) {
  ways.push_back({bus, one.address.rx, one.address.rx_address_byte, asks, one.name});
  ways.push_back({bus, one.address.tx, one.address.tx_address_byte, one.name, asks});
  if (one.address.functional_rx)
    ways.push_back({bus, *one.address.functional_rx, one.address.functional_rx_address_byte, asks, "all"});
}

}  // namespace

std::vector<dissect::way> address_book(const scenario& play) {
  std::vector<dissect::way> ways;
  for (ecu_index i = 0; i < play.ecus.size(); ++i) {
    const ecu& one = play.ecus[i];
    const std::string asks = tester_of(play, i);
    add_ecu(ways, play.buses[one.bus].name, one, asks);
    // The same frames are on the bus of the testers, before and behind a gateway.
    for (const gateway& way : play.gateways)
      if (std::find(way.ecus.begin(), way.ecus.end(), i) != way.ecus.end())
        add_ecu(ways, play.buses[way.near].name, one, asks);
  }
  for (const tester& one : play.testers)
    if (one.functional)
      ways.push_back(
          {play.buses[one.bus].name, *one.functional, one.functional_address_byte, one.name, "all"});
  for (const endpoint& one : play.endpoints)
    ways.push_back({play.buses[one.bus].name, one.address.tx, one.address.tx_address_byte, one.name,
                    peer_of(play, one)});
  return ways;
}

}  // namespace canstage::scenarios

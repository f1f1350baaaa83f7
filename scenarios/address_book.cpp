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

/// What goes to an ECU and comes from it on a bus: its own, or that from which a gateway forwards.
void append_ecu(const scenario& play, ecu_index index, const std::string& bus,
                std::vector<dissect::way>& ways) {
  const ecu& one = play.ecus[index];
  const std::string asks = tester_of(play, index);
  ways.push_back({bus, one.address.rx, one.address.rx_address_byte, asks, one.name});
  ways.push_back({bus, one.address.tx, one.address.tx_address_byte, one.name, asks});
  if (one.address.functional_rx)
    ways.push_back({bus, *one.address.functional_rx, one.address.functional_rx_address_byte, asks, "all"});
}

}  // namespace

std::vector<dissect::way> address_book(const scenario& play) {
  std::vector<dissect::way> ways;
  for (ecu_index i = 0; i < play.ecus.size(); ++i)
    append_ecu(play, i, play.buses[play.ecus[i].bus].name, ways);
  for (const gateway& one : play.gateways)
    for (const ecu_index i : one.ecus) append_ecu(play, i, play.buses[one.near].name, ways);
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

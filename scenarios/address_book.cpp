#include "scenarios/address_book.hpp"

#include <algorithm>
#include <string>

namespace canstage::scenarios {

namespace {

/// The first tester that reaches an ECU at its usual address; somebody outside where there is none.
std::string tester_of(const scenario& play, ecu_index ecu) {
  for (const tester& one : play.testers) {
    const bool asks_there = &address_for(play.ecus[ecu], one.name) == &play.ecus[ecu].address;
    if (asks_there && std::binary_search(one.ecus.begin(), one.ecus.end(), ecu)) return one.name;
  }
  return "tester";
}

void add_ways(std::vector<dissect::way>& ways, const std::string& bus, const isotp::addressing& ids,
              const std::string& asks, const std::string& asked) {
  ways.push_back({bus, ids.rx, ids.rx_address_byte, asks, asked});
  ways.push_back({bus, ids.tx, ids.tx_address_byte, asked, asks});
  if (ids.functional_rx)
    ways.push_back({bus, *ids.functional_rx, ids.functional_rx_address_byte, asks, "all"});
}

/// Whoever hears what an endpoint sends.
std::string peer_of(const scenario& play, const endpoint& from) {
  for (const endpoint& one : play.endpoints)
    if (one.bus == from.bus && one.address.rx == from.address.tx) return one.name;
  return "peer";
}

void add_ecu(std::vector<dissect::way>& ways, const scenario& play, bus_index where, ecu_index index) {
  const ecu& one = play.ecus[index];
  const std::string& bus = play.buses[where].name;
  add_ways(ways, bus, one.address, tester_of(play, index), one.name);
  for (const tester_addresses& own : one.testers) add_ways(ways, bus, own.ids, own.tester, one.name);
}

}  // namespace

std::vector<dissect::way> address_book(const scenario& play) {
  std::vector<dissect::way> ways;
  for (ecu_index i = 0; i < play.ecus.size(); ++i) {
    add_ecu(ways, play, play.ecus[i].bus, i);
    // The same frames are on the bus of the testers, before and behind a gateway.
    for (const gateway& way : play.gateways)
      if (std::find(way.ecus.begin(), way.ecus.end(), i) != way.ecus.end()) add_ecu(ways, play, way.near, i);
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

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

}  // namespace

std::vector<dissect::way> address_book(const scenario& play) {
  std::vector<dissect::way> ways;
  for (ecu_index i = 0; i < play.ecus.size(); ++i) {
    const ecu& one = play.ecus[i];
    const std::string& bus = play.buses[one.bus].name;
    add_ways(ways, bus, one.address, tester_of(play, i), one.name);
    for (const tester_addresses& own : one.testers) add_ways(ways, bus, own.ids, own.tester, one.name);
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

// The simulated ECUs of a scenario, as plain data.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/isotp/misbehaviour.hpp"
#include "protocols/isotp/parameters.hpp"
#include "protocols/uds/server_config.hpp"
#include "scenarios/expectation.hpp"
#include "scenarios/link.hpp"
#include "scenarios/lua/lua_source.hpp"
#include "scenarios/position.hpp"

namespace canstage::scenarios {

/// Addresses of an ECU for one tester alone.
struct tester_addresses {
  std::string tester;
  isotp::addressing ids;  ///< seen from the ECU
};

struct ecu {
  std::string name;
  bus_index bus = 0;
  isotp::addressing address;                ///< seen from the ECU
  std::vector<tester_addresses> testers{};  ///< of those who have their own; all others ask at `address`
  std::shared_ptr<const isotp::parameters> isotp;
  std::shared_ptr<const isotp::misbehaviour> faults;  ///< null: it behaves
  std::shared_ptr<const uds::server_config> uds;
  std::shared_ptr<const lua_source> script;  ///< null: there is none
  position where;
  bool real = false;                 ///< it exists outside of the process: it is asked, but not played
  std::optional<link> carrier = {};  ///< of its connection; none: it is on its bus
};

/// Where a tester asks an ECU.
inline const isotp::addressing& address_for(const ecu& asked, std::string_view tester) {
  for (const auto& own : asked.testers)
    if (own.tester == tester) return own.ids;
  return asked.address;
}

/// The same pair seen from the tester.
inline isotp::addressing mirrored(const isotp::addressing& ids) {
  return {.rx = ids.tx,
          .tx = ids.rx,
          .functional_rx = {},
          .functional_tx = {},
          .rx_address_byte = ids.tx_address_byte,
          .tx_address_byte = ids.rx_address_byte};
}

/// A DID that several ECUs own together.
struct shared_data {
  struct owner {
    ecu_index ecu = 0;
    std::uint16_t did = 0;  ///< as that ECU calls it
  };
  std::string name;
  std::vector<owner> owners;  ///< ascending by ECU
};

}  // namespace canstage::scenarios

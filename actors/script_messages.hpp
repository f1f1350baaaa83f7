// What the script tells actors. Local to the process, like all messages.
#pragma once

#include <cstdint>

#include "protocols/uds/exchange.hpp"
#include "protocols/uds/stimulus.hpp"

namespace canstage::actors {

/// Power cycle of an ECU, or only its first half: it stays off until the next one. `ecu` is its name at the
/// actor that hosts it.
struct power_cycle {
  std::uint32_t ecu = 0;
  bool stays_off = false;
};

/// A cyclic frame is sent from now on, or no longer; `index` is its place at the actor that sends it.
struct switch_cyclic {
  std::uint32_t index = 0;
  bool on = true;
};

/// Something changes in an ECU without a request; `ecu` as above.
struct ecu_stimulus {
  std::uint32_t ecu = 0;
  uds::stimulus what;
};

/// One request and who may answer it; keys of the responders are the tester's own (see tester.hpp).
struct perform_exchange {
  uds::exchange_spec spec;
};

/// The run ends early: what is under way is closed and reported as it stands.
struct abort_run {};

}  // namespace canstage::actors

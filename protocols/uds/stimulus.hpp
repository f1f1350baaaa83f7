// What happens in an ECU without a request: its sensors, monitors and ignition.
#pragma once

#include <cstdint>
#include <variant>

#include "protocols/bytes.hpp"
#include "protocols/uds/dtc_memory.hpp"
#include "protocols/uds/services/shared_data.hpp"

namespace canstage::uds {

struct server_state;

/// The own value of a data record from now on.
struct data_change {
  std::uint16_t did = 0;
  bytes value;
};

/// An OBD PID's value from now on.
struct pid_change {
  std::uint8_t pid = 0;
  bytes value;
};

/// The result of a DTC's test.
struct test_outcome {
  std::uint16_t dtc = 0;  ///< index in the table
  test_result result{};
};

/// The fault detection counter of a DTC stands at this: 127 is a failed test, -128 a passed one.
struct test_count {
  std::uint16_t dtc = 0;
  std::int8_t counter = 0;
};

/// The status of a DTC, whatever led to it.
struct status_change {
  std::uint16_t dtc = 0;
  std::uint8_t status = 0;
};

/// A fault of the ECU looks at what happens from now on, or no longer.
struct fault_switch {
  std::uint32_t fault = 0;
  bool on = true;
};

/// The operation cycle ends, the next one begins.
struct next_operation_cycle {};

using stimulus = std::variant<data_change, pid_change, test_outcome, test_count, status_change,
                              next_operation_cycle, shared_change, fault_switch>;

void apply(server_state& state, const stimulus& what);

}  // namespace canstage::uds

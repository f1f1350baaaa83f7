// Where things stand: in their file, and in the lists of a scenario.
#pragma once

#include <cstdint>

namespace canstage::scenarios {

/// Where something stands in a file; lines and columns count from 1.
struct position {
  int line = 1;
  int column = 1;
  std::uint16_t file = 0;  ///< 0: the scenario's own, else one that it includes
};

using bus_index = std::uint32_t;
using ecu_index = std::uint32_t;
using tester_index = std::uint32_t;
using endpoint_index = std::uint32_t;

/// Who takes part in a physical request: a tester with an ECU, or two bare endpoints.
struct party {
  enum class kind : std::uint8_t { tester, ecu, endpoint };
  kind what = kind::tester;
  std::uint32_t index = 0;
};

}  // namespace canstage::scenarios

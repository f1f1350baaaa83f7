// What goes wrong in a scenario on purpose, as plain data.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "protocols/can/foreign_traffic.hpp"
#include "protocols/can/frame_fault.hpp"
#include "protocols/fault_trigger.hpp"
#include "protocols/uds/answer_fault.hpp"
#include "scenarios/position.hpp"

namespace canstage::scenarios {

/// Power and controller of an ECU.
enum class life_action : std::uint8_t { reset, power_loss, late_boot, bus_off };

struct fault {
  enum class level : std::uint8_t { n_pdu, frame, answer, life_cycle, traffic };

  level what = level::frame;
  std::string text;    ///< "drop at powertrain"
  std::string during;  ///< the name of the steps that arm it; empty: it is always armed
  position where;
  bus_index bus = 0;  ///< of frames and traffic, and where an ECU is

  // n_pdu: what it does is with the ECU or endpoint, `begin` and `end` say when.
  party node{};

  /// frame: all of it. life_cycle: the frames that bring it about, if any do.
  std::optional<can::frame_fault> frame{};

  // answer and life_cycle.
  ecu_index ecu = 0;
  std::optional<uds::answer_fault> answer{};
  life_action action = life_action::reset;
  duration off{0};  ///< without power, or bus off at least

  // traffic, n_pdu, and life_cycle without `frame`.
  instant begin{};  ///< when it happens, or begins
  instant end = never;
  can::foreign_settings foreign{};
};

/// Which occasions of which faults, by their places, a run is confined to; a fault that is not in it does
/// nothing.
using fault_selection = std::map<std::uint32_t, fault_schedule>;

}  // namespace canstage::scenarios

// A scenario as plain data: what a file says after inheritance, repetition and checks.
//
// Everything is resolved: names are indices, defaults are filled in, patterns are parsed. Like ECUs
// share their configuration objects, so that 200 nodes from one entry cost 200 addresses.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocols/can/identifier.hpp"
#include "protocols/can/wire_time.hpp"
#include "protocols/isotp/misbehaviour.hpp"
#include "protocols/isotp/parameters.hpp"
#include "protocols/uds/server_config.hpp"
#include "scenarios/cyclic_frame.hpp"
#include "scenarios/ecu.hpp"
#include "scenarios/exposure.hpp"
#include "scenarios/fault.hpp"
#include "scenarios/link.hpp"
#include "scenarios/position.hpp"
#include "scenarios/steps.hpp"

namespace canstage::scenarios {

struct bus {
  std::string name;
  std::optional<can::bit_rates> rates;  ///< none: frames take no time
  position where;
  link carrier{};  ///< where it is not virtual, the rates are a remark: the interface has its own
};

/// An ECU that forwards the diagnostics of other ECUs, frame by frame.
struct gateway {
  std::string name;
  bus_index near = 0;  ///< where testers ask
  bus_index far = 0;   ///< where the ECUs are
  std::vector<ecu_index> ecus;
  std::vector<can::identifier> requests;   ///< from near to far
  std::vector<can::identifier> responses;  ///< from far to near
  uds::time_range delay{};
  position where;
};

/// Identifiers on which answers may come, beside those of the ECUs.
struct answer_range {
  can::identifier first;
  can::identifier last;
};

struct tester {
  std::string name;
  bus_index bus = 0;
  std::optional<can::identifier> functional;            ///< where functional requests are sent
  std::optional<std::uint8_t> functional_address_byte;  ///< in front of their N_PCI
  std::vector<ecu_index> ecus;  ///< the ECUs it can talk to, also through gateways; ascending
  std::vector<answer_range> listen;
  std::optional<duration> p2;             ///< P2client of physical requests
  std::optional<duration> p2_star;        ///< P2*client; none: P2* of each ECU
  std::optional<tester_present> present;  ///< from the begin of the run on
  std::shared_ptr<const isotp::parameters> isotp;
  position where;
};

/// A bare ISO-TP end without UDS behind it.
struct endpoint {
  enum class behaviour : std::uint8_t { none, echo, swallow };

  std::string name;
  bus_index bus = 0;
  isotp::addressing address;
  std::shared_ptr<const isotp::parameters> isotp;
  std::shared_ptr<const isotp::misbehaviour> faults;  ///< null: it behaves
  behaviour what = behaviour::none;
  position where;
  bool real = false;                 ///< as with an ECU
  std::optional<link> carrier = {};  ///< as with an ECU
};

enum class time_mode : std::uint8_t { virtual_time, real_time };

/// Who plays the ECUs: an actor each, or one actor per bus with the same behaviour to the byte.
enum class cast_kind : std::uint8_t { normal, ensemble };

struct scenario {
  std::string file;
  std::string name;
  std::uint64_t seed = 0;
  std::optional<time_mode> time;  ///< as the file says; none: see `usual_time`
  std::vector<bus> buses;
  std::vector<ecu> ecus;
  std::vector<gateway> gateways;
  std::vector<shared_data> shared;
  std::vector<tester> testers;
  std::vector<endpoint> endpoints;
  std::vector<cyclic_frame> cyclic;
  std::vector<fault> faults;
  std::vector<exposure> exposures;
  step_list steps;
  std::vector<std::string> tags;      ///< of all steps
  std::size_t left_out = 0;           ///< single steps that the choice of tags leaves out
  std::vector<std::string> included;  ///< files, by `position::file` - 1
};

/// Something that is not inside the process: "bus body", "socketcan:vcan0".
struct outside_part {
  std::string who;
  std::string carrier;
  position where;
};

/// The name of the first ECU or endpoint that is outside of the process; null if all are played.
inline const std::string* first_real_node(const scenario& play) {
  for (const auto& one : play.ecus)
    if (one.real) return &one.name;
  for (const auto& one : play.endpoints)
    if (one.real) return &one.name;
  return nullptr;
}

/// The first bus or connection that is not inside the process; nothing if all are.
std::optional<outside_part> first_outside(const scenario& play);

/// What drives the time unless somebody decides otherwise: virtual time needs all to be in the process, and
/// nobody who joins.
time_mode usual_time(const scenario& play);

}  // namespace canstage::scenarios

// Legislated OBD (SAE J1979 / ISO 15031-5): services 01, 02, 03, 04, 07, 09 and 0A.
//
// Who supports a service or PID answers, who does not is silent, also when asked alone; a server that
// answers unsupported requests with an NRC where UDS would is one that says so. DTCs are those of the
// emissions group in the primary fault memory, by their codes of two bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/uds/dtc_memory.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;
struct service;

struct pid_value {
  std::uint8_t pid = 0;
  bytes value;
};

/// What was measured when a DTC was stored.
struct freeze_frame {
  std::uint16_t code = 0;         ///< PID 02: the DTC that caused it
  std::vector<pid_value> values;  ///< ascending by PID
};

/// An information type of service 09, with its data items.
struct info_type {
  std::uint8_t id = 0;
  std::vector<bytes> items;
};

struct obd_config {
  bool present = false;                     ///< with it come the services
  std::vector<pid_value> pids;              ///< ascending; without the bitmaps and 01
  bytes readiness{0x00, 0x00, 0x00};        ///< PID 01, bytes B to D
  std::vector<std::uint8_t> captured;       ///< PIDs of a freeze frame, ascending
  std::optional<freeze_frame> first_frame;  ///< stored from the start
  std::vector<info_type> infos;             ///< ascending
  bool refuses_unsupported = false;         ///< 12 in place of silence, to physical requests
};

struct obd_state {
  std::vector<pid_value> set;  ///< values that differ from those configured, ascending
  /// None: as configured.
  std::optional<std::optional<freeze_frame>> frame;
};

/// What happens in the ECU: the PID's value from now on.
void set_pid(server_state& state, std::uint8_t pid, byte_view value);
/// The value now; empty: there is no such PID.
byte_view value_of_pid(const server_state& state, std::uint8_t pid);

/// An emission-related DTC that is confirmed has a freeze frame; its clear ends it.
void keep_freeze_frame(server_state& state, const dtc_change& change);

std::span<const service> obd_services();

}  // namespace canstage::uds

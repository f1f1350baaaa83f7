// The fault memories of a server, and the services on them: 0x14 ClearDiagnosticInformation,
// 0x19 ReadDTCInformation and 0x85 ControlDTCSetting. How a DTC lives is in dtc_memory.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "protocols/uds/dtc_memory.hpp"

namespace canstage::uds {

struct server_state;
struct service;

struct dtc_state {
  /// The primary one, the mirror memory if there is one, the user-defined ones. Empty: all as configured.
  /// They survive resets, as non-volatile memory does.
  std::vector<dtc_memory> memories;
  std::vector<dtc_number> off;  ///< groups whose status bits stand still (85 02); volatile
};

/// The memories, made if they are not there yet.
const dtc_memory& primary_memory(server_state& state);
/// Null: the ECU has none.
const dtc_memory* mirror_memory(server_state& state);
const dtc_memory* selected_memory(server_state& state, std::uint8_t selection);

/// What happens to a DTC in the ECU, in every memory that has it. Nothing while 85 has switched it off.
void test_dtc(server_state& state, std::uint16_t index, test_result result);
void count_dtc(server_state& state, std::uint16_t index, std::int8_t counter);
void overwrite_dtc(server_state& state, std::uint16_t index, std::uint8_t status);
void begin_operation_cycle(server_state& state);

/// What 85 has switched off is on again.
void switch_dtcs_on(server_state& state);

/// In the primary memory; its group has to be known.
void clear_dtcs(server_state& state, dtc_number group);
/// All of the mirror memory, which no 0x14 reaches (routine FF02).
void clear_mirror_memory(server_state& state);

std::span<const service> dtc_services();
std::span<const service> read_dtc_services();

}  // namespace canstage::uds

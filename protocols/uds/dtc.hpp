// Diagnostic trouble codes: the number, and the bits of its status (ISO 14229-1 annex D). Names are in
// names.hpp.
#pragma once

#include <cstdint>

namespace canstage::uds {

/// 24 bits: high and middle byte the code, low byte the failure type.
using dtc_number = std::uint32_t;

inline constexpr dtc_number all_dtcs = 0xFF'FFFF;  ///< groupOfDTC: all groups

/// groupOfDTC FFFFgg means the functional group gg (annex D.1, D.5).
inline constexpr dtc_number functional_groups = 0xFF'FF00;
inline constexpr std::uint8_t emissions_group = 0x33;
inline constexpr std::uint8_t safety_group = 0xD0;
inline constexpr std::uint8_t vobd_group = 0xFE;

namespace dtc_status {
inline constexpr std::uint8_t test_failed = 0x01;
inline constexpr std::uint8_t test_failed_this_operation_cycle = 0x02;
inline constexpr std::uint8_t pending = 0x04;
inline constexpr std::uint8_t confirmed = 0x08;
inline constexpr std::uint8_t test_not_completed_since_last_clear = 0x10;
inline constexpr std::uint8_t test_failed_since_last_clear = 0x20;
inline constexpr std::uint8_t test_not_completed_this_operation_cycle = 0x40;
inline constexpr std::uint8_t warning_indicator_requested = 0x80;
/// What a status is after a clear.
inline constexpr std::uint8_t cleared =
    test_not_completed_since_last_clear | test_not_completed_this_operation_cycle;
}  // namespace dtc_status

/// The code without the failure type, as OBD services and SAE J2012 have it.
constexpr std::uint16_t code_of(dtc_number dtc) { return static_cast<std::uint16_t>(dtc >> 8); }

}  // namespace canstage::uds

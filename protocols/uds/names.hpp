// What the standards call the numbers in a message, for everything that people read.
//
// ISO 14229-1, for services below 0x10 SAE J1979. A number without a name here is given as a number,
// or as nothing where the caller prints it anyway.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/uds/service.hpp"

namespace canstage::uds {

/// Whether `service_name` knows it: a request of some tester.
bool is_known_service(std::uint8_t sid);

/// "extendedDiagnosticSession", "requestSeed (level 1)"; empty for a sub-function without a name here.
/// For 0x2A, 0x2F and 0x38, which have none, what stands in its place: transmissionMode,
/// inputOutputControlParameter, modeOfOperation. `value` is without SPRMIB.
std::string subfunction_name(std::uint8_t sid, std::uint8_t value);

/// Whether the byte behind the SID is a sub-function with SPRMIB.
bool has_subfunction(std::uint8_t sid);

/// "VIN", "activeDiagnosticSession"; empty for a DID without a name here. ISO 14229-1 annex C.1.
std::string_view did_name(std::uint16_t did);

/// "eraseMemory"; empty for a RID without a name here. ISO 14229-1 annex F.1.
std::string_view rid_name(std::uint16_t rid);

/// "all groups", "emissions-related systems"; empty for a single DTC. ISO 14229-1 annex D.1.
std::string_view dtc_group_name(std::uint32_t group);

/// "P0123-17": a DTC of three bytes, the third its failure type (SAE J2012-DA).
std::string dtc_name(std::uint32_t dtc);

/// "P0123": a DTC of two bytes, as OBD reports it.
std::string obd_dtc_name(std::uint16_t dtc);

/// Reads "P0123-17", "P0123" (failure type 00) or six hex digits. False and `problem` for all else.
bool parse_dtc(std::string_view text, std::uint32_t& dtc, std::string& problem);

/// "testFailed, confirmedDTC"; "no status bit" for 0. ISO 14229-1 annex D.2.
std::string dtc_status_names(std::uint8_t status);

/// "vehicle speed"; empty for a PID of OBD services 01 and 02 without a name here.
std::string_view pid_name(std::uint8_t pid);

}  // namespace canstage::uds

// Names of DIDs, RIDs, DTCs and PIDs.
#include <algorithm>
#include <array>
#include <iterator>

#include "protocols/uds/names.hpp"

namespace canstage::uds {

namespace {

struct name_of_range {
  std::uint32_t first;
  std::uint32_t last;
  std::string_view name;
};

// ISO 14229-1 annex C.1.
constexpr name_of_range did_names[] = {
    {0xF180, 0xF180, "bootSoftwareIdentification"},
    {0xF181, 0xF181, "applicationSoftwareIdentification"},
    {0xF182, 0xF182, "applicationDataIdentification"},
    {0xF183, 0xF183, "bootSoftwareFingerprint"},
    {0xF184, 0xF184, "applicationSoftwareFingerprint"},
    {0xF185, 0xF185, "applicationDataFingerprint"},
    {0xF186, 0xF186, "activeDiagnosticSession"},
    {0xF187, 0xF187, "vehicleManufacturerSparePartNumber"},
    {0xF188, 0xF188, "vehicleManufacturerECUSoftwareNumber"},
    {0xF189, 0xF189, "vehicleManufacturerECUSoftwareVersionNumber"},
    {0xF18A, 0xF18A, "systemSupplierIdentifier"},
    {0xF18B, 0xF18B, "ECUManufacturingDate"},
    {0xF18C, 0xF18C, "ECUSerialNumber"},
    {0xF18D, 0xF18D, "supportedFunctionalUnits"},
    {0xF18E, 0xF18E, "vehicleManufacturerKitAssemblyPartNumber"},
    {0xF190, 0xF190, "VIN"},
    {0xF191, 0xF191, "vehicleManufacturerECUHardwareNumber"},
    {0xF192, 0xF192, "systemSupplierECUHardwareNumber"},
    {0xF193, 0xF193, "systemSupplierECUHardwareVersionNumber"},
    {0xF194, 0xF194, "systemSupplierECUSoftwareNumber"},
    {0xF195, 0xF195, "systemSupplierECUSoftwareVersionNumber"},
    {0xF196, 0xF196, "exhaustRegulationOrTypeApprovalNumber"},
    {0xF197, 0xF197, "systemNameOrEngineType"},
    {0xF198, 0xF198, "repairShopCodeOrTesterSerialNumber"},
    {0xF199, 0xF199, "programmingDate"},
    {0xF19A, 0xF19A, "calibrationRepairShopCodeOrCalibrationEquipmentSerialNumber"},
    {0xF19B, 0xF19B, "calibrationDate"},
    {0xF19C, 0xF19C, "calibrationEquipmentSoftwareNumber"},
    {0xF19D, 0xF19D, "ECUInstallationDate"},
    {0xF19E, 0xF19E, "ODXFile"},
    {0xF19F, 0xF19F, "entity"},
    {0xF200, 0xF2FF, "periodicDataIdentifier"},
    {0xF300, 0xF3FF, "dynamicallyDefinedDataIdentifier"},
    {0xF400, 0xF5FF, "OBDDataIdentifier"},
    {0xF600, 0xF7FF, "OBDMonitorDataIdentifier"},
    {0xF800, 0xF8FF, "OBDInfoTypeDataIdentifier"},
    {0xF900, 0xF9FF, "tachographDataIdentifier"},
    {0xFA00, 0xFA0F, "airbagDeploymentDataIdentifier"},
    {0xFF00, 0xFF00, "UDSVersionDataIdentifier"},
};

// ISO 14229-1 annex F.1.
constexpr name_of_range rid_names[] = {
    {0x0100, 0x01FF, "tachographTestIds"},
    {0xE000, 0xE1FF, "OBDTestIds"},
    {0xE200, 0xE200, "executeSPL"},
    {0xE201, 0xE201, "deployLoopRoutineID"},
    {0xFF00, 0xFF00, "eraseMemory"},
    {0xFF01, 0xFF01, "checkProgrammingDependencies"},
    {0xFF02, 0xFF02, "eraseMirrorMemoryDTCs"},
};

// ISO 14229-1 annex D.1.
constexpr name_of_range group_names[] = {
    {0xFFFF33, 0xFFFF33, "emissions-related systems"},
    {0xFFFFD0, 0xFFFFD0, "safety-related systems"},
    {0xFFFFFE, 0xFFFFFE, "VOBD systems"},
    {0xFFFFFF, 0xFFFFFF, "all groups"},
};

// SAE J1979 annex B, those that are asked for most.
constexpr name_of_range pid_names[] = {
    {0x00, 0x00, "supported PIDs 01-20"},
    {0x01, 0x01, "monitor status since DTCs cleared"},
    {0x02, 0x02, "DTC that caused the freeze frame"},
    {0x03, 0x03, "fuel system status"},
    {0x04, 0x04, "calculated load"},
    {0x05, 0x05, "engine coolant temperature"},
    {0x06, 0x06, "short term fuel trim, bank 1"},
    {0x07, 0x07, "long term fuel trim, bank 1"},
    {0x0A, 0x0A, "fuel pressure"},
    {0x0B, 0x0B, "intake manifold absolute pressure"},
    {0x0C, 0x0C, "engine speed"},
    {0x0D, 0x0D, "vehicle speed"},
    {0x0E, 0x0E, "ignition timing advance"},
    {0x0F, 0x0F, "intake air temperature"},
    {0x10, 0x10, "mass air flow"},
    {0x11, 0x11, "throttle position"},
    {0x1C, 0x1C, "OBD requirements"},
    {0x1F, 0x1F, "time since engine start"},
    {0x20, 0x20, "supported PIDs 21-40"},
    {0x21, 0x21, "distance with MIL on"},
    {0x2F, 0x2F, "fuel level"},
    {0x31, 0x31, "distance since DTCs cleared"},
    {0x33, 0x33, "barometric pressure"},
    {0x40, 0x40, "supported PIDs 41-60"},
    {0x42, 0x42, "control module voltage"},
    {0x46, 0x46, "ambient air temperature"},
    {0x51, 0x51, "fuel type"},
    {0x5C, 0x5C, "engine oil temperature"},
    {0x60, 0x60, "supported PIDs 61-80"},
};

constexpr std::array<std::string_view, 8> status_names{
    "testFailed",
    "testFailedThisOperationCycle",
    "pendingDTC",
    "confirmedDTC",
    "testNotCompletedSinceLastClear",
    "testFailedSinceLastClear",
    "testNotCompletedThisOperationCycle",
    "warningIndicatorRequested",
};

constexpr std::string_view systems = "PCBU";  // powertrain, chassis, body, network

template <std::size_t Size>
std::string_view find_range(const name_of_range (&names)[Size], std::uint32_t value) {
  const auto* found = std::find_if(std::begin(names), std::end(names), [value](const name_of_range& entry) {
    return entry.first <= value && value <= entry.last;
  });
  return found != std::end(names) ? found->name : std::string_view{};
}

/// As many upper-case hex digits of `value`.
std::string digits(std::uint32_t value, int count) {
  std::string text;
  for (int i = count - 1; i >= 0; --i) text += "0123456789ABCDEF"[(value >> (4 * i)) & 0xF];
  return text;
}

bool read_digits(std::string_view text, std::uint32_t& value) {
  value = 0;
  for (const char c : text) {
    if (hex_value(c) < 0) return false;
    value = value << 4 | static_cast<std::uint32_t>(hex_value(c));
  }
  return true;
}

}  // namespace

std::string_view did_name(std::uint16_t did) { return find_range(did_names, did); }

std::string_view rid_name(std::uint16_t rid) { return find_range(rid_names, rid); }

std::string_view dtc_group_name(std::uint32_t group) { return find_range(group_names, group); }

std::string_view pid_name(std::uint8_t pid) { return find_range(pid_names, pid); }

std::string obd_dtc_name(std::uint16_t dtc) {
  return std::string{systems[dtc >> 14]} + digits(dtc & 0x3FFF, 4);
}

std::string dtc_name(std::uint32_t dtc) {
  return obd_dtc_name(static_cast<std::uint16_t>(dtc >> 8 & 0xFFFF)) + '-' + digits(dtc & 0xFF, 2);
}

bool parse_dtc(std::string_view text, std::uint32_t& dtc, std::string& problem) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  std::uint32_t number = 0;
  if (text.size() == 6 && read_digits(text, number)) {
    dtc = number;
    return true;
  }
  const auto system = text.empty() ? std::string_view::npos : systems.find(upper(text[0]));
  const bool with_type = text.size() == 8 && text[5] == '-';
  std::uint32_t type = 0;
  const bool read = system != std::string_view::npos && (text.size() == 5 || with_type) &&
                    read_digits(text.substr(1, 4), number) &&
                    (!with_type || read_digits(text.substr(6), type));
  if (!read) {
    problem = "a DTC is written as P0123-17, P0123 or six hex digits";
    return false;
  }
  if (number > 0x3FFF) {
    problem = "the digit behind the letter of a DTC is 0 to 3";
    return false;
  }
  dtc = (static_cast<std::uint32_t>(system) << 14 | number) << 8 | type;
  return true;
}

std::string dtc_status_names(std::uint8_t status) {
  std::string text;
  for (std::size_t bit = 0; bit < status_names.size(); ++bit) {
    if ((status >> bit & 1) == 0) continue;
    if (!text.empty()) text += ", ";
    text += status_names[bit];
  }
  return text.empty() ? "no status bit" : text;
}

}  // namespace canstage::uds

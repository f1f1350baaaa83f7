#include "protocols/uds/names.hpp"

#include <algorithm>
#include <iterator>

namespace canstage::uds {

namespace {

struct name_of_subfunction {
  std::uint8_t sid;
  std::uint8_t value;
  std::string_view name;
};

// ISO 14229-1 tables of the services; ascending.
constexpr name_of_subfunction subfunction_names[] = {
    {0x10, 0x01, "defaultSession"},
    {0x10, 0x02, "programmingSession"},
    {0x10, 0x03, "extendedDiagnosticSession"},
    {0x10, 0x04, "safetySystemDiagnosticSession"},
    {0x11, 0x01, "hardReset"},
    {0x11, 0x02, "keyOffOnReset"},
    {0x11, 0x03, "softReset"},
    {0x11, 0x04, "enableRapidPowerShutDown"},
    {0x11, 0x05, "disableRapidPowerShutDown"},
    {0x19, 0x01, "reportNumberOfDTCByStatusMask"},
    {0x19, 0x02, "reportDTCByStatusMask"},
    {0x19, 0x03, "reportDTCSnapshotIdentification"},
    {0x19, 0x04, "reportDTCSnapshotRecordByDTCNumber"},
    {0x19, 0x05, "reportDTCStoredDataByRecordNumber"},
    {0x19, 0x06, "reportDTCExtDataRecordByDTCNumber"},
    {0x19, 0x07, "reportNumberOfDTCBySeverityMaskRecord"},
    {0x19, 0x08, "reportDTCBySeverityMaskRecord"},
    {0x19, 0x09, "reportSeverityInformationOfDTC"},
    {0x19, 0x0A, "reportSupportedDTC"},
    {0x19, 0x0B, "reportFirstTestFailedDTC"},
    {0x19, 0x0C, "reportFirstConfirmedDTC"},
    {0x19, 0x0D, "reportMostRecentTestFailedDTC"},
    {0x19, 0x0E, "reportMostRecentConfirmedDTC"},
    {0x19, 0x0F, "reportMirrorMemoryDTCByStatusMask"},
    {0x19, 0x10, "reportMirrorMemoryDTCExtDataRecordByDTCNumber"},
    {0x19, 0x11, "reportNumberOfMirrorMemoryDTCByStatusMask"},
    {0x19, 0x12, "reportNumberOfEmissionsOBDDTCByStatusMask"},
    {0x19, 0x13, "reportEmissionsOBDDTCByStatusMask"},
    {0x19, 0x14, "reportDTCFaultDetectionCounter"},
    {0x19, 0x15, "reportDTCWithPermanentStatus"},
    {0x19, 0x16, "reportDTCExtDataRecordByRecordNumber"},
    {0x19, 0x17, "reportUserDefMemoryDTCByStatusMask"},
    {0x19, 0x18, "reportUserDefMemoryDTCSnapshotRecordByDTCNumber"},
    {0x19, 0x19, "reportUserDefMemoryDTCExtDataRecordByDTCNumber"},
    {0x19, 0x1A, "reportSupportedDTCExtDataRecord"},
    {0x19, 0x42, "reportWWHOBDDTCByMaskRecord"},
    {0x19, 0x55, "reportWWHOBDDTCWithPermanentStatus"},
    {0x19, 0x56, "reportDTCInformationByDTCReadinessGroupIdentifier"},
    {0x28, 0x00, "enableRxAndTx"},
    {0x28, 0x01, "enableRxAndDisableTx"},
    {0x28, 0x02, "disableRxAndEnableTx"},
    {0x28, 0x03, "disableRxAndTx"},
    {0x28, 0x04, "enableRxAndDisableTxWithEnhancedAddressInformation"},
    {0x28, 0x05, "enableRxAndTxWithEnhancedAddressInformation"},
    {0x29, 0x00, "deAuthenticate"},
    {0x29, 0x01, "verifyCertificateUnidirectional"},
    {0x29, 0x02, "verifyCertificateBidirectional"},
    {0x29, 0x03, "proofOfOwnership"},
    {0x29, 0x04, "transmitCertificate"},
    {0x29, 0x05, "requestChallengeForAuthentication"},
    {0x29, 0x06, "verifyProofOfOwnershipUnidirectional"},
    {0x29, 0x07, "verifyProofOfOwnershipBidirectional"},
    {0x29, 0x08, "authenticationConfiguration"},
    {0x2A, 0x01, "sendAtSlowRate"},
    {0x2A, 0x02, "sendAtMediumRate"},
    {0x2A, 0x03, "sendAtFastRate"},
    {0x2A, 0x04, "stopSending"},
    {0x2C, 0x01, "defineByIdentifier"},
    {0x2C, 0x02, "defineByMemoryAddress"},
    {0x2C, 0x03, "clearDynamicallyDefinedDataIdentifier"},
    {0x2F, 0x00, "returnControlToECU"},
    {0x2F, 0x01, "resetToDefault"},
    {0x2F, 0x02, "freezeCurrentState"},
    {0x2F, 0x03, "shortTermAdjustment"},
    {0x31, 0x01, "startRoutine"},
    {0x31, 0x02, "stopRoutine"},
    {0x31, 0x03, "requestRoutineResults"},
    {0x38, 0x01, "addFile"},
    {0x38, 0x02, "deleteFile"},
    {0x38, 0x03, "replaceFile"},
    {0x38, 0x04, "readFile"},
    {0x38, 0x05, "readDir"},
    {0x38, 0x06, "resumeFile"},
    {0x3E, 0x00, "zeroSubFunction"},
    {0x83, 0x01, "readExtendedTimingParameterSet"},
    {0x83, 0x02, "setTimingParametersToDefaultValues"},
    {0x83, 0x03, "readCurrentlyActiveTimingParameters"},
    {0x83, 0x04, "setTimingParametersToGivenValues"},
    {0x85, 0x01, "on"},
    {0x85, 0x02, "off"},
    {0x86, 0x00, "stopResponseOnEvent"},
    {0x86, 0x01, "onDTCStatusChange"},
    {0x86, 0x02, "onTimerInterrupt"},
    {0x86, 0x03, "onChangeOfDataIdentifier"},
    {0x86, 0x04, "reportActivatedEvents"},
    {0x86, 0x05, "startResponseOnEvent"},
    {0x86, 0x06, "clearResponseOnEvent"},
    {0x86, 0x07, "onComparisonOfValues"},
    {0x86, 0x08, "reportMostRecentDtcOnStatusChange"},
    {0x86, 0x09, "reportDTCRecordInformationOnDtcStatusChange"},
    {0x87, 0x01, "verifyModeTransitionWithFixedParameter"},
    {0x87, 0x02, "verifyModeTransitionWithSpecificParameter"},
    {0x87, 0x03, "transitionMode"},
};

constexpr std::uint8_t security_access = 0x27;
constexpr std::uint8_t response_on_event = 0x86;

/// Odd values ask for the seed of their level, the even one above sends its key.
std::string security_name(std::uint8_t value) {
  if (value == 0 || value > 0x7E) return {};
  const bool seed = value % 2 == 1;
  return (seed ? "requestSeed (level " : "sendKey (level ") + std::to_string(seed ? value : value - 1) + ')';
}

}  // namespace

bool is_known_service(std::uint8_t sid) { return !service_name(sid).starts_with("SID 0x"); }

bool has_subfunction(std::uint8_t sid) {
  static constexpr std::uint8_t with[] = {0x10, 0x11, 0x19, 0x27, 0x28, 0x29, 0x2C,
                                          0x31, 0x3E, 0x83, 0x85, 0x86, 0x87};
  return std::binary_search(std::begin(with), std::end(with), sid);
}

std::string subfunction_name(std::uint8_t sid, std::uint8_t value) {
  if (sid == security_access) return security_name(value);
  // Bit 6 says whether the event is to be stored.
  const std::uint8_t wanted = sid == response_on_event ? value & 0x3F : value;
  for (const name_of_subfunction& entry : subfunction_names) {
    if (entry.sid != sid || entry.value != wanted) continue;
    return std::string{entry.name} + (wanted != value ? " (storeEvent)" : "");
  }
  return {};
}

}  // namespace canstage::uds

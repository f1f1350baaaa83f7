#include "protocols/uds/service.hpp"

#include <array>

namespace canstage::uds {

namespace {

struct name_of {
  std::uint8_t code;
  std::string_view name;
};

// ISO 14229-1 annex A.1; ascending.
constexpr name_of nrc_names[] = {
    {0x10, "generalReject"},
    {0x11, "serviceNotSupported"},
    {0x12, "subFunctionNotSupported"},
    {0x13, "incorrectMessageLengthOrInvalidFormat"},
    {0x14, "responseTooLong"},
    {0x21, "busyRepeatRequest"},
    {0x22, "conditionsNotCorrect"},
    {0x24, "requestSequenceError"},
    {0x25, "noResponseFromSubnetComponent"},
    {0x26, "failurePreventsExecutionOfRequestedAction"},
    {0x31, "requestOutOfRange"},
    {0x33, "securityAccessDenied"},
    {0x34, "authenticationRequired"},
    {0x35, "invalidKey"},
    {0x36, "exceededNumberOfAttempts"},
    {0x37, "requiredTimeDelayNotExpired"},
    {0x38, "secureDataTransmissionRequired"},
    {0x39, "secureDataTransmissionNotAllowed"},
    {0x3A, "secureDataVerificationFailed"},
    {0x50, "certificateVerificationFailedInvalidTimePeriod"},
    {0x51, "certificateVerificationFailedInvalidSignature"},
    {0x52, "certificateVerificationFailedInvalidChainOfTrust"},
    {0x53, "certificateVerificationFailedInvalidType"},
    {0x54, "certificateVerificationFailedInvalidFormat"},
    {0x55, "certificateVerificationFailedInvalidContent"},
    {0x56, "certificateVerificationFailedInvalidScope"},
    {0x57, "certificateVerificationFailedInvalidCertificate"},
    {0x58, "ownershipVerificationFailed"},
    {0x59, "challengeCalculationFailed"},
    {0x5A, "settingAccessRightsFailed"},
    {0x5B, "sessionKeyCreationDerivationFailed"},
    {0x5C, "configurationDataUsageFailed"},
    {0x5D, "deAuthenticationFailed"},
    {0x70, "uploadDownloadNotAccepted"},
    {0x71, "transferDataSuspended"},
    {0x72, "generalProgrammingFailure"},
    {0x73, "wrongBlockSequenceCounter"},
    {0x78, "requestCorrectlyReceived-ResponsePending"},
    {0x7E, "subFunctionNotSupportedInActiveSession"},
    {0x7F, "serviceNotSupportedInActiveSession"},
    {0x81, "rpmTooHigh"},
    {0x82, "rpmTooLow"},
    {0x83, "engineIsRunning"},
    {0x84, "engineIsNotRunning"},
    {0x85, "engineRunTimeTooLow"},
    {0x86, "temperatureTooHigh"},
    {0x87, "temperatureTooLow"},
    {0x88, "vehicleSpeedTooHigh"},
    {0x89, "vehicleSpeedTooLow"},
    {0x8A, "throttle/PedalTooHigh"},
    {0x8B, "throttle/PedalTooLow"},
    {0x8C, "transmissionRangeNotInNeutral"},
    {0x8D, "transmissionRangeNotInGear"},
    {0x8F, "brakeSwitch(es)NotClosed"},
    {0x90, "shifterLeverNotInPark"},
    {0x91, "torqueConverterClutchLocked"},
    {0x92, "voltageTooHigh"},
    {0x93, "voltageTooLow"},
    {0x94, "resourceTemporarilyNotAvailable"},
};

// ISO 14229-1 table 2, below 0x10 SAE J1979; ascending.
constexpr name_of service_names[] = {
    {0x01, "OBD current data"},
    {0x02, "OBD freeze frame data"},
    {0x03, "OBD emission-related DTCs"},
    {0x04, "OBD clear diagnostic information"},
    {0x05, "OBD oxygen sensor test results"},
    {0x06, "OBD on-board monitoring results"},
    {0x07, "OBD pending DTCs"},
    {0x08, "OBD control of on-board system"},
    {0x09, "OBD vehicle information"},
    {0x0A, "OBD permanent DTCs"},
    {0x10, "DiagnosticSessionControl"},
    {0x11, "ECUReset"},
    {0x14, "ClearDiagnosticInformation"},
    {0x19, "ReadDTCInformation"},
    {0x22, "ReadDataByIdentifier"},
    {0x23, "ReadMemoryByAddress"},
    {0x24, "ReadScalingDataByIdentifier"},
    {0x27, "SecurityAccess"},
    {0x28, "CommunicationControl"},
    {0x29, "Authentication"},
    {0x2A, "ReadDataByPeriodicIdentifier"},
    {0x2C, "DynamicallyDefineDataIdentifier"},
    {0x2E, "WriteDataByIdentifier"},
    {0x2F, "InputOutputControlByIdentifier"},
    {0x31, "RoutineControl"},
    {0x34, "RequestDownload"},
    {0x35, "RequestUpload"},
    {0x36, "TransferData"},
    {0x37, "RequestTransferExit"},
    {0x38, "RequestFileTransfer"},
    {0x3D, "WriteMemoryByAddress"},
    {0x3E, "TesterPresent"},
    {0x83, "AccessTimingParameter"},
    {0x84, "SecuredDataTransmission"},
    {0x85, "ControlDTCSetting"},
    {0x86, "ResponseOnEvent"},
    {0x87, "LinkControl"},
};

template <std::size_t Size>
std::string find_name(const name_of (&names)[Size], std::uint8_t code, std::string_view prefix) {
  for (const name_of& entry : names) {
    if (entry.code == code) return std::string{entry.name};
  }
  const std::array<std::uint8_t, 1> digits{code};
  return std::string{prefix} + to_hex(digits);
}

}  // namespace

std::string nrc_name(std::uint8_t code) { return find_name(nrc_names, code, "NRC 0x"); }

std::string service_name(std::uint8_t sid) { return find_name(service_names, sid, "SID 0x"); }

bytes negative(std::uint8_t sid, std::uint8_t nrc) { return {negative_response, sid, nrc}; }

bool is_response_pending(byte_view answer, std::uint8_t request_sid) {
  return answer.size() == 3 && answer[0] == negative_response && answer[1] == request_sid &&
         answer[2] == static_cast<std::uint8_t>(nrc::response_pending);
}

bool answers_request(byte_view answer, std::uint8_t request_sid) {
  if (answer.empty()) return false;
  if (answer[0] == negative_response) return answer.size() == 3 && answer[1] == request_sid;
  return answer[0] == static_cast<std::uint8_t>(request_sid + positive_offset);
}

}  // namespace canstage::uds

// Service identifiers and negative response codes of ISO 14229-1, with their names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/bytes.hpp"

namespace canstage::uds {

enum class sid : std::uint8_t {
  obd_current_data = 0x01,
  obd_freeze_frame_data = 0x02,
  obd_stored_dtcs = 0x03,
  obd_clear_dtcs = 0x04,
  obd_pending_dtcs = 0x07,
  obd_vehicle_information = 0x09,
  obd_permanent_dtcs = 0x0A,
  diagnostic_session_control = 0x10,
  ecu_reset = 0x11,
  clear_diagnostic_information = 0x14,
  read_dtc_information = 0x19,
  read_data_by_identifier = 0x22,
  read_memory_by_address = 0x23,
  read_scaling_data_by_identifier = 0x24,
  security_access = 0x27,
  communication_control = 0x28,
  authentication = 0x29,
  read_data_by_periodic_identifier = 0x2A,
  dynamically_define_data_identifier = 0x2C,
  write_data_by_identifier = 0x2E,
  input_output_control_by_identifier = 0x2F,
  routine_control = 0x31,
  request_download = 0x34,
  request_upload = 0x35,
  transfer_data = 0x36,
  request_transfer_exit = 0x37,
  request_file_transfer = 0x38,
  write_memory_by_address = 0x3D,
  tester_present = 0x3E,
  access_timing_parameter = 0x83,
  secured_data_transmission = 0x84,
  control_dtc_setting = 0x85,
  response_on_event = 0x86,
  link_control = 0x87,
};

inline constexpr std::uint8_t negative_response = 0x7F;
inline constexpr std::uint8_t positive_offset = 0x40;

/// suppressPosRspMsgIndicationBit: bit 7 of a sub-function.
inline constexpr std::uint8_t suppress_positive = 0x80;

enum class nrc : std::uint8_t {
  general_reject = 0x10,
  service_not_supported = 0x11,
  subfunction_not_supported = 0x12,
  incorrect_message_length = 0x13,
  response_too_long = 0x14,
  busy_repeat_request = 0x21,
  conditions_not_correct = 0x22,
  request_sequence_error = 0x24,
  failure_prevents_execution = 0x26,
  request_out_of_range = 0x31,
  security_access_denied = 0x33,
  authentication_required = 0x34,
  invalid_key = 0x35,
  exceeded_number_of_attempts = 0x36,
  required_time_delay_not_expired = 0x37,
  secured_data_verification_failed = 0x3A,
  ownership_verification_failed = 0x58,
  upload_download_not_accepted = 0x70,
  transfer_data_suspended = 0x71,
  general_programming_failure = 0x72,
  wrong_block_sequence_counter = 0x73,
  response_pending = 0x78,
  subfunction_not_supported_in_active_diagnostic_session = 0x7E,
  service_not_supported_in_active_diagnostic_session = 0x7F,
};

/// "requestOutOfRange"; "NRC 0xAB" for a code without a name here.
std::string nrc_name(std::uint8_t code);

/// "ReadDataByIdentifier"; "SID 0xAB" for one without a name here.
std::string service_name(std::uint8_t sid);

/// Not a response SID (bit 6), and not 0x7F, which has that bit, too (UDS-007).
constexpr bool is_request_sid(std::uint8_t value) { return (value & positive_offset) == 0; }

/// 7F SID NRC.
bytes negative(std::uint8_t sid, std::uint8_t nrc);

/// Whether `answer` is 7F `request_sid` 78.
bool is_response_pending(byte_view answer, std::uint8_t request_sid);

/// Whether `answer` answers a request with that SID at all (positive, or 7F with that SID).
bool answers_request(byte_view answer, std::uint8_t request_sid);

}  // namespace canstage::uds

// Service identifiers and negative response codes of ISO 14229-1, with their names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/bytes.hpp"

namespace canstage::uds {

enum class sid : std::uint8_t {
  diagnostic_session_control = 0x10,
  ecu_reset = 0x11,
  read_data_by_identifier = 0x22,
  write_data_by_identifier = 0x2E,
  tester_present = 0x3E,
};

inline constexpr std::uint8_t negative_response = 0x7F;
inline constexpr std::uint8_t positive_offset = 0x40;

/// suppressPosRspMsgIndicationBit: bit 7 of a sub-function.
inline constexpr std::uint8_t suppress_positive = 0x80;

enum class nrc : std::uint8_t {
  service_not_supported = 0x11,
  subfunction_not_supported = 0x12,
  incorrect_message_length = 0x13,
  response_too_long = 0x14,
  busy_repeat_request = 0x21,
  conditions_not_correct = 0x22,
  request_sequence_error = 0x24,
  request_out_of_range = 0x31,
  security_access_denied = 0x33,
  response_pending = 0x78,
  subfunction_not_supported_in_active_diagnostic_session = 0x7E,
  service_not_supported_in_active_diagnostic_session = 0x7F,
};

/// "requestOutOfRange"; "NRC 0xAB" for a code without a name here.
std::string nrc_name(std::uint8_t code);

/// "ReadDataByIdentifier"; "SID 0xAB" for one without a name here.
std::string service_name(std::uint8_t sid);

/// 7F SID NRC.
bytes negative(std::uint8_t sid, std::uint8_t nrc);

/// Whether `answer` is 7F `request_sid` 78.
bool is_response_pending(byte_view answer, std::uint8_t request_sid);

/// Whether `answer` answers a request with that SID at all (positive, or 7F with that SID).
bool answers_request(byte_view answer, std::uint8_t request_sid);

}  // namespace canstage::uds

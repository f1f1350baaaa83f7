// Where editions of ISO 14229-1, or ECUs, do not agree. The defaults are what is met most often.
#pragma once

#include "protocols/uds/service.hpp"

namespace canstage::uds {

/// What is left of the attempts at a key when the delay after too many is over.
enum class attempts_after_delay : std::uint8_t { one, all };

/// What a server answers to 84 with a request inside that it does not know: the wrapped 7F xx 11, or 7F
/// 84 11.
enum class secured_unknown : std::uint8_t { wrapped, plain };

struct compatibility {
  /// 10 with a diagnostic session that cannot be entered from the active one: 7E or 22.
  nrc unreachable_diagnostic_session = nrc::subfunction_not_supported_in_active_diagnostic_session;

  /// 27: a key during the delay, without a seed: 24 or 37.
  nrc key_during_delay = nrc::request_sequence_error;
  attempts_after_delay attempts = attempts_after_delay::one;
  /// 34, 35 and 38 while a transfer is under way: 22 or 70.
  nrc second_transfer = nrc::conditions_not_correct;
  /// 36: more data than was announced: 71 or 31.
  nrc too_much_data = nrc::transfer_data_suspended;
  secured_unknown unknown_in_secured = secured_unknown::wrapped;

  friend bool operator==(const compatibility&, const compatibility&) = default;
};

}  // namespace canstage::uds

// What a step expects of those who may answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/isotp/result.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/pattern.hpp"

namespace canstage::scenarios {

/// `pending:` what is expected of the 0x78 before the final answer.
struct pending_expectation {
  std::uint32_t at_least = 0;
  std::optional<std::uint32_t> at_most;
  std::optional<duration> first_within;  ///< from the end of the request to the begin of the first 0x78
  std::optional<duration> each_within;   ///< from the end of a 0x78 to the begin of the next reaction
};

/// What one ECU (or endpoint) has to do.
struct responder_expectation {
  enum class kind : std::uint8_t {
    reply,      ///< a final answer that fits `reply`
    nrc,        ///< 7F, the request's SID, `nrc_code`
    break_off,  ///< the request or an answer ends with `result`
    silence,    ///< nothing at all
    anything,   ///< whatever it does is right
  };

  kind what = kind::reply;
  uds::pattern reply;
  std::string in_words;  ///< what `reply` means, where it was written in words; empty: it was not
  std::uint8_t nrc_code = 0;
  isotp::n_result result = isotp::n_result::n_error;
  std::optional<duration> within;        ///< end of request to begin of the first reaction
  std::optional<duration> final_within;  ///< end of request to the end of the final answer
  std::optional<pending_expectation> pending;
};

struct named_expectation {
  std::uint32_t ecu = 0;  ///< index in scenario::ecus
  responder_expectation what;
};

struct functional_expectation {
  std::vector<named_expectation> ecus;          ///< in the order of the file
  std::optional<responder_expectation> others;  ///< every ECU of the bus that is not named
  std::vector<std::uint32_t> order;             ///< ECUs whose final answers have to begin in this order
};

}  // namespace canstage::scenarios

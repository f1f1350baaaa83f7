// What a simulated UDS server is made of: plain data, shared by all servers that are alike.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/pattern.hpp"

namespace canstage::uds {

inline constexpr std::uint8_t default_diagnostic_session = 0x01;
inline constexpr std::uint8_t programming_diagnostic_session = 0x02;
inline constexpr std::uint8_t extended_diagnostic_session = 0x03;

/// Server timing (ISO 14229-2). P2 and P2* are also what the 0x50 response reports.
struct server_timing {
  duration p2 = std::chrono::milliseconds{50};  ///< end of request to start of the first reaction
  duration p2_star = std::chrono::seconds{5};   ///< end of a 0x78 to start of the next reaction
  duration s3 = std::chrono::seconds{5};        ///< silence after which the default session returns
  friend bool operator==(const server_timing&, const server_timing&) = default;
};

/// A time, or a range from which every use draws anew.
struct time_range {
  duration low{0};
  duration high{0};
  friend bool operator==(const time_range&, const time_range&) = default;
};

struct data_record {
  std::uint16_t did = 0;
  bytes value;
  bool writable = false;
  /// The diagnostic session that 0x2E needs (0x22 is free); none: any.
  std::optional<std::uint8_t> write_needs_diagnostic_session;
};

/// What a rule does with a request that fits it. It only answers and changes no state.
struct rule {
  enum class kind : std::uint8_t { reply, nrc, silence };

  pattern request;
  kind action = kind::silence;
  reply_template reply;  ///< kind::reply: sent literally, whatever SPRMIB and addressing say; empty: silence
  std::uint8_t nrc_code = 0;        ///< kind::nrc: to a functional request 11, 12, 31, 7E and 7F are not sent
  std::optional<time_range> after;  ///< literal delay of the answer, also if that is too late
  std::optional<time_range> takes;  ///< working time: 0x78 goes out by itself before P2 and P2*
  std::uint32_t times = 0;          ///< fits so many times since power-on, then falls through; 0: always
};

struct server_config {
  server_timing timing;
  time_range response_time{};        ///< delay of every answer that no rule says otherwise for
  std::vector<rule> rules;           ///< looked at before the services, the first that fits wins
  std::vector<data_record> records;  ///< ascending by DID, no DID twice
  std::vector<std::uint8_t> diagnostic_sessions{1, 2, 3};  ///< sub-functions of 0x10, ascending
  std::uint32_t max_response = 4095;  ///< longest answer in bytes; a longer one becomes NRC 0x14

  /// Services with tables of their own are on with the table: 22 and 2E with `records`.
  bool has_records = false;
};

}  // namespace canstage::uds

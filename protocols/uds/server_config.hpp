// What a simulated UDS server is made of: plain data, shared by all servers that are alike. Each family
// of services has its part in its own header under services/.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/access.hpp"
#include "protocols/uds/compatibility.hpp"
#include "protocols/uds/pattern.hpp"
#include "protocols/uds/services/authentication.hpp"
#include "protocols/uds/services/communication.hpp"
#include "protocols/uds/services/data.hpp"
#include "protocols/uds/services/diagnostic_session.hpp"
#include "protocols/uds/services/dtcs.hpp"
#include "protocols/uds/services/dynamic_data.hpp"
#include "protocols/uds/services/events.hpp"
#include "protocols/uds/services/files.hpp"
#include "protocols/uds/services/io_control.hpp"
#include "protocols/uds/services/link.hpp"
#include "protocols/uds/services/memory.hpp"
#include "protocols/uds/services/obd.hpp"
#include "protocols/uds/services/periodic.hpp"
#include "protocols/uds/services/reset.hpp"
#include "protocols/uds/services/routine.hpp"
#include "protocols/uds/services/secured.hpp"
#include "protocols/uds/services/security.hpp"
#include "protocols/uds/services/transfer.hpp"
#include "protocols/uds/varying_time.hpp"

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

/// What a rule does with a request that fits it. It only answers and changes no state.
struct rule {
  enum class kind : std::uint8_t { reply, nrc, silence };

  pattern request;
  kind action = kind::silence;
  reply_template reply;  ///< kind::reply: sent literally, whatever SPRMIB and addressing say; empty: silence
  std::uint8_t nrc_code = 0;  ///< kind::nrc: to a functional request 11, 12, 31, 7E and 7F are not sent
  std::optional<varying_time> after;  ///< literal delay of the answer, also if that is too late
  std::optional<varying_time> takes;  ///< working time: 0x78 goes out by itself before P2 and P2*
  std::uint32_t times = 0;            ///< fits so many times since power-on, then falls through; 0: always
};

/// When 0x78 goes out while a request is worked on.
struct response_pending_config {
  std::optional<duration> first{};       ///< from the end of the request; none: 80 % of P2
  std::optional<duration> every{};       ///< from the end of a 0x78 to the next; none: 80 % of P2*
  std::optional<std::uint32_t> count{};  ///< exactly so many per request that outlasts P2; the answer waits
};

/// A second request while one is worked on or answered (UDS-103).
enum class when_busy : std::uint8_t { refuse, ignore };

/// Testers with addresses of their own at one ECU. The diagnostic session, the security level and everything
/// else are the ECU's in any case, whoever asked for them.
enum class several_testers : std::uint8_t {
  one_at_a_time,     ///< one protocol instance: what is worked on for one makes the ECU busy for all
  owner_of_session,  ///< likewise, and who did not start a non-default diagnostic session finds it busy
  independent,       ///< a protocol instance for each
};

/// What an ECU does with functional requests.
enum class functional_requests : std::uint8_t {
  answer,         ///< as the standard says
  ignore,         ///< it does not hear them
  answer_always,  ///< also with NRCs that must not be sent (a bad ECU)
};

/// What the whole of a service, or one sub-function of it, needs in this ECU.
struct service_restriction {
  std::uint8_t id = 0;
  std::optional<std::uint8_t> subfunction{};  ///< none: the service
  access needs{};
};

struct server_config {
  server_timing timing;
  varying_time response_time{};  ///< delay of every answer that no rule says otherwise for
  response_pending_config response_pending{};
  when_busy busy = when_busy::refuse;
  several_testers testers = several_testers::one_at_a_time;
  functional_requests functional = functional_requests::answer;
  std::vector<rule> rules;  ///< looked at before the services, the first that fits wins
  /// Sub-functions of 0x10, ascending.
  std::vector<diagnostic_session_config> diagnostic_sessions{{1}, {2}, {3}};
  std::uint32_t max_response = 4095;  ///< longest answer in bytes; a longer one becomes NRC 0x14
  compatibility compat{};

  // Which services there are: those of the tables below, with these differences.
  std::bitset<256> added;
  std::bitset<256> removed;
  std::vector<service_restriction> restrictions;

  reset_config reset{};
  data_config data{};
  memory_config memory{};
  security_config security{};
  communication_config communication{};
  authentication_config authentication{};
  routines_config routines{};
  transfer_config transfer{};
  file_config files{};
  access_timing_config access_timing{};
  secured_config secured{};
  link_config link{};
  dtc_table dtcs{};
  obd_config obd{};
  io_config io{};
  dynamic_data_config dynamic_data{};
  periodic_config periodic{};
  event_config events{};
};

}  // namespace canstage::uds

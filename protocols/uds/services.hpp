// What a server does with a request, apart from time: the checks of ISO 14229-1 in their order, and a
// table of services. A new service is a row of the table and a function.
//
// Order of the checks, the first that fails gives the NRC:
//   1. SID unknown                                     0x11
//   2. SID not in the active diagnostic session        0x7F
//   with sub-function:
//   3. shorter than 2                                  0x13
//   4. sub-function unknown                            0x12
//   5. sub-function not in this diagnostic session     0x7E
//   6. length other than the one the row gives         0x13
//   then the service's own, then
//   7. answer longer than `max_response`               0x14
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/uds/server_config.hpp"
#include "protocols/uds/service.hpp"

namespace canstage::uds {

/// A value that 0x2E wrote.
struct written_value {
  std::uint16_t did = 0;
  bytes value;
};

/// What services read and change. Small while nothing was written.
struct server_state {
  std::shared_ptr<const server_config> config;
  std::uint8_t diagnostic_session = default_diagnostic_session;
  std::vector<written_value> written{};  ///< ascending by DID; survives resets, as non-volatile memory does

  /// Any transition, through 0x10 or S3: what depends on the diagnostic session changes here. Written
  /// values stay.
  void enter(std::uint8_t next) { diagnostic_session = next; }

  /// Power-on: volatile things are forgotten.
  void power_on() { enter(default_diagnostic_session); }

  /// The record of a DID; null if there is none.
  const data_record* record(std::uint16_t did) const;

  /// What 0x22 gives for a record: written or as configured.
  byte_view value_of(const data_record& record) const;

  void write(std::uint16_t did, byte_view value);
};

/// What became of a request.
struct outcome {
  bytes answer;                              ///< as it would be sent if nothing suppressed it
  bool suppress_positive = false;            ///< SPRMIB was set; says nothing about negative answers
  std::optional<std::uint8_t> reset_type{};  ///< the ECU restarts after the answer

  /// The answer's NRC; none: a positive answer.
  std::optional<std::uint8_t> nrc_code() const {
    if (answer.size() != 3 || answer[0] != negative_response) return std::nullopt;
    return answer[2];
  }
};

/// A request that passed the checks above.
struct service_request {
  byte_view message;
  std::uint8_t subfunction = 0;  ///< without SPRMIB; 0 for services that have none
};

/// What a service's own function gives: the bytes after the positive SID (for a service with a
/// sub-function also without that echo), or an NRC.
struct service_result {
  std::optional<nrc> code;
  bytes data;
  std::optional<std::uint8_t> reset_type{};

  static service_result negative(nrc code) { return {code, {}}; }
  static service_result positive(bytes data = {}) { return {std::nullopt, std::move(data)}; }
};

enum class available_in : std::uint8_t { any_diagnostic_session, not_in_default };

/// One row of the table.
struct service {
  sid id;
  /// Whether this ECU has the service.
  bool (*present)(const server_config& config);
  available_in where = available_in::any_diagnostic_session;
  /// Nothing, 0x12 or 0x7E for a sub-function (without SPRMIB). Null: a service without sub-function.
  std::optional<nrc> (*check_subfunction)(const server_state& state, std::uint8_t value) = nullptr;
  /// Exact length of the whole request; 0: the service checks.
  std::size_t length = 0;
  service_result (*handle)(server_state& state, const service_request& request);
};

/// The services that canstage knows.
std::span<const service> all_services();

/// Checks and executes one request with a SID. `table` is `all_services()` but for tests.
outcome execute(server_state& state, byte_view request, std::span<const service> table = all_services());

/// Not sent to a functional request (ISO 14229-1 clause 7.5): 11, 12, 31, 7E and 7F, which every ECU that
/// is not meant would send.
bool is_suppressed_for_functional(std::uint8_t nrc_code);

}  // namespace canstage::uds

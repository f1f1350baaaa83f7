// One service: what is checked before it, and its function. Each family of services has a table of these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "protocols/bytes.hpp"
#include "protocols/isotp/parameters.hpp"
#include "protocols/random.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/service.hpp"
#include "protocols/uds/varying_time.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;

/// A request that passed the checks of the table.
struct service_request {
  byte_view message;
  std::uint8_t subfunction = 0;         ///< without SPRMIB; 0 for services that have none
  instant now{};                        ///< when it was received
  random_stream* randomness = nullptr;  ///< the ECU's own; never null in a function of the table
};

/// What a service's own function gives: the bytes after the positive SID (for a service with a
/// sub-function also without that echo), or an NRC.
struct service_result {
  std::optional<nrc> code;
  bytes data;
  std::optional<std::uint8_t> reset_type{};  ///< the ECU restarts after the answer
  std::optional<varying_time> takes{};       ///< working time: 0x78 goes out by itself
  bool silent = false;                       ///< as if SPRMIB were set

  static service_result negative(nrc code) { return {code, {}}; }
  static service_result silence() {
    service_result result;
    result.silent = true;
    return result;
  }
  static service_result positive(bytes data = {}) { return {std::nullopt, std::move(data)}; }
};

enum class available_in : std::uint8_t { any_diagnostic_session, not_in_default };

enum class subfunction_kind : std::uint8_t {
  none,
  checked,    ///< by the table, in the order of the standard
  own_order,  ///< by the service (0x31)
};

/// One row of the table.
struct service {
  sid id;
  /// Whether an ECU of which nothing else is said has the service.
  bool (*present)(const server_config& config);
  /// Where the ECU does not say otherwise.
  available_in where = available_in::any_diagnostic_session;
  subfunction_kind subfunction = subfunction_kind::none;
  /// Nothing, 0x12, 0x7E or what else comes before the length, for a sub-function without SPRMIB. There
  /// for `checked`.
  std::optional<nrc> (*check_subfunction)(const server_state& state, std::uint8_t value) = nullptr;
  /// Nothing or 0x24, before the length; null: nothing.
  std::optional<nrc> (*check_sequence)(const server_state& state, const service_request& request) = nullptr;
  /// Exact length of the whole request; 0: the service checks.
  std::size_t length = 0;
  /// The NRCs that the service's own function gives, in its order, for people (docs/uds.md).
  std::string_view order{};
  service_result (*handle)(server_state& state, const service_request& request);
};

}  // namespace canstage::uds

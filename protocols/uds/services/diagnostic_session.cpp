#include "protocols/uds/services/diagnostic_session.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

/// A time in units of `unit`, rounded up: what a server promises is never shorter than what it keeps.
/// Longer than the field can say becomes the field's largest value.
std::uint16_t in_units(duration time, duration unit) {
  constexpr std::uint16_t largest = 0xFFFF;
  if (time <= duration::zero()) return 0;
  const auto units = (time - duration{1}) / unit + 1;
  return units > largest ? largest : static_cast<std::uint16_t>(units);
}

bool always(const server_config&) { return true; }

// 0x10 DiagnosticSessionControl

std::optional<nrc> check_diagnostic_session(const server_state& state, std::uint8_t value) {
  const auto* wanted = find_diagnostic_session(*state.config, value);
  if (wanted == nullptr) return nrc::subfunction_not_supported;
  // UDS-005: the editions do not agree which of the two it is.
  if (!wanted->entry.in(state.diagnostic_session)) return state.config->compat.unreachable_diagnostic_session;
  return check_rights(state, wanted->entry);
}

service_result control_diagnostic_session(server_state& state, const service_request& request) {
  // Also re-entering the same diagnostic session is a transition (UDS-055).
  state.enter(request.subfunction, request.now);
  const server_timing timing = state.timing();
  bytes data;
  append_u16(data, in_units(timing.p2, std::chrono::milliseconds{1}));
  append_u16(data, in_units(timing.p2_star, std::chrono::milliseconds{10}));
  return service_result::positive(std::move(data));
}

// 0x3E TesterPresent

std::optional<nrc> check_zero(const server_state&, std::uint8_t value) {
  if (value == 0) return std::nullopt;
  return nrc::subfunction_not_supported;
}

service_result tester_present(server_state&, const service_request&) { return service_result::positive(); }

constexpr service rows[] = {
    {.id = sid::diagnostic_session_control,
     .present = always,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_diagnostic_session,
     .length = 2,
     .handle = control_diagnostic_session},
    {.id = sid::tester_present,
     .present = always,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_zero,
     .length = 2,
     .handle = tester_present},
};

}  // namespace

const diagnostic_session_config* find_diagnostic_session(const server_config& config, std::uint8_t id) {
  const auto& known = config.diagnostic_sessions;
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.id == id; });
  return found == known.end() ? nullptr : &*found;
}

std::span<const service> diagnostic_session_services() { return rows; }

}  // namespace canstage::uds

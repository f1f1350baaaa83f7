#include "protocols/uds/execute.hpp"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "protocols/uds/services/scaling.hpp"

namespace canstage::uds {

namespace {

const service_restriction* find_restriction(const server_config& config, sid id,
                                            std::optional<std::uint8_t> subfunction) {
  const auto& all = config.restrictions;
  const auto found = std::find_if(all.begin(), all.end(), [&](const service_restriction& one) {
    return one.id == static_cast<std::uint8_t>(id) && one.subfunction == subfunction;
  });
  return found == all.end() ? nullptr : &*found;
}

/// The checks 2 and 3.
std::optional<nrc> check_service(const service& row, const server_state& state) {
  const auto* restriction = find_restriction(*state.config, row.id, std::nullopt);
  const bool own_sessions = restriction != nullptr && restriction->needs.diagnostic_sessions.any();
  const bool available = own_sessions ? restriction->needs.in(state.diagnostic_session)
                                      : row.where == available_in::any_diagnostic_session ||
                                            state.diagnostic_session != default_diagnostic_session;
  if (!available) return nrc::service_not_supported_in_active_diagnostic_session;
  return restriction != nullptr ? check_rights(state, restriction->needs) : std::nullopt;
}

/// The checks 5 to 7.
std::optional<nrc> check_subfunction(const service& row, const server_state& state, std::uint8_t value) {
  const auto code = row.check_subfunction(state, value);
  if (code == nrc::subfunction_not_supported) return code;
  if (const auto* restriction = find_restriction(*state.config, row.id, value)) {
    if (!restriction->needs.in(state.diagnostic_session)) {
      return nrc::subfunction_not_supported_in_active_diagnostic_session;
    }
    if (!code) return check_rights(state, restriction->needs);
  }
  return code;
}

/// The checks 4 to 9.
std::optional<nrc> check_form(const service& row, const server_state& state, const service_request& request) {
  const std::size_t length = request.message.size();
  if (row.subfunction != subfunction_kind::none && length < 2) return nrc::incorrect_message_length;
  if (row.subfunction == subfunction_kind::checked) {
    if (const auto code = check_subfunction(row, state, request.subfunction)) return code;
  }
  if (row.check_sequence != nullptr) {
    if (const auto code = row.check_sequence(state, request)) return code;
  }
  if (row.length != 0 && length != row.length) return nrc::incorrect_message_length;
  return std::nullopt;
}

std::vector<service> join_tables() {
  std::vector<service> all;
  for (const auto table : {authentication_services(),
                           communication_services(),
                           data_services(),
                           diagnostic_session_services(),
                           dtc_services(),
                           dynamic_data_services(),
                           event_services(),
                           file_services(),
                           io_control_services(),
                           link_services(),
                           memory_services(),
                           obd_services(),
                           periodic_services(),
                           read_dtc_services(),
                           reset_services(),
                           routine_services(),
                           scaling_services(),
                           secured_services(),
                           security_services(),
                           transfer_services()}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  std::sort(all.begin(), all.end(), [](const service& a, const service& b) { return a.id < b.id; });
  return all;
}

}  // namespace

std::span<const service> all_services() {
  static const std::vector<service> all = join_tables();
  return all;
}

bool is_present(const service& row, const server_config& config) {
  const auto id = static_cast<std::uint8_t>(row.id);
  return !config.removed.test(id) && (config.added.test(id) || row.present(config));
}

outcome execute(server_state& state, byte_view request, instant now, random_stream& randomness,
                std::span<const service> table) {
  const std::uint8_t id = request[0];
  const auto refuse = [&](nrc code) { return outcome{negative(id, static_cast<std::uint8_t>(code))}; };

  const auto row = std::find_if(table.begin(), table.end(),
                                [&](const service& s) { return static_cast<std::uint8_t>(s.id) == id; });
  if (row == table.end() || !is_present(*row, *state.config)) return refuse(nrc::service_not_supported);
  if (const auto code = check_service(*row, state)) return refuse(*code);

  service_request checked{.message = request, .now = now, .randomness = &randomness};
  const bool with_subfunction = row->subfunction != subfunction_kind::none && request.size() > 1;
  if (with_subfunction) checked.subfunction = static_cast<std::uint8_t>(request[1] & ~suppress_positive);
  if (const auto code = check_form(*row, state, checked)) return refuse(*code);

  outcome result;
  result.answer = {static_cast<std::uint8_t>(id + positive_offset)};
  if (with_subfunction) {
    result.suppress_positive = (request[1] & suppress_positive) != 0;
    result.answer.push_back(checked.subfunction);
  }
  service_result found = row->handle(state, checked);
  result.takes = found.takes;
  if (found.code) {
    result.answer = negative(id, static_cast<std::uint8_t>(*found.code));
    return result;
  }
  result.answer.insert(result.answer.end(), found.data.begin(), found.data.end());
  if (result.answer.size() > state.config->max_response) return refuse(nrc::response_too_long);
  result.reset_type = found.reset_type;
  result.suppress_positive = result.suppress_positive || found.silent;
  return result;
}

bool is_suppressed_for_functional(std::uint8_t nrc_code) {
  switch (static_cast<nrc>(nrc_code)) {
    case nrc::service_not_supported:
    case nrc::subfunction_not_supported:
    case nrc::request_out_of_range:
    case nrc::subfunction_not_supported_in_active_diagnostic_session:
    case nrc::service_not_supported_in_active_diagnostic_session:
      return true;
    default:
      return false;
  }
}

}  // namespace canstage::uds

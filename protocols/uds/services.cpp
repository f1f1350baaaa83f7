#include "protocols/uds/services.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace canstage::uds {

namespace {

constexpr std::uint16_t active_diagnostic_session_did = 0xF186;
constexpr std::uint16_t largest_u16 = 0xFFFF;

std::uint16_t read_u16(byte_view data, std::size_t offset) {
  return static_cast<std::uint16_t>(data[offset] << 8 | data[offset + 1]);
}

void append_u16(bytes& data, std::uint16_t value) {
  data.push_back(static_cast<std::uint8_t>(value >> 8));
  data.push_back(static_cast<std::uint8_t>(value & 0xFF));
}

/// A time in units of `unit`, rounded up: what a server promises is never shorter than what it keeps.
/// Longer than the field can say becomes the field's largest value.
std::uint16_t in_units(duration time, duration unit) {
  if (time <= duration::zero()) return 0;
  const auto units = (time - duration{1}) / unit + 1;
  return units > largest_u16 ? largest_u16 : static_cast<std::uint16_t>(units);
}

bool always(const server_config&) { return true; }
bool with_records(const server_config& config) { return config.has_records; }

// 0x10 DiagnosticSessionControl

std::optional<nrc> check_diagnostic_session(const server_state& state, std::uint8_t value) {
  const auto& known = state.config->diagnostic_sessions;
  if (std::binary_search(known.begin(), known.end(), value)) return std::nullopt;
  return nrc::subfunction_not_supported;
}

service_result control_diagnostic_session(server_state& state, const service_request& request) {
  // Also re-entering the same diagnostic session is a transition (UDS-055).
  state.enter(request.subfunction);
  bytes data;
  append_u16(data, in_units(state.config->timing.p2, std::chrono::milliseconds{1}));
  append_u16(data, in_units(state.config->timing.p2_star, std::chrono::milliseconds{10}));
  return service_result::positive(std::move(data));
}

// 0x11 ECUReset

std::optional<nrc> check_reset_type(const server_state&, std::uint8_t value) {
  // hardReset, keyOffOnReset, softReset. Rapid power shutdown (04, 05) answers with a power-down time
  // that no table gives yet.
  if (value >= 0x01 && value <= 0x03) return std::nullopt;
  return nrc::subfunction_not_supported;
}

service_result reset_ecu(server_state&, const service_request& request) {
  service_result result = service_result::positive();
  result.reset_type = request.subfunction;
  return result;
}

// 0x22 ReadDataByIdentifier

service_result read_data(server_state& state, const service_request& request) {
  const byte_view message = request.message;
  if (message.size() < 3 || message.size() % 2 == 0) {
    return service_result::negative(nrc::incorrect_message_length);
  }
  bytes data;
  for (std::size_t offset = 1; offset < message.size(); offset += 2) {
    const std::uint16_t did = read_u16(message, offset);
    if (const data_record* record = state.record(did)) {
      const byte_view value = state.value_of(*record);
      append_u16(data, did);
      data.insert(data.end(), value.begin(), value.end());
    } else if (did == active_diagnostic_session_did) {
      append_u16(data, did);
      data.push_back(state.diagnostic_session);
    }
  }
  if (data.empty()) return service_result::negative(nrc::request_out_of_range);
  return service_result::positive(std::move(data));
}

// 0x2E WriteDataByIdentifier

bool may_write(const server_state& state, const data_record& record) {
  return record.writable && (!record.write_needs_diagnostic_session ||
                             *record.write_needs_diagnostic_session == state.diagnostic_session);
}

service_result write_data(server_state& state, const service_request& request) {
  constexpr std::size_t header = 3;
  const byte_view message = request.message;
  if (message.size() <= header) return service_result::negative(nrc::incorrect_message_length);
  const std::uint16_t did = read_u16(message, 1);
  const data_record* record = state.record(did);
  // A DID that cannot be written now is as good as unknown (UDS-049): both are 0x31.
  if (record == nullptr || !may_write(state, *record)) {
    return service_result::negative(nrc::request_out_of_range);
  }
  const byte_view value = message.subspan(header);
  if (value.size() != state.value_of(*record).size()) {
    return service_result::negative(nrc::incorrect_message_length);
  }
  state.write(did, value);
  bytes data;
  append_u16(data, did);
  return service_result::positive(std::move(data));
}

// 0x3E TesterPresent

std::optional<nrc> check_zero(const server_state&, std::uint8_t value) {
  if (value == 0) return std::nullopt;
  return nrc::subfunction_not_supported;
}

service_result tester_present(server_state&, const service_request&) { return service_result::positive(); }

constexpr service services[] = {
    {.id = sid::diagnostic_session_control,
     .present = always,
     .check_subfunction = check_diagnostic_session,
     .length = 2,
     .handle = control_diagnostic_session},
    {.id = sid::ecu_reset,
     .present = always,
     .check_subfunction = check_reset_type,
     .length = 2,
     .handle = reset_ecu},
    {.id = sid::read_data_by_identifier, .present = with_records, .handle = read_data},
    {.id = sid::write_data_by_identifier, .present = with_records, .handle = write_data},
    {.id = sid::tester_present,
     .present = always,
     .check_subfunction = check_zero,
     .length = 2,
     .handle = tester_present},
};

/// The checks 3 to 6.
std::optional<nrc> check_form(const service& row, const server_state& state, byte_view request) {
  if (row.check_subfunction != nullptr) {
    if (request.size() < 2) return nrc::incorrect_message_length;
    const auto value = static_cast<std::uint8_t>(request[1] & ~suppress_positive);
    if (const auto code = row.check_subfunction(state, value)) return code;
  }
  if (row.length != 0 && request.size() != row.length) return nrc::incorrect_message_length;
  return std::nullopt;
}

bool is_available(const service& row, const server_state& state) {
  return row.where == available_in::any_diagnostic_session ||
         state.diagnostic_session != default_diagnostic_session;
}

template <typename Records>
auto find_did(Records& records, std::uint16_t did) {
  return std::lower_bound(records.begin(), records.end(), did,
                          [](const auto& record, std::uint16_t wanted) { return record.did < wanted; });
}

}  // namespace

const data_record* server_state::record(std::uint16_t did) const {
  const auto found = find_did(config->records, did);
  return found != config->records.end() && found->did == did ? &*found : nullptr;
}

byte_view server_state::value_of(const data_record& record) const {
  const auto found = find_did(written, record.did);
  return found != written.end() && found->did == record.did ? byte_view{found->value}
                                                            : byte_view{record.value};
}

void server_state::write(std::uint16_t did, byte_view value) {
  auto found = find_did(written, did);
  if (found == written.end() || found->did != did) found = written.insert(found, {did, {}});
  found->value.assign(value.begin(), value.end());
}

std::span<const service> all_services() { return services; }

outcome execute(server_state& state, byte_view request, std::span<const service> table) {
  const std::uint8_t id = request[0];
  const auto refuse = [&](nrc code) { return outcome{negative(id, static_cast<std::uint8_t>(code))}; };

  const auto row = std::find_if(table.begin(), table.end(),
                                [&](const service& s) { return static_cast<std::uint8_t>(s.id) == id; });
  if (row == table.end() || !row->present(*state.config)) return refuse(nrc::service_not_supported);
  if (!is_available(*row, state)) return refuse(nrc::service_not_supported_in_active_diagnostic_session);
  if (const auto code = check_form(*row, state, request)) return refuse(*code);

  service_request checked{request};
  outcome result;
  result.answer = {static_cast<std::uint8_t>(id + positive_offset)};
  if (row->check_subfunction != nullptr) {
    checked.subfunction = static_cast<std::uint8_t>(request[1] & ~suppress_positive);
    result.suppress_positive = (request[1] & suppress_positive) != 0;
    result.answer.push_back(checked.subfunction);
  }
  service_result found = row->handle(state, checked);
  if (found.code) return refuse(*found.code);
  result.answer.insert(result.answer.end(), found.data.begin(), found.data.end());
  if (result.answer.size() > state.config->max_response) return refuse(nrc::response_too_long);
  result.reset_type = found.reset_type;
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

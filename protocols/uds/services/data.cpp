#include "protocols/uds/services/data.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/by_did.hpp"
#include "protocols/uds/services/dynamic_data.hpp"
#include "protocols/uds/services/io_control.hpp"
#include "protocols/uds/services/service_row.hpp"
#include "protocols/uds/services/shared_data.hpp"

namespace canstage::uds {

namespace {

constexpr std::uint16_t active_diagnostic_session_did = 0xF186;

bool with_records(const server_config& config) { return config.data.present; }

std::uint8_t state_byte(const server_state& state, data_source what) {
  switch (what) {
    case data_source::security_level:
      return state.security->unlocked;
    case data_source::authentication:
      return state.seldom->authentication->authenticated ? 1 : 0;
    case data_source::communication:
      return communication_bits(state);
    default:
      return state.diagnostic_session;
  }
}

/// 13 length, 31 none of the DIDs known here, 33 one of them locked; 14 comes with the answer.
service_result read_data(server_state& state, const service_request& request) {
  const byte_view message = request.message;
  if (message.size() < 3 || message.size() % 2 == 0) {
    return service_result::negative(nrc::incorrect_message_length);
  }
  bytes data;
  std::optional<nrc> locked;
  for (std::size_t offset = 1; offset < message.size(); offset += 2) {
    const std::uint16_t did = read_u16(message, offset);
    const auto refused = check_read(state, did);
    const auto value = refused == nrc::request_out_of_range ? std::nullopt : read_did(state, did);
    if (!value) continue;
    if (!locked) locked = refused;
    append_u16(data, did);
    append(data, *value);
  }
  if (data.empty()) return service_result::negative(nrc::request_out_of_range);
  if (locked) return service_result::negative(*locked);
  return service_result::positive(std::move(data));
}

service_result write_data(server_state& state, const service_request& request) {
  constexpr std::size_t header = 3;
  const byte_view message = request.message;
  if (message.size() <= header) return service_result::negative(nrc::incorrect_message_length);
  const std::uint16_t did = read_u16(message, 1);
  const data_record* record = find_record(*state.config, did);
  // A DID that cannot be written now is as good as unknown (UDS-049): both are 0x31.
  if (record == nullptr || !record->writable || !record->write.in(state.diagnostic_session)) {
    return service_result::negative(nrc::request_out_of_range);
  }
  if (const auto locked = check_rights(state, record->write)) return service_result::negative(*locked);
  const byte_view value = message.subspan(header);
  if (value.size() != value_of(state, *record).size()) {
    return service_result::negative(nrc::incorrect_message_length);
  }
  write_did(state, did, value);
  bytes data;
  append_u16(data, did);
  return service_result::positive(std::move(data));
}

constexpr service rows[] = {
    {.id = sid::read_data_by_identifier,
     .present = with_records,
     .order = "13 no whole DIDs, 31 none of them is known here, 34 or 33 one is locked, 14",
     .handle = read_data},
    {.id = sid::write_data_by_identifier,
     .present = with_records,
     .order =
         "13 shorter than 4, 31 unknown or not to be written here, 34 or 33 locked, 13 length of the value",
     .handle = write_data},
};

}  // namespace

const data_record* find_record(const server_config& config, std::uint16_t did) {
  return find_did(config.data.records, did);
}

byte_view value_of(const server_state& state, const data_record& record) {
  const auto* const written = find_did(state.data->written, record.did);
  return written != nullptr ? byte_view{written->value} : byte_view{record.value};
}

std::optional<bytes> read_did(const server_state& state, std::uint16_t did) {
  if (state.scripted) {
    if (auto computed = state.scripted->read_did(did, state.context())) return computed;
  }
  if (const data_record* record = find_record(*state.config, did)) {
    if (record->source != data_source::stored) return bytes{state_byte(state, record->source)};
    return with_control(state, did, value_of(state, *record));
  }
  if (auto value = read_dynamic(state, did)) return value;
  if (did == active_diagnostic_session_did) return bytes{state.diagnostic_session};
  return std::nullopt;
}

std::optional<nrc> check_read(const server_state& state, std::uint16_t did) {
  if (const dynamic_did* made = find_dynamic(state, did)) return check_sources(state, *made);
  const data_record* record = find_record(*state.config, did);
  if (record == nullptr)
    return read_did(state, did) ? std::nullopt : std::optional{nrc::request_out_of_range};
  if (!record->readable || !record->read.in(state.diagnostic_session)) return nrc::request_out_of_range;
  return check_rights(state, record->read);
}

void write_did(server_state& state, std::uint16_t did, byte_view value) {
  store_did(state, did, value);
  tell_owners(state, did, value);
}

void store_did(server_state& state, std::uint16_t did, byte_view value) {
  auto& written = find_or_insert_did(state.data.change().written, {did, {}});
  written.value.assign(value.begin(), value.end());
}

std::span<const service> data_services() { return rows; }

}  // namespace canstage::uds

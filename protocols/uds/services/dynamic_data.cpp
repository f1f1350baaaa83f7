#include "protocols/uds/services/dynamic_data.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/by_did.hpp"
#include "protocols/uds/services/data.hpp"
#include "protocols/uds/services/memory.hpp"
#include "protocols/uds/services/periodic.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

constexpr std::uint8_t define_by_identifier = 0x01;
constexpr std::uint8_t define_by_memory_address = 0x02;
constexpr std::uint8_t clear_definition = 0x03;
constexpr std::size_t header = 4;            // SID, sub-function, DDDID
constexpr std::size_t bytes_per_source = 4;  // DID, position, size

bool with_dynamic_data(const server_config& config) { return config.dynamic_data.present; }

service_result refuse(nrc code) { return service_result::negative(code); }

service_result echo(std::uint16_t did) {
  bytes data;
  append_u16(data, did);
  return service_result::positive(std::move(data));
}

bool may_be_defined(const server_state& state, std::uint16_t did) {
  return did >= first_dynamic_did && did <= last_dynamic_did && find_record(*state.config, did) == nullptr;
}

std::size_t size_of(const std::vector<dynamic_part>& parts) {
  std::size_t size = 0;
  for (const auto& part : parts) size += static_cast<std::size_t>(part.size);
  return size;
}

/// More of a definition: what there is stays in front (ISO 14229-1 clause 11.6).
service_result extend(server_state& state, std::uint16_t did, std::vector<dynamic_part> parts) {
  constexpr std::size_t answer_header = 3;
  const auto* known = find_dynamic(state, did);
  const std::size_t before = known != nullptr ? size_of(known->parts) : 0;
  if (before + size_of(parts) + answer_header > state.config->max_response)
    return refuse(nrc::request_out_of_range);
  // What is being sent cannot change its form meanwhile.
  if (is_sent_periodically(state, did)) return refuse(nrc::conditions_not_correct);
  auto& defined = state.seldom.change().dynamic_data.change().defined;
  auto& all = find_or_insert_did(defined, {did, {}}).parts;
  all.insert(all.end(), parts.begin(), parts.end());
  return echo(did);
}

/// 13 length, 31 identifiers and ranges, 33 locked sources.
service_result define_from_records(server_state& state, byte_view message) {
  if (message.size() < header + bytes_per_source || (message.size() - header) % bytes_per_source != 0)
    return refuse(nrc::incorrect_message_length);
  const std::uint16_t did = read_u16(message, 2);
  if (!may_be_defined(state, did)) return refuse(nrc::request_out_of_range);
  std::vector<dynamic_part> parts;
  std::optional<nrc> locked;
  for (std::size_t at = header; at < message.size(); at += bytes_per_source) {
    dynamic_part part{.did = read_u16(message, at), .position = message[at + 2], .size = message[at + 3]};
    const auto value = find_dynamic(state, part.did) == nullptr ? read_did(state, part.did) : std::nullopt;
    if (!value || part.position == 0 || part.size == 0 || part.position - 1 + part.size > value->size())
      return refuse(nrc::request_out_of_range);
    const auto refused = check_read(state, part.did);
    if (refused == nrc::request_out_of_range) return refuse(*refused);
    if (!locked) locked = refused;
    parts.push_back(part);
  }
  if (locked) return refuse(*locked);
  return extend(state, did, std::move(parts));
}

/// The memory that a part of a definition is of.
memory_range range_of(const dynamic_part& part) { return {part.address, part.size}; }

/// 31 ALFID, 13 length by ALFID, 31 identifier and ranges, 33 locked sources.
service_result define_from_memory(server_state& state, byte_view message) {
  if (message.size() <= header) return refuse(nrc::incorrect_message_length);
  memory_reference what;
  if (const auto code = parse_memory_reference(*state.config, message, header, what)) return refuse(*code);
  const std::size_t bytes_per_range = what.length - 1;  // the ALFID stands once, in front of all
  if ((message.size() - header - 1) % bytes_per_range != 0) return refuse(nrc::incorrect_message_length);
  const std::uint16_t did = read_u16(message, 2);
  if (!may_be_defined(state, did)) return refuse(nrc::request_out_of_range);
  const std::size_t address_bytes = message[header] & 0xF;
  std::vector<dynamic_part> parts;
  std::optional<nrc> locked;
  for (std::size_t at = header + 1; at < message.size(); at += bytes_per_range) {
    const dynamic_part part{
        .what = dynamic_part::source::memory,
        .address = read_number(message, at, address_bytes),
        .size = read_number(message, at + address_bytes, bytes_per_range - address_bytes)};
    // Longer than any answer: also what would not fit into a sum of sizes.
    if (part.size > state.config->max_response) return refuse(nrc::request_out_of_range);
    const auto refused = check_memory(state, range_of(part), &memory_area::read);
    if (refused == nrc::request_out_of_range) return refuse(*refused);
    if (!locked) locked = refused;
    parts.push_back(part);
  }
  if (locked) return refuse(*locked);
  return extend(state, did, std::move(parts));
}

service_result clear(server_state& state, byte_view message) {
  if (message.size() == 2) {
    for (const auto& one : state.seldom->dynamic_data->defined) stop_sending_periodically(state, one.did);
    state.seldom.change().dynamic_data.forget();
    return service_result::positive();
  }
  if (message.size() != header) return refuse(nrc::incorrect_message_length);
  const std::uint16_t did = read_u16(message, 2);
  if (find_dynamic(state, did) == nullptr) return refuse(nrc::request_out_of_range);
  stop_sending_periodically(state, did);
  auto& defined = state.seldom.change().dynamic_data.change().defined;
  defined.erase(place_of_did(defined, did));
  return echo(did);
}

bool has_readable_memory(const server_config& config) {
  const auto& areas = config.memory.areas;
  return std::any_of(areas.begin(), areas.end(), [](const memory_area& one) { return one.read.allowed; });
}

/// An ECU defines from what it has: records, and memory that can be read.
std::optional<nrc> check_definition(const server_state& state, std::uint8_t value) {
  const bool known = value == define_by_identifier || value == clear_definition ||
                     (value == define_by_memory_address && has_readable_memory(*state.config));
  return known ? std::nullopt : std::optional{nrc::subfunction_not_supported};
}

service_result define_dynamically(server_state& state, const service_request& request) {
  if (request.subfunction == clear_definition) return clear(state, request.message);
  if (request.subfunction == define_by_memory_address) return define_from_memory(state, request.message);
  return define_from_records(state, request.message);
}

constexpr service rows[] = {
    {.id = sid::dynamically_define_data_identifier,
     .present = with_dynamic_data,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_definition,
     .order = "13 length, 31 identifiers, ALFID or range, 34 or 33 a source is locked, 22 sent periodically",
     .handle = define_dynamically},
};

}  // namespace

const dynamic_did* find_dynamic(const server_state& state, std::uint16_t did) {
  return find_did(state.seldom->dynamic_data->defined, did);
}

std::optional<bytes> read_dynamic(const server_state& state, std::uint16_t did) {
  const dynamic_did* known = find_dynamic(state, did);
  if (known == nullptr) return std::nullopt;
  bytes result;
  for (const auto& part : known->parts) {
    if (part.what == dynamic_part::source::memory) {
      append(result, read_memory(state, range_of(part)));
      continue;
    }
    const auto value = read_did(state, part.did);
    const auto first = static_cast<std::size_t>(part.position - 1);
    if (!value || first + part.size > value->size()) return std::nullopt;
    append(result, byte_view{*value}.subspan(first, static_cast<std::size_t>(part.size)));
  }
  return result;
}

std::optional<nrc> check_sources(const server_state& state, const dynamic_did& made) {
  std::optional<nrc> locked;
  for (const auto& part : made.parts) {
    const auto refused = part.what == dynamic_part::source::memory
                             ? check_memory(state, range_of(part), &memory_area::read)
                             : check_read(state, part.did);
    if (refused == nrc::request_out_of_range) return refused;
    if (!locked) locked = refused;
  }
  return locked;
}

std::span<const service> dynamic_data_services() { return rows; }

}  // namespace canstage::uds

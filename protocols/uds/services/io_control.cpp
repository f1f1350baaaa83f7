#include "protocols/uds/services/io_control.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/by_did.hpp"
#include "protocols/uds/services/data.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

constexpr std::size_t header = 4;  // SID, DID, inputOutputControlParameter
constexpr std::size_t bits_per_byte = 8;
constexpr std::uint8_t highest_bit = 0x80;

bool with_io(const server_config& config) { return !config.io.records.empty(); }

const io_record* find_io(const server_config& config, std::uint16_t did) {
  return find_did(config.io.records, did);
}

/// Bytes of a controlEnableMask; 0 for a record with a single parameter.
std::size_t mask_size(const io_record& record) {
  const std::size_t count = record.parameters.size();
  return count > 1 ? (count + bits_per_byte - 1) / bits_per_byte : 0;
}

bool bit_at(byte_view data, std::size_t bit) {
  return (data[bit / bits_per_byte] & (highest_bit >> bit % bits_per_byte)) != 0;
}

/// The bits of the record that belong to the parameters that the request's mask names.
bytes selected_bits(const io_record& record, std::size_t size, byte_view enable) {
  if (enable.empty()) return bytes(size, 0xFF);
  bytes selected(size, 0);
  std::size_t bit = 0;
  for (std::size_t i = 0; i < record.parameters.size(); ++i) {
    for (std::size_t end = bit + record.parameters[i]; bit < end; ++bit) {
      if (!bit_at(enable, i)) continue;
      auto& place = selected[bit / bits_per_byte];
      place = static_cast<std::uint8_t>(place | highest_bit >> bit % bits_per_byte);
    }
  }
  return selected;
}

/// `below` where `mask` is 0, `above` where it is 1.
bytes merged(byte_view below, byte_view above, byte_view mask) {
  bytes result(below.begin(), below.end());
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = static_cast<std::uint8_t>((below[i] & ~mask[i]) | (above[i] & mask[i]));
  return result;
}

io_control& control_of(server_state& state, std::uint16_t did, std::size_t size) {
  return find_or_insert_did(state.seldom.change().io.change().controls,
                            {did, bytes(size, 0), bytes(size, 0)});
}

void release(server_state& state, std::uint16_t did, byte_view selected) {
  if (state.seldom->io.is_fresh()) return;
  auto& controls = state.seldom.change().io.change().controls;
  io_control* const held = find_did(controls, did);
  if (held == nullptr) return;
  for (std::size_t i = 0; i < held->mask.size(); ++i)
    held->mask[i] = static_cast<std::uint8_t>(held->mask[i] & ~selected[i]);
  const bool nothing_left =
      std::all_of(held->mask.begin(), held->mask.end(), [](std::uint8_t byte) { return byte == 0; });
  if (nothing_left) controls.erase(place_of_did(controls, did));
}

void force(server_state& state, std::uint16_t did, byte_view value, byte_view selected) {
  io_control& held = control_of(state, did, value.size());
  held.forced = merged(held.forced, value, selected);
  for (std::size_t i = 0; i < held.mask.size(); ++i)
    held.mask[i] = static_cast<std::uint8_t>(held.mask[i] | selected[i]);
}

/// 13 length, 31 DID, 31 parameter, 33 locked, 13 exact length.
service_result control_io(server_state& state, const service_request& request) {
  const byte_view message = request.message;
  if (message.size() < header) return service_result::negative(nrc::incorrect_message_length);
  const std::uint16_t did = read_u16(message, 1);
  const io_record* record = find_io(*state.config, did);
  if (record == nullptr || !record->needs.in(state.diagnostic_session)) {
    return service_result::negative(nrc::request_out_of_range);
  }
  const std::uint8_t option = message[header - 1];
  if (option >= io_option_count || !record->options.test(option)) {
    return service_result::negative(nrc::request_out_of_range);
  }
  if (const auto locked = check_rights(state, record->needs)) return service_result::negative(*locked);

  const bytes current = read_did(state, did).value_or(bytes{});
  const bool adjusts = static_cast<io_option>(option) == io_option::short_term_adjustment;
  const std::size_t value_size = adjusts ? current.size() : 0;
  if (message.size() != header + value_size + mask_size(*record)) {
    return service_result::negative(nrc::incorrect_message_length);
  }
  const byte_view value = message.subspan(header, value_size);
  const bytes selected = selected_bits(*record, current.size(), message.subspan(header + value_size));
  switch (static_cast<io_option>(option)) {
    case io_option::return_control_to_ecu:
      release(state, did, selected);
      break;
    case io_option::reset_to_default:
      force(state, did, record->reset_value, selected);
      break;
    case io_option::freeze_current_state:
      force(state, did, current, selected);
      break;
    case io_option::short_term_adjustment:
      force(state, did, value, selected);
      break;
  }
  bytes data;
  append_u16(data, did);
  data.push_back(option);
  append(data, read_did(state, did).value_or(bytes{}));
  return service_result::positive(std::move(data));
}

constexpr service rows[] = {
    {.id = sid::input_output_control_by_identifier,
     .present = with_io,
     .where = available_in::not_in_default,
     .order = "13 shorter than 4, 31 DID, 31 control parameter, 34 or 33 locked, 13 length of state and mask",
     .handle = control_io},
};

}  // namespace

bytes with_control(const server_state& state, std::uint16_t did, byte_view own) {
  const io_control* const held = find_did(state.seldom->io->controls, did);
  if (held == nullptr || held->mask.size() != own.size()) return {own.begin(), own.end()};
  return merged(own, held->forced, held->mask);
}

std::span<const service> io_control_services() { return rows; }

}  // namespace canstage::uds

#include "protocols/uds/services/transfer.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

using kind = transfer_state::kind;
constexpr std::size_t block_header = 2;  ///< SID and counter

bool any_area(const server_config& config, permission memory_area::*use) {
  const auto& areas = config.memory.areas;
  return std::any_of(areas.begin(), areas.end(), [&](const memory_area& one) { return (one.*use).allowed; });
}

bool with_download(const server_config& config) { return any_area(config, &memory_area::download); }
bool with_upload(const server_config& config) { return any_area(config, &memory_area::upload); }
bool with_transfer(const server_config& config) {
  return with_download(config) || with_upload(config) || config.files.present;
}

service_result begin_transfer(server_state& state, const service_request& request,
                              permission memory_area::*use, kind what) {
  const byte_view message = request.message;
  if (message.size() < 3) return service_result::negative(nrc::incorrect_message_length);
  if (!state.config->transfer.data_formats.test(message[1]))
    return service_result::negative(nrc::request_out_of_range);
  memory_reference where;
  if (const auto code = parse_memory_reference(*state.config, message, 2, where))
    return service_result::negative(*code);
  if (message.size() != 2 + where.length) return service_result::negative(nrc::incorrect_message_length);
  if (const auto code = check_memory(state, where.range, use)) return service_result::negative(*code);
  if (const auto code = check_no_transfer(state)) return service_result::negative(*code);
  auto& transfer = state.seldom.change().transfer.change();
  transfer = {};
  transfer.what = what;
  transfer.range = where.range;
  return service_result::positive(block_length_field(*state.config, true));
}

service_result request_download(server_state& state, const service_request& request) {
  return begin_transfer(state, request, &memory_area::download, kind::to_memory);
}

service_result request_upload(server_state& state, const service_request& request) {
  return begin_transfer(state, request, &memory_area::upload, kind::from_memory);
}

// 0x36 TransferData

bool is_download(const transfer_state& transfer) {
  return transfer.what == kind::to_memory || transfer.what == kind::to_file;
}

/// 72 if there is something that was not erased.
std::optional<nrc> store(server_state& state, transfer_state& transfer, byte_view data) {
  if (transfer.what == kind::to_file) {
    append_to_file(state, transfer.path, data);
    return std::nullopt;
  }
  const memory_range block{transfer.range.address + transfer.done, data.size()};
  const memory_area* area = find_area(*state.config, block);
  if (area->needs_erase) {
    const bytes before = read_memory(state, block);
    const bool erased =
        std::all_of(before.begin(), before.end(), [&](std::uint8_t b) { return b == area->fill; });
    if (!erased) return nrc::general_programming_failure;
  }
  write_memory(state, block.address, data);
  return std::nullopt;
}

bytes load(const server_state& state, const transfer_state& transfer, std::uint64_t offset) {
  const std::uint64_t most = state.config->transfer.max_block - block_header;
  const std::uint64_t count = std::min(most, transfer.range.size - offset);
  if (transfer.what == kind::from_memory) return read_memory(state, {transfer.range.address + offset, count});
  const auto begin = transfer.content.begin() + static_cast<std::ptrdiff_t>(offset);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

void next_block(transfer_state& transfer) {
  transfer.any_block = true;
  ++transfer.next_counter;  // FF is followed by 00
}

service_result take_block(server_state& state, transfer_state& transfer, bool repeated, byte_view message) {
  const byte_view data = message.subspan(block_header);
  if (data.empty() || message.size() > state.config->transfer.max_block)
    return service_result::negative(nrc::incorrect_message_length);
  service_result result = service_result::positive({message[1]});
  // A block that comes again was received, but its answer was lost: it is not stored twice.
  if (repeated) return result;
  if (data.size() > transfer.range.size - transfer.done)
    return service_result::negative(state.config->compat.too_much_data);
  if (const auto code = store(state, transfer, data)) return service_result::negative(*code);
  transfer.done += data.size();
  next_block(transfer);
  result.takes = state.config->transfer.block_takes;
  return result;
}

service_result give_block(server_state& state, transfer_state& transfer, bool repeated, byte_view message) {
  if (message.size() != block_header) return service_result::negative(nrc::incorrect_message_length);
  if (!repeated) {
    if (transfer.done == transfer.range.size) return service_result::negative(nrc::request_sequence_error);
    transfer.last_block = transfer.done;
  }
  bytes answer{message[1]};
  const bytes data = load(state, transfer, transfer.last_block);
  append(answer, data);
  if (!repeated) {
    transfer.done += data.size();
    next_block(transfer);
  }
  return service_result::positive(std::move(answer));
}

service_result transfer_data(server_state& state, const service_request& request) {
  if (request.message.size() < block_header) return service_result::negative(nrc::incorrect_message_length);
  if (state.seldom->transfer->what == kind::none)
    return service_result::negative(nrc::request_sequence_error);
  auto& transfer = state.seldom.change().transfer.change();
  const std::uint8_t counter = request.message[1];
  const bool repeated = transfer.any_block && counter == static_cast<std::uint8_t>(transfer.next_counter - 1);
  if (!repeated && counter != transfer.next_counter)
    return service_result::negative(nrc::wrong_block_sequence_counter);
  return is_download(transfer) ? take_block(state, transfer, repeated, request.message)
                               : give_block(state, transfer, repeated, request.message);
}

service_result exit_transfer(server_state& state, const service_request&) {
  const auto& transfer = state.seldom->transfer.get();
  if (transfer.what == kind::none || transfer.done != transfer.range.size) {
    return service_result::negative(nrc::request_sequence_error);
  }
  if (transfer.what == kind::to_memory) state.seldom.change().downloads.change().latest = transfer.range;
  state.seldom.change().transfer.forget();
  return service_result::positive();
}

constexpr service rows[] = {
    {.id = sid::request_download,
     .present = with_download,
     .where = available_in::not_in_default,
     .order = "13 length, 31 data format, ALFID or range, 34 or 33 locked, 22 another transfer",
     .handle = request_download},
    {.id = sid::request_upload,
     .present = with_upload,
     .where = available_in::not_in_default,
     .order = "13 length, 31 data format, ALFID or range, 34 or 33 locked, 22 another transfer",
     .handle = request_upload},
    {.id = sid::transfer_data,
     .present = with_transfer,
     .where = available_in::not_in_default,
     .order = "13 shorter than 2, 24 no transfer, 73 counter, 13 longer than announced, 71 more than "
              "announced, 72 not erased",
     .handle = transfer_data},
    {.id = sid::request_transfer_exit,
     .present = with_transfer,
     .where = available_in::not_in_default,
     .length = 1,
     .order = "24 no transfer, or not complete",
     .handle = exit_transfer},
};

}  // namespace

bytes block_length_field(const server_config& config, bool as_nibble) {
  const std::uint32_t most = config.transfer.max_block;
  const std::size_t size = most > 0xFF'FFFF ? 4 : most > 0xFFFF ? 3 : most > 0xFF ? 2 : 1;
  bytes field{static_cast<std::uint8_t>(as_nibble ? size << 4 : size)};
  append_number(field, most, size);
  return field;
}

std::optional<nrc> check_no_transfer(const server_state& state) {
  if (state.seldom->transfer->what == kind::none) return std::nullopt;
  return state.config->compat.second_transfer;
}

std::span<const service> transfer_services() { return rows; }

}  // namespace canstage::uds

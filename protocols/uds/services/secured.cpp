#include "protocols/uds/services/secured.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/execute.hpp"
#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

constexpr std::size_t header = 8;  ///< SID, administrativeParameter, calculation, length, anti-replay counter
constexpr std::size_t signature_length_offset = 4;

bool with_secured(const server_config& config) { return config.secured.present; }

/// The inner request. Nothing: the message is too short for what it says.
std::optional<byte_view> unwrap(byte_view message) {
  if (message.size() <= header) return std::nullopt;
  const std::size_t signature = read_u16(message, signature_length_offset);
  if (message.size() <= header + signature) return std::nullopt;
  return message.subspan(header, message.size() - header - signature);
}

bool is_signed(const secured_config& config, byte_view message, std::size_t inner) {
  if (!config.signature) return true;
  const bytes right = (*config.signature)(message.subspan(1, header - 1 + inner));
  const byte_view found = message.subspan(header + inner);
  return std::equal(found.begin(), found.end(), right.begin(), right.end());
}

/// The header of the request, now of an answer, and what it protects.
bytes wrap(const secured_config& config, byte_view request, const bytes& inner) {
  bytes data{request.begin() + 1, request.begin() + header};
  data[1] = static_cast<std::uint8_t>(data[1] & ~1U);  // no request any more
  const std::size_t signature = config.signature ? (*config.signature)({}).size() : 0;
  data[signature_length_offset - 1] = static_cast<std::uint8_t>(signature >> 8);
  data[signature_length_offset] = static_cast<std::uint8_t>(signature & 0xFF);
  append(data, inner);
  if (config.signature) append(data, (*config.signature)(data));
  return data;
}

service_result carry_out(server_state& state, byte_view inner, const service_request& request) {
  service_result result;
  outcome found;
  if (inner[0] == static_cast<std::uint8_t>(sid::secured_data_transmission)) {
    found.answer = negative(inner[0], static_cast<std::uint8_t>(nrc::service_not_supported));
  } else {
    found = execute(state, inner, request.now, *request.randomness);
  }
  const bool unknown = found.nrc_code() == static_cast<std::uint8_t>(nrc::service_not_supported);
  if (unknown && state.config->compat.unknown_in_secured == secured_unknown::plain) {
    return service_result::negative(nrc::service_not_supported);
  }
  result.silent = found.suppress_positive && !found.nrc_code();
  result.reset_type = found.reset_type;
  result.takes = found.takes;
  result.data = wrap(state.config->secured, request.message, found.answer);
  return result;
}

service_result transmit_secured(server_state& state, const service_request& request) {
  const auto& config = state.config->secured;
  if (request.message.size() < 2) return service_result::negative(nrc::incorrect_message_length);
  captures caught;
  for (const secured_pair& pair : config.pairs) {
    if (!pair.request.matches(request.message, &caught)) continue;
    const bytes reply = pair.reply.fill(request.message, caught);
    return service_result::positive(
        {reply.begin() + std::min<std::ptrdiff_t>(1, std::ssize(reply)), reply.end()});
  }
  if (!config.unwrap) return service_result::negative(nrc::request_out_of_range);
  const auto inner = unwrap(request.message);
  if (!inner) return service_result::negative(nrc::incorrect_message_length);
  if (!is_signed(config, request.message, inner->size())) {
    return service_result::negative(nrc::secured_data_verification_failed);
  }
  return carry_out(state, *inner, request);
}

constexpr service rows[] = {
    {.id = sid::secured_data_transmission,
     .present = with_secured,
     .where = available_in::not_in_default,
     .order = "13 length, 3A signature, then those of the request inside",
     .handle = transmit_secured},
};

}  // namespace

std::span<const service> secured_services() { return rows; }

}  // namespace canstage::uds

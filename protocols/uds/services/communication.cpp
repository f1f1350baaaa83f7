#include "protocols/uds/services/communication.hpp"

#include <algorithm>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

constexpr std::uint8_t first_enhanced = 0x04;
constexpr std::size_t length_plain = 3;
constexpr std::size_t length_enhanced = 5;

bool with_communication(const server_config& config) { return config.communication.present; }

std::optional<nrc> check_control_type(const server_state& state, std::uint8_t value) {
  const auto& config = state.config->communication;
  const bool known =
      value < first_enhanced ? config.subfunctions.test(value) : value <= 0x05 && !config.nodes.empty();
  if (known) return std::nullopt;
  return nrc::subfunction_not_supported;
}

communication_state::direction direction_of(std::uint8_t subfunction) {
  switch (subfunction) {
    case 0x01:
    case 0x04:
      return {.receives = true, .sends = false};
    case 0x02:
      return {.receives = false, .sends = true};
    case 0x03:
      return {.receives = false, .sends = false};
    default:
      return {};
  }
}

// After the sub-function: 13 length, 31 type, subnet or node.
service_result control_communication(server_state& state, const service_request& request) {
  const auto& config = state.config->communication;
  const bool enhanced = request.subfunction >= first_enhanced;
  if (request.message.size() != (enhanced ? length_enhanced : length_plain)) {
    return service_result::negative(nrc::incorrect_message_length);
  }
  const std::uint8_t type = request.message[2];
  const std::uint8_t messages = type & 0x03;
  const bool known = (type & 0x0C) == 0 && config.types.test(messages) && config.subnets.test(type >> 4);
  if (!known) return service_result::negative(nrc::request_out_of_range);
  if (enhanced) {
    const auto& nodes = config.nodes;
    if (std::find(nodes.begin(), nodes.end(), read_u16(request.message, 3)) == nodes.end()) {
      return service_result::negative(nrc::request_out_of_range);
    }
  }
  auto& communication = state.seldom.change().communication.change();
  if ((messages & 0x01) != 0) communication.normal = direction_of(request.subfunction);
  if ((messages & 0x02) != 0) communication.network_management = direction_of(request.subfunction);
  return service_result::positive();
}

constexpr service rows[] = {
    {.id = sid::communication_control,
     .present = with_communication,
     .where = available_in::not_in_default,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_control_type,
     .order = "13 length, 31 type, subnet or node",
     .handle = control_communication},
};

}  // namespace

std::uint8_t communication_bits(const server_state& state) {
  const auto bits = [](communication_state::direction d) {
    return (d.sends ? 1U : 0U) | (d.receives ? 2U : 0U);
  };
  return static_cast<std::uint8_t>(bits(state.seldom->communication->normal) |
                                   bits(state.seldom->communication->network_management) << 2);
}

std::span<const service> communication_services() { return rows; }

}  // namespace canstage::uds

#include "protocols/uds/services/reset.hpp"

#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

constexpr std::uint8_t enable_rapid_power_shutdown = 0x04;
constexpr std::uint8_t disable_rapid_power_shutdown = 0x05;

bool always(const server_config&) { return true; }

std::optional<nrc> check_reset_type(const server_state& state, std::uint8_t value) {
  if (state.config->reset.types.test(value)) return std::nullopt;
  return nrc::subfunction_not_supported;
}

service_result reset_ecu(server_state& state, const service_request& request) {
  if (request.subfunction == enable_rapid_power_shutdown) {
    state.seldom.change().reset.change().rapid_power_shutdown = true;
    return service_result::positive({state.config->reset.power_down_time});
  }
  if (request.subfunction == disable_rapid_power_shutdown) {
    state.seldom.change().reset.change().rapid_power_shutdown = false;
    return service_result::positive();
  }
  service_result result = service_result::positive();
  result.reset_type = request.subfunction;
  return result;
}

constexpr service rows[] = {
    {.id = sid::ecu_reset,
     .present = always,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_reset_type,
     .length = 2,
     .handle = reset_ecu},
};

}  // namespace

std::span<const service> reset_services() { return rows; }

}  // namespace canstage::uds

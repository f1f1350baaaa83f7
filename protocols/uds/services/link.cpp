#include "protocols/uds/services/link.hpp"

#include <chrono>
#include <utility>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

using namespace std::chrono_literals;

// 0x87 LinkControl

constexpr std::uint8_t verify_fixed = 0x01;
constexpr std::uint8_t verify_specific = 0x02;
constexpr std::uint8_t transition = 0x03;

bool with_link(const server_config& config) { return config.link.present; }

std::optional<nrc> check_link_control(const server_state& state, std::uint8_t value) {
  const auto& config = state.config->link;
  const bool known = (value == verify_fixed && config.fixed.any()) ||
                     (value == verify_specific && config.most_rate > 0) ||
                     (value == transition && config.present);
  if (known) return std::nullopt;
  return nrc::subfunction_not_supported;
}

std::optional<nrc> check_verified(const server_state& state, const service_request& request) {
  if (request.subfunction != transition || state.seldom->link->verified) return std::nullopt;
  return nrc::request_sequence_error;
}

/// The length of the request by its sub-function.
std::size_t link_control_length(std::uint8_t subfunction) {
  return subfunction == verify_fixed ? 3 : subfunction == verify_specific ? 5 : 2;
}

service_result control_link(server_state& state, const service_request& request) {
  if (request.message.size() != link_control_length(request.subfunction))
    return service_result::negative(nrc::incorrect_message_length);
  const auto& config = state.config->link;
  if (request.subfunction == transition) {
    auto& link = state.seldom.change().link.change();
    link.rate = link.next_rate;
    link.verified = false;
    return service_result::positive();
  }
  const bool fixed = request.subfunction == verify_fixed;
  const auto wanted = static_cast<std::uint32_t>(read_number(request.message, 2, fixed ? 1 : 3));
  const bool possible = fixed ? config.fixed.test(wanted) : wanted > 0 && wanted <= config.most_rate;
  if (!possible) return service_result::negative(nrc::request_out_of_range);
  auto& link = state.seldom.change().link.change();
  link.verified = true;
  link.next_rate = wanted;
  return service_result::positive();
}

// 0x83 AccessTimingParameter: the record is P2 in ms and P2* in 10 ms, as in the answer to 0x10.

constexpr std::uint8_t read_extended = 0x01;
constexpr std::uint8_t set_default = 0x02;
constexpr std::uint8_t read_active = 0x03;
constexpr std::uint8_t set_given = 0x04;
constexpr std::size_t record_length = 4;

bool with_access_timing(const server_config& config) { return config.access_timing.present; }

std::optional<nrc> check_access_type(const server_state&, std::uint8_t value) {
  if (value >= read_extended && value <= set_given) return std::nullopt;
  return nrc::subfunction_not_supported;
}

bytes timing_record(duration p2, duration p2_star) {
  bytes record;
  append_u16(record, static_cast<std::uint16_t>(p2 / 1ms));
  append_u16(record, static_cast<std::uint16_t>(p2_star / 10ms));
  return record;
}

service_result access_timing(server_state& state, const service_request& request) {
  const byte_view message = request.message;
  const std::size_t wanted = request.subfunction == set_given ? 2 + record_length : 2;
  if (message.size() != wanted) return service_result::negative(nrc::incorrect_message_length);
  const auto& fastest = state.config->access_timing;
  if (request.subfunction == read_extended)
    return service_result::positive(timing_record(fastest.p2, fastest.p2_star));
  if (request.subfunction == read_active) {
    const auto active = state.timing();
    return service_result::positive(timing_record(active.p2, active.p2_star));
  }
  if (request.subfunction == set_default) {
    state.seldom.change().access_timing.forget();
    return service_result::positive();
  }
  const duration p2 = read_u16(message, 2) * 1ms;
  const duration p2_star = read_u16(message, 4) * 10ms;
  if (p2 < fastest.p2 || p2_star < fastest.p2_star)
    return service_result::negative(nrc::request_out_of_range);
  state.seldom.change().access_timing.change() = {p2, p2_star};
  return service_result::positive();
}

constexpr service rows[] = {
    {.id = sid::access_timing_parameter,
     .present = with_access_timing,
     .where = available_in::not_in_default,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_access_type,
     .order = "13 length, 31 faster than possible",
     .handle = access_timing},
    {.id = sid::link_control,
     .present = with_link,
     .where = available_in::not_in_default,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_link_control,
     .check_sequence = check_verified,
     .order = "13 length, 31 bit rate",
     .handle = control_link},
};

}  // namespace

std::span<const service> link_services() { return rows; }

}  // namespace canstage::uds

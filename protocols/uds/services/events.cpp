#include "protocols/uds/services/events.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "protocols/uds/execute.hpp"
#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/data.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

constexpr std::uint8_t storage_bit = 0x40;
constexpr std::uint8_t positive_sid = 0xC6;
constexpr std::size_t header = 3;  // SID, eventType, eventWindowTime

// eventTypes that set nothing up.
constexpr std::uint8_t stop_response_on_event = 0x00;
constexpr std::uint8_t report_activated_events = 0x04;
constexpr std::uint8_t start_response_on_event = 0x05;
constexpr std::uint8_t clear_response_on_event = 0x06;

bool with_events(const server_config& config) { return config.events.present; }

std::uint8_t type_of(std::uint8_t subfunction) {
  return static_cast<std::uint8_t>(subfunction & ~storage_bit);
}

std::uint8_t code_of(const event_set_up& event) { return static_cast<std::uint8_t>(event.type); }

/// Bytes of the eventTypeRecord; nothing: the type sets nothing up.
std::optional<std::size_t> record_size(std::uint8_t type) {
  switch (static_cast<event_type>(type)) {
    case event_type::on_dtc_status_change:
      return 1;
    case event_type::on_change_of_data_identifier:
      return 2;
  }
  return std::nullopt;
}

bool is_known_window(const event_config& config, std::uint8_t code) {
  return code == infinite_event_window ||
         std::any_of(config.windows.begin(), config.windows.end(),
                     [&](const event_window& one) { return one.code == code; });
}

instant end_of_window(const event_config& config, std::uint8_t code, instant now) {
  for (const auto& one : config.windows)
    if (one.code == code) return now + one.time;
  return never;
}

/// Services that the standard recommends to respond with, as far as the ECU has them.
bool may_respond_with(const server_config& config, std::uint8_t id) {
  switch (static_cast<sid>(id)) {
    case sid::read_data_by_identifier:
    case sid::read_dtc_information:
    case sid::input_output_control_by_identifier:
    case sid::routine_control: {
      const auto services = all_services();
      return std::any_of(services.begin(), services.end(), [&](const service& row) {
        return static_cast<std::uint8_t>(row.id) == id && is_present(row, config);
      });
    }
    default:
      return false;
  }
}

/// eventType, numberOfIdentifiedEvents, eventWindowTime and the records, as set up.
void append_set_up(bytes& data, const event_set_up& event) {
  data.push_back(event.window);
  append(data, event.record);
  append(data, event.service);
}

/// 31 window, service and what is watched, 33 if that is locked.
std::optional<nrc> check_set_up(const server_state& state, const event_set_up& event) {
  if (!is_known_window(state.config->events, event.window) ||
      !may_respond_with(*state.config, event.service[0]))
    return nrc::request_out_of_range;
  if (event.type == event_type::on_change_of_data_identifier)
    return check_read(state, read_u16(event.record, 0));
  if (!state.config->dtcs.present) return nrc::request_out_of_range;
  return std::nullopt;
}

service_result set_up(server_state& state, const service_request& request) {
  const std::uint8_t type = type_of(request.subfunction);
  const std::size_t size = *record_size(type);
  const byte_view message = request.message;
  if (message.size() < header + size + 1) return service_result::negative(nrc::incorrect_message_length);
  event_set_up made;
  made.type = static_cast<event_type>(type);
  made.stored = (request.subfunction & storage_bit) != 0;
  made.window = message[2];
  made.tester = state.tester;
  const byte_view record = message.subspan(header, size);
  const byte_view service = message.subspan(header + size);
  made.record.assign(record.begin(), record.end());
  made.service.assign(service.begin(), service.end());
  if (const auto refused = check_set_up(state, made)) return service_result::negative(*refused);

  auto& all = state.seldom.change().events.change().set_ups;
  std::erase_if(all, [&](const event_set_up& one) {
    return one.type == made.type && one.record == made.record;  // it is set up anew
  });
  if (all.size() >= state.config->events.most) return service_result::negative(nrc::conditions_not_correct);
  bytes data{0};
  append_set_up(data, made);
  all.push_back(std::move(made));
  return service_result::positive(std::move(data));
}

service_result report_started(const server_state& state) {
  bytes data{0};
  for (const auto& one : state.seldom->events->set_ups) {
    if (!one.started) continue;
    ++data[0];
    data.push_back(code_of(one));
    append_set_up(data, one);
  }
  return service_result::positive(std::move(data));
}

void start(server_state& state, event_set_up& event, bool stored, instant now) {
  event.started = true;
  event.stored = event.stored || stored;
  event.happened = false;
  event.events = 0;
  event.ends = end_of_window(state.config->events, event.window, now);
  if (event.type == event_type::on_change_of_data_identifier)
    event.known_value = read_did(state, read_u16(event.record, 0)).value_or(bytes{});
}

/// Never without values that change by themselves.
instant next_sample(const server_state& state, instant now) {
  const auto& all = state.seldom->events->set_ups;
  const bool needed = state.scripted != nullptr && std::any_of(all.begin(), all.end(), [](const auto& one) {
                        return one.started && one.type == event_type::on_change_of_data_identifier;
                      });
  return needed ? now + state.config->events.sample : never;
}

void stop(event_set_up& event) {
  event.started = event.happened = false;
  event.ends = never;
}

service_result control(server_state& state, const service_request& request) {
  const std::uint8_t type = type_of(request.subfunction);
  auto& all = state.seldom.change().events.change().set_ups;
  if (type == start_response_on_event) {
    if (all.empty()) return service_result::negative(nrc::request_sequence_error);
    const bool stored = (request.subfunction & storage_bit) != 0;
    for (auto& one : all) start(state, one, stored, request.now);
    state.seldom.change().events.change().next_sample = next_sample(state, request.now);
  } else if (type == stop_response_on_event) {
    for (auto& one : all) stop(one);
  } else {
    all.clear();
  }
  return service_result::positive({0, request.message[2]});
}

std::optional<nrc> check_event_type(const server_state&, std::uint8_t value) {
  const std::uint8_t type = type_of(value);
  const bool controls = type == stop_response_on_event || type == start_response_on_event ||
                        type == clear_response_on_event || value == report_activated_events;
  if (controls || record_size(type)) return std::nullopt;
  return nrc::subfunction_not_supported;
}

service_result respond_on_event(server_state& state, const service_request& request) {
  if (record_size(type_of(request.subfunction))) return set_up(state, request);
  const byte_view message = request.message;
  if (message.size() != header) return service_result::negative(nrc::incorrect_message_length);
  if (request.subfunction == report_activated_events) return report_started(state);
  if (!is_known_window(state.config->events, message[2]))
    return service_result::negative(nrc::request_out_of_range);
  return control(state, request);
}

constexpr service rows[] = {
    {.id = sid::response_on_event,
     .present = with_events,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_event_type,
     .order = "13 length, 31 window, event or service, 34 or 33 locked, 24 nothing set up, 22 too many",
     .handle = respond_on_event},
};

void increment(std::uint8_t& count) {
  if (count != std::numeric_limits<std::uint8_t>::max()) ++count;
}

/// Whether there is something to tell about an event of that set-up now.
bool has_happened(const server_state& state, event_set_up& event) {
  if (event.type == event_type::on_dtc_status_change) return std::exchange(event.happened, false);
  bytes value = read_did(state, read_u16(event.record, 0)).value_or(bytes{});
  if (value == event.known_value) return false;
  event.known_value = std::move(value);
  return true;
}

}  // namespace

void on_dtc_change(server_state& state, const dtc_change& change) {
  if (state.seldom->events.is_fresh()) return;
  const auto changed =
      static_cast<std::uint8_t>((change.before ^ change.after) & state.config->dtcs.availability);
  for (auto& one : state.seldom.change().events.change().set_ups) {
    if (!one.started || one.type != event_type::on_dtc_status_change) continue;
    one.happened = one.happened || (changed & one.record[0]) != 0;
  }
}

void stop_events(server_state& state) {
  if (state.seldom->events.is_fresh()) return;
  for (auto& one : state.seldom.change().events.change().set_ups)
    if (!one.stored) stop(one);
}

void forget_events(server_state& state) {
  if (state.seldom->events.is_fresh()) return;
  std::erase_if(state.seldom.change().events.change().set_ups, [](const auto& one) { return !one.stored; });
}

instant event_deadline(const server_state& state) {
  instant next = never;
  for (const auto& one : state.seldom->events->set_ups) next = std::min(next, one.ends);
  return std::min(next, state.seldom->events->next_sample);
}

void pass_event_time(server_state& state, instant now) {
  if (event_deadline(state) > now) return;
  for (auto& one : state.seldom.change().events.change().set_ups) {
    if (one.ends > now) continue;
    stop(one);
    if (!state.config->events.last_answer) continue;
    bytes message{positive_sid, code_of(one), one.events};
    append_set_up(message, one);
    state.seldom.change().unrequested.change().announcements.push_back({one.tester, std::move(message)});
  }
  // Who hosts the server lets it answer events after every input, this one included.
  auto& events = state.seldom.change().events.change();
  if (events.next_sample <= now) events.next_sample = next_sample(state, now);
}

void answer_events(server_state& state, instant now, random_stream& randomness) {
  if (state.seldom->events.is_fresh()) return;
  // By place: what is executed may, as any service, change this list.
  for (std::size_t i = 0; i < state.seldom->events->set_ups.size(); ++i) {
    auto& one = state.seldom.change().events.change().set_ups[i];
    if (!one.started || !has_happened(state, one)) continue;
    increment(one.events);
    const bytes request = one.service;
    const auto tester = one.tester;
    outcome found = execute(state, request, now, randomness);
    if (!found.nrc_code() && !found.suppress_positive)
      state.seldom.change().unrequested.change().announcements.push_back({tester, std::move(found.answer)});
  }
}

std::span<const service> event_services() { return rows; }

}  // namespace canstage::uds

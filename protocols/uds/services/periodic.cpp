// The first message of an identifier comes one period after its request, the others a period after each
// other: what is late (a busy host, a busy bus) is left out and moves nothing.
#include "protocols/uds/services/periodic.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/data.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

enum class transmission_mode : std::uint8_t { slow = 0x01, medium = 0x02, fast = 0x03, stop = 0x04 };

constexpr std::uint8_t positive_sid = 0x6A;
constexpr std::size_t header = 2;              // SID, transmissionMode
constexpr std::size_t longest_frame_data = 7;  // behind the identifier, in a classic CAN frame

/// Messages that may wait for the bus; with more the ECU leaves some out, as one with so many buffers.
constexpr std::size_t most_unsent = 16;

bool with_periodic(const server_config& config) { return config.periodic.present; }

std::uint16_t did_of(std::uint8_t id) { return static_cast<std::uint16_t>(first_periodic_did | id); }

duration period_of(const periodic_config& config, std::uint8_t mode) {
  switch (static_cast<transmission_mode>(mode)) {
    case transmission_mode::slow:
      return config.slow;
    case transmission_mode::medium:
      return config.medium;
    default:
      return config.fast;
  }
}

/// Nothing: it is not there, or does not fit what carries it.
std::optional<bytes> value_to_send(const server_state& state, std::uint8_t id) {
  auto value = read_did(state, did_of(id));
  if (value && state.config->periodic.frame_id && value->size() > longest_frame_data) value.reset();
  return value;
}

service_result stop(server_state& state, byte_view ids) {
  if (ids.empty()) {
    state.seldom.change().periodic.forget();
    return service_result::positive();
  }
  const bool any_known = std::any_of(ids.begin(), ids.end(), [&](std::uint8_t id) {
    return is_sent_periodically(state, did_of(id)) || value_to_send(state, id).has_value();
  });
  if (!any_known) return service_result::negative(nrc::request_out_of_range);
  for (const std::uint8_t id : ids) stop_sending_periodically(state, did_of(id));
  return service_result::positive();
}

void start(server_state& state, std::uint8_t id, duration period, instant now) {
  auto& entries = state.seldom.change().periodic.change().entries;
  auto place = std::find_if(entries.begin(), entries.end(), [&](const auto& one) { return one.id == id; });
  if (place == entries.end()) place = entries.insert(place, periodic_entry{id});
  place->period = period;
  place->next = now + period;
  place->tester = state.tester;
}

/// 13 length, 31 mode, 31 none of the identifiers known, 33 one of them locked, 31 too many.
service_result read_periodically(server_state& state, const service_request& request) {
  const byte_view message = request.message;
  if (message.size() < header) return service_result::negative(nrc::incorrect_message_length);
  const std::uint8_t mode = message[1];
  if (mode < static_cast<std::uint8_t>(transmission_mode::slow) ||
      mode > static_cast<std::uint8_t>(transmission_mode::stop)) {
    return service_result::negative(nrc::request_out_of_range);
  }
  const byte_view ids = message.subspan(header);
  if (mode == static_cast<std::uint8_t>(transmission_mode::stop)) return stop(state, ids);
  if (ids.empty()) return service_result::negative(nrc::incorrect_message_length);

  std::vector<std::uint8_t> known;
  for (const std::uint8_t id : ids) {
    if (!value_to_send(state, id)) continue;
    const auto refused = check_read(state, did_of(id));
    if (refused == nrc::request_out_of_range) continue;
    if (refused) return service_result::negative(*refused);
    known.push_back(id);
  }
  const auto& running = state.seldom->periodic->entries;
  const auto added = static_cast<std::size_t>(std::count_if(
      known.begin(), known.end(), [&](std::uint8_t id) { return !is_sent_periodically(state, did_of(id)); }));
  if (known.empty() || running.size() + added > state.config->periodic.most)
    return service_result::negative(nrc::request_out_of_range);
  for (const std::uint8_t id : known) start(state, id, period_of(state.config->periodic, mode), request.now);
  return service_result::positive();
}

constexpr service rows[] = {
    {.id = sid::read_data_by_periodic_identifier,
     .present = with_periodic,
     .where = available_in::not_in_default,
     .order = "13 shorter than 2, 31 mode, 13 no identifiers, 34 or 33 one is locked, 31 none of them is "
              "known here, or too many",
     .handle = read_periodically},
};

void send(server_state& state, const periodic_entry& what) {
  const std::uint8_t id = what.id;
  if (state.seldom->unrequested->waiting() >= most_unsent) return;
  // Locked again since, or its definition is gone: nothing is sent, and it is not forgotten.
  const auto value = value_to_send(state, id);
  if (!value || check_read(state, did_of(id))) return;
  bytes message;
  const auto& frame_id = state.config->periodic.frame_id;
  if (!frame_id) message.push_back(positive_sid);
  message.push_back(id);
  append(message, *value);
  if (frame_id) {
    state.seldom.change().unrequested.change().frames.push_back({*frame_id, std::move(message)});
  } else {
    state.seldom.change().unrequested.change().announcements.push_back({what.tester, std::move(message)});
  }
}

}  // namespace

bool is_sent_periodically(const server_state& state, std::uint16_t did) {
  const auto& entries = state.seldom->periodic->entries;
  return std::any_of(entries.begin(), entries.end(), [&](const auto& one) { return did_of(one.id) == did; });
}

void stop_sending_periodically(server_state& state, std::uint16_t did) {
  if (state.seldom->periodic.is_fresh()) return;
  std::erase_if(state.seldom.change().periodic.change().entries,
                [&](const auto& one) { return did_of(one.id) == did; });
}

instant periodic_deadline(const server_state& state) {
  instant next = never;
  for (const auto& one : state.seldom->periodic->entries) next = std::min(next, one.next);
  return next;
}

void send_periodic(server_state& state, instant now) {
  if (state.seldom->periodic.is_fresh()) return;
  auto& entries = state.seldom.change().periodic.change().entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].next > now) continue;
    entries[i].next += ((now - entries[i].next) / entries[i].period + 1) * entries[i].period;
    send(state, entries[i]);
  }
}

std::span<const service> periodic_services() { return rows; }

}  // namespace canstage::uds

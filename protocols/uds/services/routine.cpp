#include "protocols/uds/services/routine.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

constexpr std::size_t header = 4;  ///< SID, sub-function and RID
constexpr std::uint8_t start_routine = 0x01;
constexpr std::uint8_t stop_routine = 0x02;
constexpr std::uint8_t request_results = 0x03;

bool with_routines(const server_config& config) { return config.routines.present; }

const routine_config* find_routine(const server_config& config, std::uint16_t id) {
  const auto& all = config.routines.routines;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

const routine_action* find_action(const routine_config& routine, std::uint8_t subfunction) {
  const auto* action = subfunction == start_routine     ? &routine.start
                       : subfunction == stop_routine    ? &routine.stop
                       : subfunction == request_results ? &routine.results
                                                        : nullptr;
  return action != nullptr && *action ? &**action : nullptr;
}

routine_state::run* find_run(server_state& state, std::uint16_t id) {
  if (state.routines.is_fresh()) return nullptr;
  auto& runs = state.routines.change().runs;
  const auto found = std::find_if(runs.begin(), runs.end(), [&](const auto& one) { return one.id == id; });
  return found == runs.end() ? nullptr : &*found;
}

/// 24: stop of what does not run, results of what was never started.
std::optional<nrc> check_order(server_state& state, const routine_config& routine,
                               const service_request& request) {
  const auto* run = find_run(state, routine.id);
  const bool running = run != nullptr && request.now < run->until;
  if (request.subfunction == stop_routine && !running) return nrc::request_sequence_error;
  if (request.subfunction == request_results && run == nullptr) return nrc::request_sequence_error;
  return std::nullopt;
}

/// 13 if no option record of this length fits, 31 if its content does not.
std::optional<nrc> check_options(const routine_action& action, byte_view options) {
  if (!action.options || action.options->matches(options)) return std::nullopt;
  const std::size_t length = action.options->length();
  const bool too_long = options.size() > length && !action.options->open_ended();
  return options.size() < length || too_long ? nrc::incorrect_message_length : nrc::request_out_of_range;
}

/// The range that an effect is about.
std::optional<memory_range> find_range(const server_state& state, const routine_effect& effect,
                                       byte_view options) {
  if (!effect.area.empty()) {
    const memory_area* area = find_area(*state.config, effect.area);
    if (area == nullptr) return std::nullopt;
    return memory_range{area->address, area->size};
  }
  if (effect.what == routine_effect::kind::checksum) {
    if (state.seldom->downloads->latest.size == 0) return std::nullopt;
    return state.seldom->downloads->latest;
  }
  memory_reference reference;
  if (parse_memory_reference(*state.config, options, 0, reference)) return std::nullopt;
  if (find_area(*state.config, reference.range) == nullptr || reference.range.size == 0) return std::nullopt;
  return reference.range;
}

/// With an option record of four bytes they are compared; without one the checksum is in the answer.
bytes compare_checksum(const server_state& state, const routine_config& routine, memory_range range,
                       const service_request& request) {
  const byte_view options = request.message.subspan(header);
  bytes checksum;
  append_number(checksum, crc32(read_memory(state, range)), 4);
  const bool compared = options.size() == checksum.size();
  if (compared && !std::equal(options.begin(), options.end(), checksum.begin())) {
    return routine.mismatch.fill(request.message, {});
  }
  bytes reply = routine.start->reply.fill(request.message, {});
  if (!compared) append(reply, checksum);
  return reply;
}

/// The reply to a start, or 31 (nothing) where its effect finds no memory.
std::optional<bytes> take_effect(server_state& state, const routine_config& routine,
                                 const service_request& request) {
  using kind = routine_effect::kind;
  if (routine.effect.what == kind::none) return routine.start->reply.fill(request.message, {});
  const auto range = find_range(state, routine.effect, request.message.subspan(header));
  if (!range) return std::nullopt;
  if (routine.effect.what == kind::checksum) return compare_checksum(state, routine, *range, request);
  erase_memory(state, *range);
  return routine.start->reply.fill(request.message, {});
}

void note_start(server_state& state, const routine_config& routine, instant now) {
  const instant until = routine.runs ? now + *routine.runs : routine.stop ? never : now;
  if (auto* run = find_run(state, routine.id)) {
    run->until = until;
  } else {
    state.routines.change().runs.push_back({routine.id, until});
  }
}

std::optional<bytes> carry_out(server_state& state, const routine_config& routine,
                               const routine_action& action, const service_request& request) {
  if (request.subfunction == start_routine) {
    auto reply = take_effect(state, routine, request);
    if (reply) note_start(state, routine, request.now);
    return reply;
  }
  auto* run = find_run(state, routine.id);
  if (request.subfunction == stop_routine) run->until = request.now;
  const bool running = request.now < run->until;
  const bool other_reply = request.subfunction == request_results && running && routine.results_while_running;
  return (other_reply ? *routine.results_while_running : action.reply).fill(request.message, {});
}

service_result control_routine(server_state& state, const service_request& request) {
  if (request.message.size() < header) return service_result::negative(nrc::incorrect_message_length);
  const routine_config* routine = find_routine(*state.config, read_u16(request.message, 2));
  if (routine == nullptr || !routine->needs.in(state.diagnostic_session)) {
    return service_result::negative(nrc::request_out_of_range);
  }
  if (const auto code = check_rights(state, routine->needs)) return service_result::negative(*code);
  const routine_action* action = find_action(*routine, request.subfunction);
  if (action == nullptr) return service_result::negative(nrc::subfunction_not_supported);
  const auto form = check_options(*action, request.message.subspan(header));
  if (form == nrc::incorrect_message_length) return service_result::negative(*form);
  if (const auto code = check_order(state, *routine, request)) return service_result::negative(*code);
  if (form) return service_result::negative(*form);
  service_result result;
  if (action->nrc_code) {
    result.code = static_cast<nrc>(*action->nrc_code);
  } else if (const auto reply = carry_out(state, *routine, *action, request)) {
    result.data.assign(request.message.begin() + 2, request.message.begin() + header);
    append(result.data, *reply);
  } else {
    return service_result::negative(nrc::request_out_of_range);
  }
  result.takes = action->takes;
  return result;
}

constexpr service rows[] = {
    {.id = sid::routine_control,
     .present = with_routines,
     .subfunction = subfunction_kind::own_order,
     .order = "13 shorter than 4, 31 RID, 34 or 33 locked, 12 not of this RID, 13 length of the options, 24 "
              "not running or never started, 31 content of the options",
     .handle = control_routine},
};

}  // namespace

std::uint32_t crc32(byte_view data) {
  std::uint32_t crc = 0xFFFF'FFFF;
  for (const std::uint8_t byte : data) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB8'8320 : 0);
  }
  return ~crc;
}

std::span<const service> routine_services() { return rows; }

}  // namespace canstage::uds

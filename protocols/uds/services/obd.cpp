#include "protocols/uds/services/obd.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/dtcs.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

constexpr std::uint8_t monitor_status_pid = 0x01;
constexpr std::uint8_t freeze_frame_dtc_pid = 0x02;
constexpr unsigned pids_per_range = 0x20;
constexpr std::size_t bitmap_size = 4;
constexpr std::size_t most_pids = 6;        // of one request
constexpr std::size_t most_frame_pids = 3;  // each with its frame number
constexpr std::uint8_t malfunction_indicator = 0x80;
constexpr unsigned most_counted_dtcs = 0x7F;

using has_id = std::function<bool(unsigned id)>;

bool with_obd(const server_config& config) { return config.obd.present; }

bool is_bitmap(std::uint8_t id) { return id % pids_per_range == 0; }

bool has_any_above(const has_id& has, unsigned id) {
  for (unsigned next = id + 1; next <= 0xFF; ++next)
    if (next % pids_per_range != 0 && has(next)) return true;
  return false;
}

/// The bitmap of identifiers `base + 1` to `base + 20`, the last of which says whether there is a next
/// range; empty: nothing there and above.
bytes bitmap(const has_id& has, unsigned base) {
  if (base != 0 && !has_any_above(has, base)) return {};
  std::uint32_t bits = 0;
  for (unsigned i = 1; i <= pids_per_range; ++i) {
    const unsigned id = base + i;
    const bool there = i == pids_per_range ? has_any_above(has, id) : has(id);
    bits = bits << 1 | (there ? 1U : 0U);
  }
  bytes data;
  append_number(data, bits, bitmap_size);
  return data;
}

const pid_value* find(const std::vector<pid_value>& values, unsigned pid) {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](const auto& one) { return one.pid == pid; });
  return found == values.end() ? nullptr : &*found;
}

service_result unsupported(const server_state& state) {
  return state.config->obd.refuses_unsupported ? service_result::negative(nrc::subfunction_not_supported)
                                               : service_result::silence();
}

// DTCs

/// Codes of emission-related DTCs, each once, in the order of the table.
template <class Chosen>
std::vector<std::uint16_t> codes(server_state& state, Chosen&& chosen) {
  std::vector<std::uint16_t> result;
  const dtc_table& table = state.config->dtcs;
  if (!table.present) return result;
  const dtc_memory& memory = primary_memory(state);
  for (std::size_t i = 0; i < table.dtcs.size(); ++i) {
    const auto index = static_cast<std::uint16_t>(i);
    if (table.dtcs[i].functional_group != emissions_group || !chosen(memory, index)) continue;
    const std::uint16_t code = code_of(table.dtcs[i].number);
    if (std::find(result.begin(), result.end(), code) == result.end()) result.push_back(code);
  }
  return result;
}

auto with_status(std::uint8_t bits) {
  return [bits](const dtc_memory& memory, std::uint16_t index) { return (memory.status(index) & bits) != 0; };
}

service_result list_codes(const std::vector<std::uint16_t>& found) {
  const std::size_t count = std::min<std::size_t>(found.size(), 0xFF);
  bytes data{static_cast<std::uint8_t>(count)};
  for (std::size_t i = 0; i < count; ++i) append_u16(data, found[i]);
  return service_result::positive(std::move(data));
}

service_result stored_dtcs(server_state& state, const service_request&) {
  return list_codes(codes(state, with_status(dtc_status::confirmed)));
}

service_result pending_dtcs(server_state& state, const service_request&) {
  return list_codes(codes(state, with_status(dtc_status::pending)));
}

service_result permanent_dtcs(server_state& state, const service_request&) {
  return list_codes(
      codes(state, [](const dtc_memory& memory, std::uint16_t index) { return memory.permanent(index); }));
}

service_result clear_codes(server_state& state, const service_request&) {
  const dtc_number emissions = functional_groups | emissions_group;
  if (state.config->dtcs.present) clear_dtcs(state, emissions);
  state.seldom.change().obd.change().frame.emplace();
  return service_result::positive();
}

// 01 current data

bytes monitor_status(server_state& state) {
  const auto confirmed = codes(state, with_status(dtc_status::confirmed));
  const bool lit = !codes(state, with_status(dtc_status::warning_indicator_requested)).empty();
  const auto count = std::min<std::size_t>(confirmed.size(), most_counted_dtcs);
  bytes data{static_cast<std::uint8_t>(count | (lit ? malfunction_indicator : 0))};
  append(data, state.config->obd.readiness);
  return data;
}

bytes current_value(server_state& state, std::uint8_t pid) {
  const auto has = [&](unsigned id) {
    return id == monitor_status_pid || find(state.config->obd.pids, id) != nullptr;
  };
  if (is_bitmap(pid)) return bitmap(has, pid);
  if (pid == monitor_status_pid) return monitor_status(state);
  const byte_view value = value_of_pid(state, pid);
  return {value.begin(), value.end()};
}

service_result current_data(server_state& state, const service_request& request) {
  const byte_view pids = request.message.subspan(1);
  if (pids.empty() || pids.size() > most_pids) return unsupported(state);
  bytes data;
  for (const std::uint8_t pid : pids) {
    const bytes value = current_value(state, pid);
    if (value.empty()) continue;
    data.push_back(pid);
    append(data, value);
  }
  return data.empty() ? unsupported(state) : service_result::positive(std::move(data));
}

// 02 freeze frame data

const std::optional<freeze_frame>& stored_frame(const server_state& state) {
  const auto& changed = state.seldom->obd->frame;
  return changed ? *changed : state.config->obd.first_frame;
}

bytes frame_value(const server_state& state, std::uint8_t pid) {
  const auto& frame = stored_frame(state);
  if (pid == freeze_frame_dtc_pid) {
    bytes data;
    append_u16(data, frame ? frame->code : 0);
    return data;
  }
  const auto has = [&](unsigned id) {
    return id == freeze_frame_dtc_pid || (frame && find(frame->values, id) != nullptr);
  };
  if (is_bitmap(pid)) return bitmap(has, pid);
  const pid_value* value = frame ? find(frame->values, pid) : nullptr;
  return value != nullptr ? value->value : bytes{};
}

service_result freeze_frame_data(server_state& state, const service_request& request) {
  constexpr std::size_t size = 2;  // PID, frame number
  const byte_view wanted = request.message.subspan(1);
  if (wanted.empty() || wanted.size() % size != 0 || wanted.size() > most_frame_pids * size)
    return unsupported(state);
  bytes data;
  for (std::size_t at = 0; at < wanted.size(); at += size) {
    const bytes value = wanted[at + 1] == 0 ? frame_value(state, wanted[at]) : bytes{};
    if (value.empty()) continue;
    append(data, wanted.subspan(at, size));
    append(data, value);
  }
  return data.empty() ? unsupported(state) : service_result::positive(std::move(data));
}

// 09 vehicle information

service_result vehicle_information(server_state& state, const service_request& request) {
  const auto& infos = state.config->obd.infos;
  const auto find_info = [&](unsigned id) {
    return std::find_if(infos.begin(), infos.end(), [&](const info_type& one) { return one.id == id; });
  };
  if (request.message.size() != 2) return unsupported(state);
  const std::uint8_t id = request.message[1];
  bytes data{id};
  if (is_bitmap(id)) {
    const bytes bits = bitmap([&](unsigned one) { return find_info(one) != infos.end(); }, id);
    if (bits.empty()) return unsupported(state);
    append(data, bits);
    return service_result::positive(std::move(data));
  }
  const auto found = find_info(id);
  if (found == infos.end()) return unsupported(state);
  data.push_back(static_cast<std::uint8_t>(found->items.size()));
  for (const bytes& item : found->items) append(data, item);
  return service_result::positive(std::move(data));
}

/// For services that take nothing: silence in place of 13.
template <service_result (*Handle)(server_state&, const service_request&)>
service_result alone(server_state& state, const service_request& request) {
  return request.message.size() == 1 ? Handle(state, request) : unsupported(state);
}

constexpr std::string_view what_is_unsupported = "silence, or 12, for what is not supported";

constexpr service rows[] = {
    {.id = sid::obd_current_data, .present = with_obd, .order = what_is_unsupported, .handle = current_data},
    {.id = sid::obd_freeze_frame_data,
     .present = with_obd,
     .order = what_is_unsupported,
     .handle = freeze_frame_data},
    {.id = sid::obd_stored_dtcs,
     .present = with_obd,
     .order = what_is_unsupported,
     .handle = alone<stored_dtcs>},
    {.id = sid::obd_clear_dtcs,
     .present = with_obd,
     .order = what_is_unsupported,
     .handle = alone<clear_codes>},
    {.id = sid::obd_pending_dtcs,
     .present = with_obd,
     .order = what_is_unsupported,
     .handle = alone<pending_dtcs>},
    {.id = sid::obd_vehicle_information,
     .present = with_obd,
     .order = what_is_unsupported,
     .handle = vehicle_information},
    {.id = sid::obd_permanent_dtcs,
     .present = with_obd,
     .order = what_is_unsupported,
     .handle = alone<permanent_dtcs>},
};

}  // namespace

byte_view value_of_pid(const server_state& state, std::uint8_t pid) {
  const pid_value* value = find(state.seldom->obd->set, pid);
  if (value == nullptr) value = find(state.config->obd.pids, pid);
  return value != nullptr ? byte_view{value->value} : byte_view{};
}

void set_pid(server_state& state, std::uint8_t pid, byte_view value) {
  auto& set = state.seldom.change().obd.change().set;
  auto place = std::lower_bound(set.begin(), set.end(), pid,
                                [](const pid_value& one, std::uint8_t wanted) { return one.pid < wanted; });
  if (place == set.end() || place->pid != pid) place = set.insert(place, {pid, {}});
  place->value.assign(value.begin(), value.end());
}

void keep_freeze_frame(server_state& state, const dtc_change& change) {
  const obd_config& config = state.config->obd;
  const dtc_config& dtc = state.config->dtcs.dtcs[change.index];
  if (!config.present || dtc.functional_group != emissions_group) return;
  const std::uint16_t code = code_of(dtc.number);
  const bool was_confirmed = (change.before & dtc_status::confirmed) != 0;
  const bool is_confirmed = (change.after & dtc_status::confirmed) != 0;
  const auto& frame = stored_frame(state);
  if (was_confirmed && !is_confirmed && frame && frame->code == code) {
    state.seldom.change().obd.change().frame.emplace();
  } else if (!was_confirmed && is_confirmed && !frame) {
    freeze_frame made{code, {}};
    for (const std::uint8_t pid : config.captured) {
      const byte_view value = value_of_pid(state, pid);
      made.values.push_back({pid, {value.begin(), value.end()}});
    }
    state.seldom.change().obd.change().frame.emplace(std::move(made));
  }
}

std::span<const service> obd_services() { return rows; }

}  // namespace canstage::uds

#include "protocols/uds/services/dtcs.hpp"

#include <algorithm>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/data.hpp"
#include "protocols/uds/services/events.hpp"
#include "protocols/uds/services/obd.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

constexpr std::uint8_t setting_on = 0x01;
constexpr std::uint8_t setting_off = 0x02;
constexpr std::size_t group_size = 3;

bool with_dtcs(const server_config& config) { return config.dtcs.present; }

dtc_number read_group(byte_view message, std::size_t offset) {
  return static_cast<dtc_number>(read_number(message, offset, group_size));
}

std::vector<dtc_memory>& memories(server_state& state) {
  auto& made = state.dtcs.change().memories;
  if (!made.empty()) return made;
  const dtc_table& table = state.config->dtcs;
  const std::size_t count = 1 + (table.mirror ? 1 : 0) + table.memories.size();
  made.assign(count, dtc_memory{table});
  return made;
}

std::size_t first_user_memory(const dtc_table& table) { return table.mirror ? 2 : 1; }

/// Which memory that is; nothing: none has this selection.
std::optional<std::size_t> place_of(const dtc_table& table, std::uint8_t selection) {
  const auto found = std::find_if(table.memories.begin(), table.memories.end(),
                                  [&](const user_memory& one) { return one.selection == selection; });
  if (found == table.memories.end()) return std::nullopt;
  return first_user_memory(table) + static_cast<std::size_t>(found - table.memories.begin());
}

bool is_off(const server_state& state, std::uint16_t index) {
  const auto& off = state.dtcs->off;
  return std::any_of(off.begin(), off.end(),
                     [&](dtc_number group) { return state.config->dtcs.in_group(index, group); });
}

/// What a status that changed in the primary memory means to others.
void tell(server_state& state, const dtc_change& change) {
  on_dtc_change(state, change);
  keep_freeze_frame(state, change);
}

/// The present values of DIDs, for snapshots.
dtc_memory::did_reader present_values(const server_state& state) {
  return [&state](std::uint16_t did) { return read_did(state, did).value_or(bytes{}); };
}

/// Does something to a DTC in every memory that has it.
template <class Act>
void in_all_memories(server_state& state, std::uint16_t index, Act&& act) {
  const dtc_table& table = state.config->dtcs;
  auto& all = memories(state);
  const std::size_t first_user = first_user_memory(table);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i >= first_user) {
      const auto& members = table.memories[i - first_user].members;
      if (!std::binary_search(members.begin(), members.end(), index)) continue;
    }
    const std::optional<dtc_change> change = act(all[i]);
    if (change && i == 0) tell(state, *change);
  }
}

// 0x14 ClearDiagnosticInformation

/// 13 length, 31 group or memory.
service_result clear_diagnostic_information(server_state& state, const service_request& request) {
  constexpr std::size_t without_selection = 1 + group_size;
  const byte_view message = request.message;
  const dtc_table& table = state.config->dtcs;
  const bool selects = message.size() == without_selection + 1 && !table.memories.empty();
  if (message.size() != without_selection && !selects) {
    return service_result::negative(nrc::incorrect_message_length);
  }
  const dtc_number group = read_group(message, 1);
  if (!table.knows_group(group)) return service_result::negative(nrc::request_out_of_range);
  if (!selects) {
    clear_dtcs(state, group);
    return service_result::positive();
  }
  const auto place = place_of(table, message[without_selection]);
  if (!place) return service_result::negative(nrc::request_out_of_range);
  memories(state)[*place].clear([&](std::uint16_t index) { return table.in_group(index, group); });
  return service_result::positive();
}

// 0x85 ControlDTCSetting

std::optional<nrc> check_setting(const server_state&, std::uint8_t value) {
  if (value == setting_on || value == setting_off) return std::nullopt;
  return nrc::subfunction_not_supported;
}

/// The record, if there is one, is a group: the setting of all others stays.
service_result control_dtc_setting(server_state& state, const service_request& request) {
  constexpr std::size_t header = 2;
  const byte_view message = request.message;
  if (message.size() != header && message.size() != header + group_size) {
    return service_result::negative(nrc::incorrect_message_length);
  }
  const dtc_number group = message.size() == header ? all_dtcs : read_group(message, header);
  if (!state.config->dtcs.knows_group(group)) return service_result::negative(nrc::request_out_of_range);
  auto& off = state.dtcs.change().off;
  if (group == all_dtcs) {
    off.clear();
  } else {
    std::erase(off, group);
  }
  if (request.subfunction == setting_off) off.push_back(group);
  return service_result::positive();
}

constexpr service rows[] = {
    {.id = sid::clear_diagnostic_information,
     .present = with_dtcs,
     .order = "13 length, 31 group or memory",
     .handle = clear_diagnostic_information},
    {.id = sid::control_dtc_setting,
     .present = with_dtcs,
     .where = available_in::not_in_default,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_setting,
     .order = "13 length, 31 group",
     .handle = control_dtc_setting},
};

}  // namespace

const dtc_memory& primary_memory(server_state& state) { return memories(state).front(); }

const dtc_memory* mirror_memory(server_state& state) {
  return state.config->dtcs.mirror ? &memories(state)[1] : nullptr;
}

const dtc_memory* selected_memory(server_state& state, std::uint8_t selection) {
  const auto place = place_of(state.config->dtcs, selection);
  return place ? &memories(state)[*place] : nullptr;
}

void test_dtc(server_state& state, std::uint16_t index, test_result result) {
  if (is_off(state, index)) return;
  const auto read = present_values(state);
  in_all_memories(state, index, [&](dtc_memory& memory) { return memory.test(index, result, read); });
}

void count_dtc(server_state& state, std::uint16_t index, std::int8_t counter) {
  if (is_off(state, index)) return;
  const auto read = present_values(state);
  in_all_memories(state, index, [&](dtc_memory& memory) { return memory.count(index, counter, read); });
}

void overwrite_dtc(server_state& state, std::uint16_t index, std::uint8_t status) {
  in_all_memories(state, index, [&](dtc_memory& memory) { return memory.overwrite(index, status); });
}

void begin_operation_cycle(server_state& state) {
  if (!state.config->dtcs.present) return;
  const auto frozen = [&](std::uint16_t index) { return is_off(state, index); };
  auto& all = memories(state);
  const auto changes = all.front().begin_operation_cycle(frozen);
  for (std::size_t i = 1; i < all.size(); ++i) all[i].begin_operation_cycle(frozen);
  for (const dtc_change& change : changes) tell(state, change);
}

void switch_dtcs_on(server_state& state) {
  if (!state.dtcs->off.empty()) state.dtcs.change().off.clear();
}

void clear_dtcs(server_state& state, dtc_number group) {
  const dtc_table& table = state.config->dtcs;
  const auto changes =
      memories(state).front().clear([&](std::uint16_t index) { return table.in_group(index, group); });
  for (const dtc_change& change : changes) tell(state, change);
}

void clear_mirror_memory(server_state& state) {
  if (!state.config->dtcs.mirror) return;
  memories(state)[1].clear([](std::uint16_t) { return true; });
}

std::span<const service> dtc_services() { return rows; }

}  // namespace canstage::uds

// 0x19 ReadDTCInformation: the table of its sub-functions.
#include <algorithm>

#include "protocols/uds/services/dtc_request.hpp"
#include "protocols/uds/services/dtcs.hpp"

namespace canstage::uds {

namespace {

using namespace dtc_reports;

enum class kept_in : std::uint8_t { primary, mirror, selected };

bool always(const dtc_table&) { return true; }
bool with_mirror(const dtc_table& table) { return table.mirror; }
bool with_memories(const dtc_table& table) { return !table.memories.empty(); }
bool with_emissions(const dtc_table& table) {
  return std::any_of(table.dtcs.begin(), table.dtcs.end(), is_emission_related);
}
bool with_groups(const dtc_table& table) {
  return std::any_of(table.dtcs.begin(), table.dtcs.end(),
                     [](const dtc_config& one) { return one.functional_group != 0; });
}
bool with_readiness(const dtc_table& table) {
  return std::any_of(table.dtcs.begin(), table.dtcs.end(),
                     [](const dtc_config& one) { return one.readiness_group != 0; });
}

struct row {
  std::uint8_t subfunction;
  std::size_t length;  ///< of the whole request
  bool (*has)(const dtc_table& table);
  report* read;
  kept_in where = kept_in::primary;  ///< selected: by the last byte of the request
};

constexpr row reports[] = {
    {0x01, 3, always, count_by_status},
    {0x02, 3, always, list_by_status},
    {0x03, 2, always, identify_snapshots},
    {0x04, 6, always, read_snapshots},
    {0x05, 3, always, read_stored_data},
    {0x06, 6, always, read_extended_data},
    {0x07, 4, always, count_by_severity},
    {0x08, 4, always, list_by_severity},
    {0x09, 5, always, read_severity},
    {0x0A, 2, always, list_supported},
    {0x0B, 2, always, list_first_failed},
    {0x0C, 2, always, list_first_confirmed},
    {0x0D, 2, always, list_most_recent_failed},
    {0x0E, 2, always, list_most_recent_confirmed},
    {0x0F, 3, with_mirror, list_by_status, kept_in::mirror},
    {0x10, 6, with_mirror, read_extended_data, kept_in::mirror},
    {0x11, 3, with_mirror, count_by_status, kept_in::mirror},
    {0x12, 3, with_emissions, count_emission_related},
    {0x13, 3, with_emissions, list_emission_related},
    {0x14, 2, always, list_prefailed},
    {0x15, 2, with_emissions, list_permanent},
    {0x16, 3, always, read_extended_data_of_all},
    {0x17, 4, with_memories, list_selected_by_status, kept_in::selected},
    {0x18, 7, with_memories, read_selected_snapshots, kept_in::selected},
    {0x19, 7, with_memories, read_selected_extended_data, kept_in::selected},
    {0x1A, 3, always, identify_extended_data},
    {0x42, 5, with_groups, list_of_group},
    {0x55, 3, with_groups, list_permanent_of_group},
    {0x56, 4, with_readiness, list_by_readiness},
};

const row* find_row(const dtc_table& table, std::uint8_t subfunction) {
  const auto& only = table.subfunctions;
  if (!only.empty() && !std::binary_search(only.begin(), only.end(), subfunction)) return nullptr;
  const auto found = std::find_if(std::begin(reports), std::end(reports),
                                  [&](const row& one) { return one.subfunction == subfunction; });
  return found != std::end(reports) && found->has(table) ? &*found : nullptr;
}

std::optional<nrc> check_report(const server_state& state, std::uint8_t value) {
  if (find_row(state.config->dtcs, value) != nullptr) return std::nullopt;
  return nrc::subfunction_not_supported;
}

const std::vector<std::uint16_t>& members_of(const dtc_table& table, std::uint8_t selection) {
  return std::find_if(table.memories.begin(), table.memories.end(),
                      [&](const user_memory& one) { return one.selection == selection; })
      ->members;
}

service_result read_dtc_information(server_state& state, const service_request& request) {
  const dtc_table& table = state.config->dtcs;
  const row& what = *find_row(table, request.subfunction);
  const byte_view message = request.message;
  if (message.size() != what.length) return service_result::negative(nrc::incorrect_message_length);
  switch (what.where) {
    case kept_in::primary:
      return what.read({table, message, primary_memory(state)});
    case kept_in::mirror:
      return what.read({table, message, *mirror_memory(state)});
    case kept_in::selected:
      break;
  }
  const std::uint8_t selection = message.back();
  const dtc_memory* selected = selected_memory(state, selection);
  if (selected == nullptr) return service_result::negative(nrc::request_out_of_range);
  return what.read({table, message, *selected, &members_of(table, selection)});
}

bool with_dtcs(const server_config& config) { return config.dtcs.present; }

constexpr service rows[] = {
    {.id = sid::read_dtc_information,
     .present = with_dtcs,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_report,
     .order = "13 length, 31 DTC, record, memory or group, 14",
     .handle = read_dtc_information},
};

}  // namespace

std::span<const service> read_dtc_services() { return rows; }

}  // namespace canstage::uds

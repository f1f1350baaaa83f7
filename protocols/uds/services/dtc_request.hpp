// One request of 0x19 on one memory, and what its sub-functions do with it. Private to the service.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "protocols/uds/dtc_memory.hpp"
#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

inline constexpr std::size_t dtc_size = 3;

/// A memory as one request sees it.
struct dtc_request {
  const dtc_table& table;
  byte_view message;
  const dtc_memory& memory;
  const std::vector<std::uint16_t>* members = nullptr;  ///< null: all of the table

  const dtc_config& dtc(std::uint16_t index) const { return table.dtcs[index]; }
  std::uint8_t parameter(std::size_t which) const { return message[2 + which]; }
  std::uint8_t status(std::uint16_t index) const {
    return static_cast<std::uint8_t>(memory.status(index) & table.availability);
  }
  bool has(std::uint16_t index) const {
    return members == nullptr || std::binary_search(members->begin(), members->end(), index);
  }

  template <class Act>
  void for_each(Act&& act) const {
    for (std::size_t i = 0; i < table.dtcs.size(); ++i)
      if (const auto index = static_cast<std::uint16_t>(i); has(index)) act(index);
  }

  /// The DTC that the request names at `which`; nothing if this memory has none of that number.
  std::optional<std::uint16_t> named(std::size_t which) const {
    const auto index = table.find(static_cast<dtc_number>(read_number(message, 2 + which, dtc_size)));
    return index && has(*index) ? index : std::nullopt;
  }
};

inline void append_dtc(bytes& data, const dtc_request& from, std::uint16_t index) {
  append_number(data, from.dtc(index).number, dtc_size);
  data.push_back(from.status(index));
}

inline bool is_emission_related(const dtc_config& dtc) { return dtc.functional_group == emissions_group; }

// Named after what they read; the numbers of the sub-functions are in the table of read_dtcs.cpp.
namespace dtc_reports {

using report = service_result(const dtc_request& from);

// dtc_lists.cpp
report count_by_status, list_by_status, list_selected_by_status, list_supported;
report count_emission_related, list_emission_related;
report count_by_severity, list_by_severity, read_severity;
report list_first_failed, list_first_confirmed, list_most_recent_failed, list_most_recent_confirmed;
report list_prefailed, list_permanent, list_of_group, list_permanent_of_group, list_by_readiness;

// dtc_records.cpp
report identify_snapshots, read_snapshots, read_selected_snapshots, read_stored_data;
report read_extended_data, read_selected_extended_data, read_extended_data_of_all, identify_extended_data;

}  // namespace dtc_reports

}  // namespace canstage::uds

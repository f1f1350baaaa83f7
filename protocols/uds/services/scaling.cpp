// 0x24 ReadScalingDataByIdentifier: the scaling bytes of a data record, as configured.
#include "protocols/uds/services/scaling.hpp"

#include <algorithm>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/data.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

bool with_scaling(const server_config& config) {
  const auto& records = config.data.records;
  return std::any_of(records.begin(), records.end(), [](const auto& one) { return !one.scaling.empty(); });
}

/// 31 unknown here or without scaling, 33 locked.
service_result read_scaling(server_state& state, const service_request& request) {
  const std::uint16_t did = read_u16(request.message, 1);
  const data_record* record = find_record(*state.config, did);
  if (record == nullptr || record->scaling.empty())
    return service_result::negative(nrc::request_out_of_range);
  if (const auto refused = check_read(state, did)) return service_result::negative(*refused);
  bytes data;
  append_u16(data, did);
  append(data, record->scaling);
  return service_result::positive(std::move(data));
}

constexpr service rows[] = {
    {.id = sid::read_scaling_data_by_identifier,
     .present = with_scaling,
     .length = 3,
     .order = "31 unknown here or without scaling, 34 or 33 locked",
     .handle = read_scaling},
};

}  // namespace

std::span<const service> scaling_services() { return rows; }

}  // namespace canstage::uds

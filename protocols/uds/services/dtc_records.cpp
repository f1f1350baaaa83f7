// 0x19: snapshots and extended data of DTCs. A DTC that is not stored has none.
#include "protocols/uds/services/dtc_request.hpp"

namespace canstage::uds::dtc_reports {

namespace {

constexpr std::uint8_t all_records = 0xFF;
constexpr std::uint8_t all_obd_records = 0xFE;
constexpr std::uint8_t first_obd_record = 0x90;
constexpr std::uint8_t last_obd_record = 0xEF;

service_result out_of_range() { return service_result::negative(nrc::request_out_of_range); }

bool is_wanted(std::uint8_t record, std::uint8_t wanted) {
  if (wanted == all_obd_records) return record >= first_obd_record && record <= last_obd_record;
  return wanted == all_records || wanted == record;
}

void append_values(bytes& data, const stored_snapshot& record) {
  data.push_back(static_cast<std::uint8_t>(record.values.size()));
  for (const auto& value : record.values) {
    append_u16(data, value.did);
    append(data, value.data);
  }
}

/// `data` is what comes before DTC and status.
service_result snapshots_of_one(const dtc_request& from, bytes data) {
  const auto index = from.named(0);
  if (!index) return out_of_range();
  const std::uint8_t wanted = from.parameter(dtc_size);
  append_dtc(data, from, *index);
  bool found = wanted == all_records;
  for (const auto& record : from.memory.snapshots(*index)) {
    if (wanted != all_records && wanted != record.number) continue;
    found = true;
    data.push_back(record.number);
    append_values(data, record);
  }
  if (!found && from.table.missing_record_is_out_of_range) return out_of_range();
  return service_result::positive(std::move(data));
}

service_result extended_data_of_one(const dtc_request& from, bytes data) {
  const auto index = from.named(0);
  if (!index) return out_of_range();
  const std::uint8_t wanted = from.parameter(dtc_size);
  append_dtc(data, from, *index);
  bool found = wanted == all_records || wanted == all_obd_records;
  for (const auto& record : from.dtc(*index).extended_data) {
    if (!is_wanted(record.number, wanted)) continue;
    const auto content = from.memory.extended_data(*index, record);
    if (!content) continue;
    found = true;
    data.push_back(record.number);
    append(data, *content);
  }
  if (!found && from.table.missing_record_is_out_of_range) return out_of_range();
  return service_result::positive(std::move(data));
}

template <class Record>
const Record* find_record(const std::vector<Record>& records, std::uint8_t number) {
  const auto found = std::find_if(records.begin(), records.end(),
                                  [&](const Record& record) { return record.number == number; });
  return found == records.end() ? nullptr : &*found;
}

/// Whether any DTC may ever have a record of that number.
template <class Records>
bool is_known(const dtc_request& from, Records dtc_config::*which, std::uint8_t number) {
  const auto& dtcs = from.table.dtcs;
  return std::any_of(dtcs.begin(), dtcs.end(),
                     [&](const dtc_config& one) { return find_record(one.*which, number) != nullptr; });
}

}  // namespace

service_result identify_snapshots(const dtc_request& from) {
  bytes data;
  from.for_each([&](std::uint16_t index) {
    for (const auto& record : from.memory.snapshots(index)) {
      append_number(data, from.dtc(index).number, dtc_size);
      data.push_back(record.number);
    }
  });
  return service_result::positive(std::move(data));
}

service_result read_snapshots(const dtc_request& from) { return snapshots_of_one(from, {}); }

service_result read_selected_snapshots(const dtc_request& from) {
  return snapshots_of_one(from, {from.message.back()});
}

service_result read_stored_data(const dtc_request& from) {
  const std::uint8_t wanted = from.parameter(0);
  if (wanted != all_records && !is_known(from, &dtc_config::snapshots, wanted)) return out_of_range();
  bytes data;
  from.for_each([&](std::uint16_t index) {
    for (const auto& record : from.memory.snapshots(index)) {
      if (wanted != all_records && wanted != record.number) continue;
      data.push_back(record.number);
      append_dtc(data, from, index);
      append_values(data, record);
    }
  });
  if (data.empty()) data.push_back(wanted);
  return service_result::positive(std::move(data));
}

service_result read_extended_data(const dtc_request& from) { return extended_data_of_one(from, {}); }

service_result read_selected_extended_data(const dtc_request& from) {
  return extended_data_of_one(from, {from.message.back()});
}

service_result read_extended_data_of_all(const dtc_request& from) {
  const std::uint8_t wanted = from.parameter(0);
  if (!is_known(from, &dtc_config::extended_data, wanted)) return out_of_range();
  bytes data{wanted};
  from.for_each([&](std::uint16_t index) {
    const auto* record = find_record(from.dtc(index).extended_data, wanted);
    if (record == nullptr) return;
    const auto content = from.memory.extended_data(index, *record);
    if (!content) return;
    append_dtc(data, from, index);
    append(data, *content);
  });
  return service_result::positive(std::move(data));
}

service_result identify_extended_data(const dtc_request& from) {
  const std::uint8_t wanted = from.parameter(0);
  if (!is_known(from, &dtc_config::extended_data, wanted)) return out_of_range();
  bytes data{from.table.availability, wanted};
  from.for_each([&](std::uint16_t index) {
    if (find_record(from.dtc(index).extended_data, wanted) != nullptr) append_dtc(data, from, index);
  });
  return service_result::positive(std::move(data));
}

}  // namespace canstage::uds::dtc_reports

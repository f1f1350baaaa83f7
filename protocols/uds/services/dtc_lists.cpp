// 0x19: lists and counts of DTCs. Where nothing is found the answer is its header.
#include "protocols/uds/services/dtc_request.hpp"

namespace canstage::uds::dtc_reports {

namespace {

using filter = std::function<bool(std::uint16_t index)>;

filter by_status(const dtc_request& from, std::uint8_t mask) {
  return [&from, mask](std::uint16_t index) { return (from.status(index) & mask) != 0; };
}

filter by_emission_status(const dtc_request& from) {
  return [&from, matches = by_status(from, from.parameter(0))](std::uint16_t index) {
    return is_emission_related(from.dtc(index)) && matches(index);
  };
}

filter by_severity(const dtc_request& from, std::uint8_t severities, std::uint8_t mask) {
  return [&from, severities, mask](std::uint16_t index) {
    return (from.dtc(index).severity & severities) != 0 && (from.status(index) & mask) != 0;
  };
}

filter in_functional_group(const dtc_request& from, std::uint8_t group) {
  return
      [&from, group](std::uint16_t index) { return group != 0 && from.dtc(index).functional_group == group; };
}

bool has_any(const dtc_request& from, const filter& chosen) {
  bool found = false;
  from.for_each([&](std::uint16_t index) { found = found || chosen(index); });
  return found;
}

service_result count(const dtc_request& from, const filter& chosen) {
  std::uint16_t found = 0;
  from.for_each(
      [&](std::uint16_t index) { found = static_cast<std::uint16_t>(found + (chosen(index) ? 1 : 0)); });
  bytes data{from.table.availability, from.table.format};
  append_u16(data, found);
  return service_result::positive(std::move(data));
}

/// What `data` begins with, then the DTCs.
service_result list_behind(bytes data, const dtc_request& from, const filter& chosen) {
  from.for_each([&](std::uint16_t index) {
    if (chosen(index)) append_dtc(data, from, index);
  });
  return service_result::positive(std::move(data));
}

service_result list(const dtc_request& from, const filter& chosen) {
  return list_behind({from.table.availability}, from, chosen);
}

service_result list_one(const dtc_request& from, std::optional<std::uint16_t> found) {
  return list(from, [&](std::uint16_t index) { return index == found; });
}

void append_severity(bytes& data, const dtc_request& from, std::uint16_t index) {
  data.push_back(from.dtc(index).severity);
  data.push_back(from.dtc(index).functional_unit);
  append_dtc(data, from, index);
}

}  // namespace

service_result count_by_status(const dtc_request& from) {
  return count(from, by_status(from, from.parameter(0)));
}

service_result list_by_status(const dtc_request& from) {
  return list(from, by_status(from, from.parameter(0)));
}

service_result list_selected_by_status(const dtc_request& from) {
  return list_behind({from.parameter(1), from.table.availability}, from, by_status(from, from.parameter(0)));
}

service_result list_supported(const dtc_request& from) {
  return list(from, [](std::uint16_t) { return true; });
}

service_result count_emission_related(const dtc_request& from) {
  return count(from, by_emission_status(from));
}

service_result list_emission_related(const dtc_request& from) { return list(from, by_emission_status(from)); }

service_result count_by_severity(const dtc_request& from) {
  return count(from, by_severity(from, from.parameter(0), from.parameter(1)));
}

service_result list_by_severity(const dtc_request& from) {
  const auto chosen = by_severity(from, from.parameter(0), from.parameter(1));
  bytes data{from.table.availability};
  from.for_each([&](std::uint16_t index) {
    if (chosen(index)) append_severity(data, from, index);
  });
  return service_result::positive(std::move(data));
}

service_result read_severity(const dtc_request& from) {
  const auto index = from.named(0);
  if (!index) return service_result::negative(nrc::request_out_of_range);
  bytes data{from.table.availability};
  append_severity(data, from, *index);
  return service_result::positive(std::move(data));
}

service_result list_first_failed(const dtc_request& from) {
  return list_one(from, from.memory.first_failed());
}
service_result list_first_confirmed(const dtc_request& from) {
  return list_one(from, from.memory.first_confirmed());
}
service_result list_most_recent_failed(const dtc_request& from) {
  return list_one(from, from.memory.most_recent_failed());
}
service_result list_most_recent_confirmed(const dtc_request& from) {
  return list_one(from, from.memory.most_recent_confirmed());
}

service_result list_prefailed(const dtc_request& from) {
  constexpr std::int8_t failed = 0x7F;
  bytes data;
  from.for_each([&](std::uint16_t index) {
    const std::int8_t counter = from.memory.fault_detection_counter(index);
    if (counter <= 0 || counter == failed) return;
    append_number(data, from.dtc(index).number, dtc_size);
    data.push_back(static_cast<std::uint8_t>(counter));
  });
  return service_result::positive(std::move(data));
}

service_result list_permanent(const dtc_request& from) {
  return list(from, [&](std::uint16_t index) { return from.memory.permanent(index); });
}

service_result list_of_group(const dtc_request& from) {
  const std::uint8_t group = from.parameter(0);
  const auto in_group = in_functional_group(from, group);
  if (!has_any(from, in_group)) return service_result::negative(nrc::request_out_of_range);
  const std::uint8_t severities = from.table.severities;
  const auto wanted = static_cast<std::uint8_t>(from.parameter(2) & severities);
  const auto matches = by_severity(from, wanted, from.parameter(1));
  bytes data{group, from.table.availability, severities, from.table.format};
  from.for_each([&](std::uint16_t index) {
    if (!in_group(index) || !matches(index)) return;
    data.push_back(static_cast<std::uint8_t>(from.dtc(index).severity & severities));
    append_dtc(data, from, index);
  });
  return service_result::positive(std::move(data));
}

service_result list_permanent_of_group(const dtc_request& from) {
  const std::uint8_t group = from.parameter(0);
  const auto in_group = in_functional_group(from, group);
  if (!has_any(from, in_group)) return service_result::negative(nrc::request_out_of_range);
  return list_behind({group, from.table.availability, from.table.format}, from,
                     [&](std::uint16_t index) { return in_group(index) && from.memory.permanent(index); });
}

service_result list_by_readiness(const dtc_request& from) {
  const std::uint8_t group = from.parameter(0);
  const std::uint8_t readiness = from.parameter(1);
  const auto chosen = [&, in_group = in_functional_group(from, group)](std::uint16_t index) {
    return in_group(index) && readiness != 0 && from.dtc(index).readiness_group == readiness;
  };
  if (!has_any(from, chosen)) return service_result::negative(nrc::request_out_of_range);
  return list_behind({group, from.table.availability, from.table.format, readiness}, from, chosen);
}

}  // namespace canstage::uds::dtc_reports

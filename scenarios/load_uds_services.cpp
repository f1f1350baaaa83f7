// `services:`: which services an ECU has beside those that its tables bring, and what they need.
#include <algorithm>

#include "fmt/format.h"
#include "protocols/uds/execute.hpp"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

const uds::service* find_service(std::uint32_t id) {
  for (const uds::service& row : uds::all_services()) {
    if (static_cast<std::uint32_t>(row.id) == id) return &row;
  }
  return nullptr;
}

void read_service_list(reader& in, const node& value, std::bitset<256>& out) {
  if (!in.want_list(value, "a list of SIDs like [\"3D\"]")) return;
  for (const node_ptr& item : value.items) {
    const auto id = in.hex_byte(*item);
    if (!id) continue;
    if (find_service(*id) == nullptr) {
      in.refuse_value(*item, "the SID of a service", "there is no service with that number");
    } else {
      out.set(*id);
    }
  }
}

/// "27", or "31 01" for a sub-function.
void read_restriction(reader& in, const map_entry& entry, uds::server_config& out) {
  text_error error;
  const auto key = parse_hex(entry.key, error);
  if (!key || key->empty() || key->size() > 2) {
    in.refuse(entry.where, fmt::format("a SID like 2E, or a SID and a sub-function like 10 02, found {}",
                                       shown(entry.key)));
    return;
  }
  uds::service_restriction made{.id = key->front()};
  if (key->size() == 2) made.subfunction = key->back();
  const uds::service* row = find_service(made.id);
  if (row == nullptr) {
    in.refuse(entry.where, fmt::format("there is no service {:02X}", made.id));
  } else if (made.subfunction && row->subfunction != uds::subfunction_kind::checked) {
    in.refuse(entry.where, fmt::format("{:02X} has no sub-functions that could need something", made.id));
  } else if (made.subfunction && (*made.subfunction & uds::suppress_positive) != 0) {
    in.refuse(entry.where,
              fmt::format("a sub-function is 00 to 7F; bit 7 of {:02X} is suppressPosRspMsgIndicationBit",
                          *made.subfunction));
  }
  read_access(in, *entry.value, made.needs);
  out.restrictions.push_back(made);
}

constexpr std::array services_fields = std::to_array<field<uds::server_config>>({
    {{"add", "list of hex byte", "Services that the ECU has though it has no table for them.", "[]"},
     [](reader& in, const node& value, uds::server_config& out) { read_service_list(in, value, out.added); }},
    {{"remove", "list of hex byte", "Services that the ECU has not.", "[]"},
     [](reader& in, const node& value, uds::server_config& out) {
       read_service_list(in, value, out.removed);
     }},
    {{"restrict", "<access> by SID", "What a service, or a sub-function of it, needs.", "{}"},
     [](reader& in, const node& value, uds::server_config& out) {
       if (refuse_no_map(in, value, "a map like { \"2E\": { security: \"01\" } }")) return;
       for (const map_entry& entry : value.entries) read_restriction(in, entry, out);
     }},
});

}  // namespace

void read_services(reader& in, const node& value, uds::server_config& out) {
  read_fields(in, value, value.where, "services", services_fields, out);
}

void describe_uds_services(std::vector<map_doc>& maps) {
  maps.push_back(describe("services", services_fields));
}

}  // namespace canstage::scenarios

// `gateways:`: ECUs that forward between the bus of a tester and that of other ECUs.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

struct gateway_draft {
  const node* bus = nullptr;
  const node* ecus = nullptr;
  uds::time_range delay{};
};

constexpr std::array gateway_fields = std::to_array<field<gateway_draft>>({
    {{"bus", "name", "The bus of the testers.", required},
     [](reader&, const node& value, gateway_draft& out) { out.bus = &value; }},
    {{"ecus", "list of name", "ECUs of one other bus, which testers on 'bus' reach through it.", required},
     [](reader&, const node& value, gateway_draft& out) { out.ecus = &value; }},
    {{"delay", "time | time range", "How long it has each frame before it sends it on.", "1ms"},
     [](reader& in, const node& value, gateway_draft& out) {
       out.delay = in.time_range(value).value_or(out.delay);
     }},
});

void add_identifier(std::vector<can::identifier>& into, can::identifier id) {
  if (std::find(into.begin(), into.end(), id) == into.end()) into.push_back(id);
}

void add_identifiers(gateway& made, const isotp::addressing& ids) {
  add_identifier(made.requests, ids.rx);
  if (ids.functional_rx) add_identifier(made.requests, *ids.functional_rx);
  add_identifier(made.responses, ids.tx);
}

/// An ECU on another bus than `near`, and on the same one as those before it.
void add_ecu(reader& in, const node& value, gateway& made) {
  const auto* found = find_participant(in, value, "an ECU");
  if (found == nullptr) return;
  if (found->what.what != party::kind::ecu) {
    in.refuse_value(value, "an ECU");
    return;
  }
  const ecu& who = in.names().play.ecus[found->what.index];
  if (!in.names().ecu_addresses[found->what.index]) return;
  if (who.bus == made.near) {
    in.refuse(value.where, fmt::format("'{}' is on the bus of the testers itself", who.name));
    return;
  }
  for (const gateway& other : in.names().play.gateways) {
    if (other.near != made.near || !std::count(other.ecus.begin(), other.ecus.end(), found->what.index))
      continue;
    in.refuse(value.where, fmt::format("'{}' is behind the gateway '{}' already", who.name, other.name));
    return;
  }
  if (std::count(made.ecus.begin(), made.ecus.end(), found->what.index) != 0) {
    in.refuse(value.where, fmt::format("'{}' is named twice", who.name));
    return;
  }
  if (!made.ecus.empty() && who.bus != made.far) {
    in.refuse(value.where, fmt::format("'{}' is on another bus than '{}'; a gateway connects two buses",
                                       who.name, in.names().play.ecus[made.ecus.front()].name));
    return;
  }
  made.far = who.bus;
  made.ecus.push_back(found->what.index);
  add_identifiers(made, who.address);
  for (const tester_addresses& own : who.testers) add_identifiers(made, own.ids);
  if (who.uds && who.uds->periodic.frame_id) add_identifier(made.responses, *who.uds->periodic.frame_id);
}

void read_gateway(reader& in, const map_entry& entry) {
  gateway_draft draft;
  draft.delay = {std::chrono::milliseconds{1}, std::chrono::milliseconds{1}};
  if (!read_fields(in, *entry.value, entry.where, "a gateway", gateway_fields, draft)) return;
  gateway made;
  made.name = in.names().prefix + entry.key;
  made.where = entry.where;
  made.delay = draft.delay;
  const auto near = read_bus(in, draft.bus, entry.where);
  if (!near) return;
  made.near = *near;
  const reader::scope inside{in, "ecus"};
  if (!in.want_list(*draft.ecus, "a list of ECUs")) return;
  for (const node_ptr& item : draft.ecus->items) add_ecu(in, *item, made);
  if (draft.ecus->items.empty()) in.refuse(draft.ecus->where, "a gateway without ECUs leads nowhere");
  if (!made.ecus.empty()) in.names().play.gateways.push_back(std::move(made));
}

}  // namespace

void load_gateways(reader& in, const node& gateways) {
  for (const map_entry& entry : gateways.entries) read_gateway(in, entry);
}

void describe_gateways(std::vector<map_doc>& maps) { maps.push_back(describe("gateway", gateway_fields)); }

}  // namespace canstage::scenarios

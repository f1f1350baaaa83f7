// `ecus:`.
#include "fmt/format.h"
#include "protocols/uds/server_events.hpp"
#include "scenarios/expand.hpp"
#include "scenarios/load_links.hpp"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

/// Nothing is read while going through the keys: equal parts of many ECUs are read once.
struct ecu_draft {
  bool real = false;
  std::optional<link> carrier;
};
void read_below(reader& /*in*/, const node& /*value*/, ecu_draft& /*out*/) {}

constexpr std::array ecu_fields = std::to_array<field<ecu_draft>>({
    {{"bus", "name", "The bus it is on.", "the only bus, where there is a single one"}, &read_below},
    {{"address", "<address>", "Its identifiers.", required}, &read_below},
    {{"testers", "<address> by name", "Its identifiers for single testers, who ask there and nowhere else.",
      "none: all testers ask at 'address'"},
     &read_below},
    {{"isotp", "<isotp>", "Parameters of its ISO-TP connection.", "{}"}, &read_below},
    {{"uds", "<uds>", "Its UDS server: services 10, 11 and 3E, and what is said here.", "{}"}, &read_below},
    {{"rules", "<rule> list", "Looked at before the services; the first rule that fits wins.", "[]"},
     &read_below},
    {{"script", "text | <script>", "Lua that decides before rules and tables.", "none"}, &read_below},
    {{"real", "true | false", "Whether it exists outside: it is asked, but not simulated.", "false"},
     [](reader& in, const node& value, ecu_draft& out) { out.real = in.truth(value).value_or(false); }},
    {{"link", "socketcan:INTERFACE | isotp:INTERFACE | socketcand:HOST:PORT/BUS | isotpserver:HOST:PORT",
      "What carries its connection, if not its bus.", "none"},
     [](reader& in, const node& value, ecu_draft& out) {
       out.carrier = read_link(in, value, link_use::connection);
     }},
    {{"like", "name", "Everything that is not said here is as with that ECU.", "none"}, &read_below},
});

/// `testers:`. An ECU hears a functional request once: it has no second functional address by itself.
std::vector<own_address> read_own_addresses(reader& in, const node& value) {
  std::vector<own_address> result;
  const reader::scope inside{in, "testers"};
  if (value.what != node::kind::map) {
    in.refuse_value(value, "a map like { onboard: { request: \"6E0\", response: \"6E8\" } }");
    return result;
  }
  if (value.entries.size() >= uds::most_testers)
    in.refuse(value.where,
              fmt::format("up to {} testers can have addresses of their own", uds::most_testers - 1));
  for (const map_entry& entry : value.entries) {
    if (const auto address = read_ecu_address(in, *entry.value, entry.where))
      result.push_back({in.names().prefix + entry.key, entry.where, *address});
  }
  return result;
}

void load_ecu(reader& in, const ecu_source& source) {
  load_context& names = in.names();
  const auto index = static_cast<std::uint32_t>(names.play.ecus.size());
  ecu made;
  made.name = names.prefix + source.name;
  made.where = source.where;
  std::optional<node_address> address;
  std::optional<bus_index> on;
  const auto part = [&](std::string_view key) {
    const node_ptr* value = source.tree ? source.tree->find(key) : nullptr;
    return value != nullptr ? *value : node_ptr{};
  };
  if (source.tree) {
    ecu_draft draft;
    read_fields(in, *source.tree, source.where, "an ECU", ecu_fields, draft);
    made.real = draft.real;
    made.carrier = std::move(draft.carrier);
    on = read_bus(in, part("bus").get(), source.where);
    if (const node_ptr value = part("address")) address = read_ecu_address(in, *value, value->where);
  }
  made.isotp = read_isotp(in, part("isotp"));
  if (on) check_frame_kind(in, part("isotp"), *made.isotp, *on);
  made.uds = read_server(in, part("uds"), part("rules"), part("isotp"), made.isotp->max_sdu);
  if (const node_ptr value = part("script")) made.script = read_script(in, *value);
  if (on) made.bus = *on;
  if (address) made.address = address->ids;
  std::vector<own_address> own;
  if (const node_ptr value = part("testers")) own = read_own_addresses(in, *value);
  for (const own_address& one : own) made.testers.push_back({one.tester, one.address.ids});
  if (!on) address.reset();
  add_participant(in, source.name, source.where, {party::kind::ecu, index});
  names.play.ecus.push_back(std::move(made));
  names.ecu_addresses.push_back(address);
  names.own_addresses.push_back(std::move(own));
}

}  // namespace

bool load_ecus(reader& in, const node& ecus) {
  return expand_ecus(ecus, in.problems(), [&](const ecu_source& source) { load_ecu(in, source); });
}

void describe_ecus(std::vector<map_doc>& maps) {
  maps.push_back(describe("ecu", ecu_fields));
  describe_script(maps);
}

}  // namespace canstage::scenarios

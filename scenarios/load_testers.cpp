// `testers:` and `endpoints:`.
#include <algorithm>
#include <tuple>

#include "fmt/format.h"
#include "scenarios/expand.hpp"
#include "scenarios/load_links.hpp"
#include "scenarios/load_procedures.hpp"

namespace canstage::scenarios {

namespace {

struct tester_draft {
  const node* bus = nullptr;
  const node* address = nullptr;
  const node* functional = nullptr;
  const node* listen_node = nullptr;
  std::optional<can::identifier> functional_id = can::identifier::standard(0x7DF);
  std::vector<answer_range> listen;
  std::optional<duration> p2;
  std::optional<duration> p2_star;
  const node* present_node = nullptr;
  std::optional<tester_present> present;
};

void read_listen(reader& in, const node& value, tester_draft& out) {
  out.listen_node = &value;
  if (!in.want_list(value, "a list of identifiers and ranges like 700-70F")) return;
  for (const node_ptr& item : value.items)
    if (const auto range = read_identifier_range(in, *item))
      out.listen.push_back({range->first, range->last});
}

/// The node of this key; read apart because it needs its name or the cache.
const node_ptr& part(const node& of, std::string_view key) {
  static const node_ptr nothing;
  const node_ptr* value = of.find(key);
  return value != nullptr ? *value : nothing;
}

constexpr std::array client_timing_fields = std::to_array<field<tester_draft>>({
    {{"p2", "time", "P2client: how long an answer to a physical request may take to begin.", "1s"},
     [](reader& in, const node& value, tester_draft& out) { out.p2 = in.time_above_zero(value); }},
    {{"p2_star", "time", "P2*client: how long after a 0x78 the next reaction may take to begin.",
      "P2* of the ECU"},
     [](reader& in, const node& value, tester_draft& out) { out.p2_star = in.time_above_zero(value); }},
});

constexpr std::array tester_fields = std::to_array<field<tester_draft>>({
    {{"bus", "name", "The bus it is on.", "the only bus, where there is a single one"},
     [](reader&, const node& value, tester_draft& out) { out.bus = &value; }},
    {{"functional", "hex identifier", "Normal addressing: where functional requests are sent.", "7DF"},
     [](reader& in, const node& value, tester_draft& out) {
       out.functional = &value;
       out.functional_id = in.identifier(value);
     }},
    {{"address", "<tester address>", "The other address formats, in place of 'functional'.", "none"},
     [](reader&, const node& value, tester_draft& out) { out.address = &value; }},
    {{"isotp", "<isotp>", "Parameters of its ISO-TP connections.", "{}"},
     [](reader&, const node&, tester_draft&) {}},
    {{"timing", "<tester timing>", "How long it waits.", "{}"},
     [](reader& in, const node& value, tester_draft& out) {
       read_fields(in, value, value.where, "timing", client_timing_fields, out);
     }},
    {{"tester_present", "<tester_present>", "TesterPresent in the background, all the time.", "none"},
     [](reader& in, const node& value, tester_draft& out) {
       out.present_node = &value;
       out.present = read_tester_present(in, value);
     }},
    {{"listen", "list of (hex identifier | identifier range)",
      "Normal and normal fixed addressing: where answers may come that no ECU owns, beside 7E8-7EF or the "
      "tester's normal fixed answers.",
      "[]"},
     &read_listen},
});

/// Identifiers where unknown responders may answer.
bool add_listened(reader& in, const tester_draft& draft, const tester_address& address, tester& made) {
  if (address.format == address_format::normal_fixed) {
    made.listen.push_back({isotp::normal_fixed_physical(address.tester, 0x00),
                           isotp::normal_fixed_physical(address.tester, 0xFF)});
  } else if (address.format == address_format::normal) {
    if (!made.functional->is_extended()) {
      made.listen.push_back({can::identifier::standard(0x7E8), can::identifier::standard(0x7EF)});
    }
  } else if (draft.listen_node != nullptr) {
    in.refuse(draft.listen_node->where,
              "'listen' is for normal and normal fixed addressing: whom nobody knows has no address byte");
    return false;
  }
  made.listen.insert(made.listen.end(), draft.listen.begin(), draft.listen.end());
  return true;
}

/// What the tester is, without its ECUs. Nothing: not usable.
std::optional<tester_address> make_tester(reader& in, const tester_draft& draft, tester& made) {
  const reader::scope inside{in, "address"};
  if (draft.address != nullptr && draft.functional != nullptr) {
    in.refuse(draft.functional->where, "a tester has 'functional' or 'address', not both");
    return std::nullopt;
  }
  std::optional<tester_address> address;
  if (draft.address != nullptr) {
    address = read_tester_address(in, *draft.address);
  } else if (draft.functional_id) {
    address.emplace().functional = draft.functional_id;
  }
  if (!address) return std::nullopt;
  made.functional = address->functional;
  made.functional_address_byte = address->functional_byte;
  return add_listened(in, draft, *address, made) ? address : std::nullopt;
}

/// Whether an ECU is heard on a bus: on its own, or on that of a gateway to it.
bool is_heard_on(const scenario& play, ecu_index who, bus_index on) {
  if (play.ecus[who].bus == on) return true;
  return std::any_of(play.gateways.begin(), play.gateways.end(), [&](const gateway& one) {
    return one.near == on && std::find(one.ecus.begin(), one.ecus.end(), who) != one.ecus.end();
  });
}

/// Where that tester asks the ECU; null: its addresses are not usable.
const node_address* address_of(const load_context& names, ecu_index who, const tester& made) {
  for (const own_address& own : names.own_addresses[who])
    if (own.tester == made.name) return &own.address;
  return names.ecu_addresses[who] ? &*names.ecu_addresses[who] : nullptr;
}

using answer_place = std::tuple<bus_index, std::uint32_t, int>;

/// Where an ECU answers that tester.
answer_place place_of(const ecu& asked, const tester& asking) {
  const isotp::addressing& ids = address_for(asked, asking.name);
  return {asking.bus, ids.tx.raw(), ids.tx_address_byte ? *ids.tx_address_byte : -1};
}

/// The ECUs that share the tester's bus, or have a gateway there, its format and its address. Where an answer
/// goes to another tester already, this one would get it, too: it does not reach that ECU.
void add_reached(reader& in, const tester_address& address, std::map<answer_place, std::string>& taken,
                 tester& made) {
  const load_context& names = in.names();
  const std::string* other = nullptr;
  ecu_index shared = 0;
  for (ecu_index i = 0; i < names.play.ecus.size(); ++i) {
    const node_address* asked = address_of(names, i, made);
    if (asked == nullptr || !is_heard_on(names.play, i, made.bus)) continue;
    if (asked->format != address.format || asked->tester != address.tester) continue;
    const auto [it, added] = taken.try_emplace(place_of(names.play.ecus[i], made), made.name);
    if (added || it->second == made.name) {
      made.ecus.push_back(i);
    } else {
      other = &it->second;
      shared = i;
    }
  }
  if (other == nullptr || !made.ecus.empty()) return;
  in.refuse(made.where,
            fmt::format("testers '{}' and '{}' have the same addresses; '{}' needs others for one of "
                        "them, in its 'testers'",
                        *other, made.name, names.play.ecus[shared].name));
}

void check_name(reader& in, const map_entry& entry) {
  if (is_name(entry.key)) return;
  in.refuse(entry.where,
            fmt::format("{} cannot be a name: letters, digits, '_', '-' and '.'", shown(entry.key)));
}

struct endpoint_draft {
  const node* bus = nullptr;
  std::optional<can::identifier> rx;
  std::optional<can::identifier> tx;
  std::optional<std::uint8_t> rx_address;
  std::optional<std::uint8_t> tx_address;
  std::optional<std::size_t> behaviour = 0;
  bool real = false;
  std::optional<link> carrier;
};

constexpr std::array endpoint_fields = std::to_array<field<endpoint_draft>>({
    {{"bus", "name", "The bus it is on.", "the only bus, where there is a single one"},
     [](reader&, const node& value, endpoint_draft& out) { out.bus = &value; }},
    {{"rx", "hex identifier", "What it receives.", required},
     [](reader& in, const node& value, endpoint_draft& out) { out.rx = in.identifier(value); }},
    {{"tx", "hex identifier", "What it sends.", required},
     [](reader& in, const node& value, endpoint_draft& out) { out.tx = in.identifier(value); }},
    {{"rx_address", "hex byte", "The address byte in front of the N_PCI in what it receives.", "none"},
     [](reader& in, const node& value, endpoint_draft& out) { out.rx_address = in.hex_byte(value); }},
    {{"tx_address", "hex byte", "The address byte in front of the N_PCI in what it sends.", "none"},
     [](reader& in, const node& value, endpoint_draft& out) { out.tx_address = in.hex_byte(value); }},
    {{"isotp", "<isotp>", "Parameters of its ISO-TP connection.", "{}"},
     [](reader&, const node&, endpoint_draft&) {}},
    {{"do", "none | echo | swallow",
      "What it does with a message: leave it to the steps, send it back, drop it.", "none"},
     [](reader& in, const node& value, endpoint_draft& out) {
       out.behaviour = in.word(value, {"none", "echo", "swallow"});
     }},
    {{"real", "true | false", "Whether it exists outside: it is asked, but not simulated.", "false"},
     [](reader& in, const node& value, endpoint_draft& out) { out.real = in.truth(value).value_or(false); }},
    {{"link", "socketcan:INTERFACE | isotp:INTERFACE | socketcand:HOST:PORT/BUS | isotpserver:HOST:PORT",
      "What carries its connection, if not its bus.", "none"},
     [](reader& in, const node& value, endpoint_draft& out) {
       out.carrier = read_link(in, value, link_use::connection);
     }},
});

void load_endpoint(reader& in, const map_entry& entry) {
  load_context& names = in.names();
  check_name(in, entry);
  endpoint_draft draft;
  const bool complete = read_fields(in, *entry.value, entry.where, "an endpoint", endpoint_fields, draft);
  const auto on = read_bus(in, draft.bus, entry.where);
  const auto refused = [&](std::string_view key, const auto& read) {
    return part(*entry.value, key) && !read;
  };
  bool usable = complete && on && draft.rx && draft.tx && !refused("rx_address", draft.rx_address) &&
                !refused("tx_address", draft.tx_address);
  endpoint made;
  made.name = names.prefix + entry.key;
  made.where = entry.where;
  made.bus = on.value_or(0);
  made.isotp = read_isotp(in, part(*entry.value, "isotp"));
  if (on) check_frame_kind(in, part(*entry.value, "isotp"), *made.isotp, *on);
  made.what = static_cast<endpoint::behaviour>(draft.behaviour.value_or(0));
  made.real = draft.real;
  made.carrier = std::move(draft.carrier);
  if (usable) {
    made.address.rx = *draft.rx;
    made.address.tx = *draft.tx;
    made.address.rx_address_byte = draft.rx_address;
    made.address.tx_address_byte = draft.tx_address;
    if (*draft.rx == *draft.tx) {
      in.refuse(part(*entry.value, "tx")->where, "the endpoint would receive what it sends itself");
      usable = false;
    }
  }
  const auto index = static_cast<std::uint32_t>(names.play.endpoints.size());
  add_participant(in, entry.key, entry.where, {party::kind::endpoint, index});
  names.play.endpoints.push_back(std::move(made));
  names.endpoint_usable.push_back(usable);
}

}  // namespace

void load_testers(reader& in, const node& testers) {
  load_context& names = in.names();
  std::map<answer_place, std::string> taken;
  for (const map_entry& entry : testers.entries) {
    check_name(in, entry);
    tester_draft draft;
    const bool complete = read_fields(in, *entry.value, entry.where, "a tester", tester_fields, draft);
    const auto on = read_bus(in, draft.bus, entry.where);
    tester made;
    made.name = names.prefix + entry.key;
    made.where = entry.where;
    made.bus = on.value_or(0);
    made.isotp = read_isotp(in, part(*entry.value, "isotp"));
    if (on) check_frame_kind(in, part(*entry.value, "isotp"), *made.isotp, *on);
    made.p2 = draft.p2;
    made.p2_star = draft.p2_star;
    made.present = draft.present;
    const auto address = make_tester(in, draft, made);
    if (address && made.present && made.present->functional && !made.functional)
      in.refuse(draft.present_node->where, fmt::format("tester '{}' has no functional address", made.name));
    const bool usable = address && complete && on;
    if (usable) add_reached(in, *address, taken, made);
    const auto index = static_cast<std::uint32_t>(names.play.testers.size());
    add_participant(in, entry.key, entry.where, {party::kind::tester, index});
    names.play.testers.push_back(std::move(made));
    names.tester_usable.push_back(usable);
  }
}

void check_own_addresses(reader& in) {
  const load_context& names = in.names();
  for (const auto& all : names.own_addresses) {
    for (const own_address& own : all) {
      if (!own.tester.starts_with(names.prefix)) continue;
      const auto found = names.participants.find(std::string_view{own.tester}.substr(names.prefix.size()));
      if (found == names.participants.end() || found->second.what.what != party::kind::tester)
        in.refuse(own.where, fmt::format("there is no tester {}", shown(own.tester)));
    }
  }
}

void load_endpoints(reader& in, const node& endpoints) {
  for (const map_entry& entry : endpoints.entries) load_endpoint(in, entry);
}

void describe_testers(std::vector<map_doc>& maps) {
  maps.push_back(describe("tester", tester_fields));
  maps.push_back(describe("tester timing", client_timing_fields));
  maps.push_back(describe("endpoint", endpoint_fields));
}

}  // namespace canstage::scenarios

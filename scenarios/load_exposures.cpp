// `expose:`.
#include "fmt/format.h"
#include "scenarios/load_links.hpp"

namespace canstage::scenarios {

namespace {

struct exposure_draft {
  const node* bus = nullptr;
  const node* ecu = nullptr;
  const node* endpoint = nullptr;
  std::optional<std::size_t> as;
  std::optional<std::string> name;
  std::optional<transports::tcp_address> listen;
};

constexpr std::string_view listen_wish =
    "HOST:PORT, or PORT for this machine only; port 0 is any that is free";

constexpr std::string_view one_exposed = "what is exposed";

constexpr std::array exposure_fields = std::to_array<field<exposure_draft>>({
    {{"bus", "name", "The bus that clients join.", "none", one_exposed},
     [](reader&, const node& value, exposure_draft& out) { out.bus = &value; }},
    {{"ecu", "name", "The ECU that clients are a tester of.", "none", one_exposed},
     [](reader&, const node& value, exposure_draft& out) { out.ecu = &value; }},
    {{"endpoint", "name", "The endpoint that clients use.", "none", one_exposed},
     [](reader&, const node& value, exposure_draft& out) { out.endpoint = &value; }},
    {{"as", "socketcand | isotpserver", "How it speaks: buses socketcand, the others isotpserver.", required},
     [](reader& in, const node& value, exposure_draft& out) {
       out.as = in.word(value, {"socketcand", "isotpserver"});
     }},
    {{"name", "text", "What clients call the bus.", "its own name"},
     [](reader& in, const node& value, exposure_draft& out) { out.name = in.text(value); }},
    {{"listen", "address to listen at", "Where it listens.", required},
     [](reader& in, const node& value, exposure_draft& out) {
       if (!in.want_scalar(value, listen_wish)) return;
       out.listen = transports::parse_listen_address(value.text);
       if (!out.listen) in.refuse_value(value, listen_wish);
     }},
});

/// The ECU or endpoint of that name.
bool read_target(reader& in, const node& value, party::kind wanted, std::string_view kind, exposure& made) {
  const auto* found = find_participant(in, value, kind);
  if (found == nullptr) return false;
  if (found->what.what != wanted) {
    in.refuse(value.where, fmt::format("{} is not {}", shown(value.text), kind));
    return false;
  }
  made.index = found->what.index;
  return true;
}

/// What is exposed; false after a refusal.
bool read_exposed(reader& in, const exposure_draft& draft, position where, exposure& made) {
  const int count = (draft.bus != nullptr) + (draft.ecu != nullptr) + (draft.endpoint != nullptr);
  if (count != 1) {
    in.refuse(where, "one of 'bus', 'ecu' and 'endpoint' says what is exposed");
    return false;
  }
  const bool bus = draft.bus != nullptr;
  if (bus != (*draft.as == 0)) {
    in.refuse(where, "buses are exposed as socketcand, ECUs and endpoints as isotpserver");
    return false;
  }
  if (bus) {
    const auto index = read_bus(in, draft.bus, where);
    made.index = index.value_or(0);
    made.bus_name = draft.name.value_or(index ? in.names().play.buses[*index].name : "");
    return index.has_value();
  }
  made.as = exposure::protocol::isotpserver;
  if (draft.name) {
    in.refuse(where, "'name' is for buses");
    return false;
  }
  made.what = draft.ecu != nullptr ? exposure::kind::ecu : exposure::kind::endpoint;
  return draft.ecu != nullptr ? read_target(in, *draft.ecu, party::kind::ecu, "an ECU", made)
                              : read_target(in, *draft.endpoint, party::kind::endpoint, "an endpoint", made);
}

}  // namespace

void load_exposures(reader& in, const node& exposures) {
  if (!in.want_list(exposures, "a list of what is exposed")) return;
  for (const node_ptr& item : exposures.items) {
    exposure_draft draft;
    const bool complete = read_fields(in, *item, item->where, "an exposure", exposure_fields, draft);
    exposure made;
    made.where = item->where;
    if (!complete || !draft.as || !draft.listen) continue;
    made.listen = *draft.listen;
    if (!read_exposed(in, draft, item->where, made)) continue;
    in.names().play.exposures.push_back(std::move(made));
  }
}

void check_exposures(reader& in, const scenario& play) {
  for (std::size_t i = 0; i < play.exposures.size(); ++i) {
    const auto& where = play.exposures[i].where;
    if (play.time == time_mode::virtual_time)
      in.refuse(where, "'time: virtual' does not go with 'expose': other programs live in real time");
    if (const auto why = obstacle(play, i); !why.empty()) in.refuse(where, why);
  }
}

void describe_exposures(std::vector<map_doc>& maps) { maps.push_back(describe("exposure", exposure_fields)); }

}  // namespace canstage::scenarios

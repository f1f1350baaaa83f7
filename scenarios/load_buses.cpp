// `buses:`, and names in general.
#include "fmt/format.h"
#include "scenarios/expand.hpp"
#include "scenarios/load_links.hpp"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

struct bus_draft {
  link carrier;
  std::optional<std::uint32_t> nominal;
  std::optional<std::uint32_t> data;
  const node* data_node = nullptr;
};

std::optional<std::uint32_t> rate_up_to(reader& in, const node& value, std::uint32_t most) {
  constexpr std::uint32_t least = 1'000;
  const auto rate = in.rate(value);
  if (!rate || (*rate >= least && *rate <= most)) return rate;
  in.refuse_value(value, fmt::format("a bit rate from 1k to {}M", most / 1'000'000));
  return std::nullopt;
}

constexpr std::array bus_fields = std::to_array<field<bus_draft>>({
    {{"link", "virtual | socketcan:INTERFACE | isotp:INTERFACE | socketcand:HOST:PORT/BUS",
      "What carries it.", "virtual"},
     [](reader& in, const node& value, bus_draft& out) {
       if (auto found = read_link(in, value, link_use::bus)) out.carrier = *std::move(found);
     }},
    {{"bitrate", "rate", "Nominal bit rate; without one frames take no time.", "none"},
     [](reader& in, const node& value, bus_draft& out) { out.nominal = rate_up_to(in, value, 1'000'000); }},
    {{"data_bitrate", "rate", "Bit rate of the data of CAN FD frames; without one the bus is classic CAN.",
      "none"},
     [](reader& in, const node& value, bus_draft& out) {
       out.data = rate_up_to(in, value, 8'000'000);
       out.data_node = &value;
     }},
});

void load_bus(reader& in, const map_entry& entry) {
  load_context& names = in.names();
  if (!is_name(entry.key)) {
    in.refuse(entry.where,
              fmt::format("{} cannot be a name: letters, digits, '_', '-' and '.'", shown(entry.key)));
  }
  names.buses.emplace(entry.key, static_cast<bus_index>(names.play.buses.size()));
  bus_draft draft;
  read_fields(in, *entry.value, entry.where, "a bus", bus_fields, draft);
  bus made{names.prefix + entry.key, std::nullopt, entry.where, std::move(draft.carrier)};
  if (draft.nominal) made.rates = can::bit_rates{*draft.nominal, draft.data.value_or(0)};
  if (draft.data_node != nullptr && entry.value->find("bitrate") == nullptr) {
    in.refuse(draft.data_node->where, "'data_bitrate' needs a 'bitrate' beside it");
  } else if (draft.nominal && draft.data && *draft.data < *draft.nominal) {
    in.refuse(draft.data_node->where, "'data_bitrate' is below 'bitrate'");
  }
  names.play.buses.push_back(std::move(made));
}

/// Not all: a message is made of them.
template <class Map, class Filter>
std::vector<std::string_view> some_names(const Map& map, const Filter& wanted) {
  constexpr std::size_t enough = 1000;
  std::vector<std::string_view> names;
  for (const auto& [name, what] : map) {
    if (names.size() == enough) break;
    if (wanted(what)) names.push_back(name);
  }
  return names;
}

}  // namespace

std::optional<link> read_link(reader& in, const node& value, link_use use) {
  const auto wish = link_wish(use);
  if (!in.want_scalar(value, wish)) return std::nullopt;
  std::string why;
  if (auto found = parse_link(value.text, use, why)) return found;
  const auto near =
      use == link_use::bus ? nearest(value.text, std::array<std::string_view, 1>{"virtual"}) : "";
  in.refuse_value(value, wish, near.empty() ? why : fmt::format("did you mean '{}'?", near));
  return std::nullopt;
}

void load_buses(reader& in, const node& buses) {
  for (const map_entry& entry : buses.entries) load_bus(in, entry);
}

std::optional<bus_index> read_bus(reader& in, const node* value, position where) {
  const load_context& names = in.names();
  if (value == nullptr) {
    if (names.buses.size() == 1) return names.buses.begin()->second;
    in.refuse(where, "which bus? 'bus' can be left out only where there is a single one");
    return std::nullopt;
  }
  if (!in.want_scalar(*value, "the name of a bus")) return std::nullopt;
  const auto found = names.buses.find(value->text);
  if (found != names.buses.end()) return found->second;
  in.refuse(value->where,
            unknown_word("bus", value->text, some_names(names.buses, [](bus_index) { return true; })));
  return std::nullopt;
}

void add_participant(reader& in, const std::string& name, position where, party what) {
  load_context& names = in.names();
  const auto [it, added] = names.participants.try_emplace(name, load_context::participant{what, where});
  if (added) return;
  // The ECUs among themselves were compared when they were expanded.
  if (what.what == party::kind::ecu) return;
  in.refuse(where,
            fmt::format("the name {} is taken in line {}; ECUs, testers and endpoints share their names",
                        shown(name), it->second.where.line));
}

const load_context::participant* find_participant(reader& in, const node& value, std::string_view kind) {
  const load_context& names = in.names();
  if (!in.want_scalar(value, fmt::format("the name of {}", kind))) return nullptr;
  const auto found = names.participants.find(value.text);
  if (found != names.participants.end()) return &found->second;
  const std::string_view word = kind.substr(kind.find(' ') + 1);
  // Endpoints ask and are asked.
  const auto useless = word == "tester" ? party::kind::ecu : party::kind::tester;
  const auto known =
      some_names(names.participants, [&](const auto& other) { return other.what.what != useless; });
  in.refuse(value.where, unknown_word(word, value.text, known));
  return nullptr;
}

void describe_buses(std::vector<map_doc>& maps) { maps.push_back(describe("bus", bus_fields)); }

}  // namespace canstage::scenarios

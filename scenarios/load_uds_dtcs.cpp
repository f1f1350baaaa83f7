// `dtcs:`: the DTCs of an ECU, one after the other.
#include <algorithm>
#include <span>

#include "fmt/format.h"
#include "protocols/uds/names.hpp"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t most_dtcs = 0x8000;

/// A DTC, and what it leaves to the ECU.
struct dtc_draft {
  explicit dtc_draft(const uds::server_config& ecu) : of(ecu) {}

  const uds::server_config& of;
  uds::dtc_config made;
  bool group_said = false;
  bool warning_said = false;
};

std::uint8_t read_count(reader& in, const node& value, std::uint8_t fallback, std::uint64_t most = 0xFF) {
  return static_cast<std::uint8_t>(in.count(value, 1, most).value_or(fallback));
}

using named_byte = std::pair<std::string_view, std::uint8_t>;

/// One of the words, or a hex byte from `first` to `last`; outside of these, `range` says what there is.
std::optional<std::uint8_t> read_word_or_byte(reader& in, const node& value, std::string_view wish,
                                              std::span<const named_byte> words, std::uint8_t first = 0,
                                              std::uint8_t last = 0xFF, std::string_view range = "") {
  if (!in.want_scalar(value, wish)) return std::nullopt;
  for (const auto& [word, number] : words)
    if (value.text == word) return number;
  std::string why;
  const auto number = parse_hex_number(value.text, 2, why);
  if (number && *number >= first && *number <= last) return static_cast<std::uint8_t>(*number);
  in.refuse_value(value, wish, number ? range : "");
  return std::nullopt;
}

void read_severity(reader& in, const node& value, dtc_draft& out) {
  constexpr named_byte words[] = {
      {"maintenance_only", 0x20}, {"check_at_next_halt", 0x40}, {"check_immediately", 0x80}};
  const auto severity = read_word_or_byte(
      in, value, "maintenance_only, check_at_next_halt, check_immediately or a hex byte", words);
  out.made.severity = severity.value_or(out.made.severity);
}

void read_functional_group(reader& in, const node& value, dtc_draft& out) {
  constexpr named_byte words[] = {{"emissions", uds::emissions_group},
                                  {"safety", uds::safety_group},
                                  {"vobd", uds::vobd_group},
                                  {"none", 0x00}};
  out.group_said = true;
  const auto group = read_word_or_byte(in, value, "emissions, safety, vobd, none or a hex byte", words, 0x01,
                                       0xFE, "functional groups are 01 to FE");
  out.made.functional_group = group.value_or(out.made.functional_group);
}

/// A DID of a snapshot; its value stands with the DIDs of the ECU.
void read_captured(reader& in, const node& value, const dtc_draft& draft, uds::snapshot_record& out) {
  if (!in.want_scalar(value, "a DID like F40C")) return;
  std::string why;
  const auto did = parse_hex_number(value.text, 4, why);
  const auto* record = did ? uds::find_record(draft.of, static_cast<std::uint16_t>(*did)) : nullptr;
  if (record == nullptr) {
    in.refuse_value(value, "a DID of this ECU", "'dids' of its 'uds' says which it has");
    return;
  }
  out.items.push_back({record->did, record->value, true});
}

void read_snapshot(reader& in, const map_entry& entry, dtc_draft& out) {
  constexpr std::string_view wish = "a map like { F40C: \"1A F8\" }, or a list of DIDs like [F40C]";
  const auto number = read_hex_key(in, entry, 2, "a snapshot record", "01");
  if (!number) return;
  const node& value = *entry.value;
  if (*number == 0xFF) {
    in.refuse(entry.where, "the snapshot record FF stands for all of them");
    return;
  }
  uds::snapshot_record made{static_cast<std::uint8_t>(*number), {}};
  if (value.what == node::kind::list) {
    for (const node_ptr& item : value.items) read_captured(in, *item, out, made);
  } else if (value.what == node::kind::map) {
    for (const map_entry& item : value.entries) {
      const auto did = read_hex_key(in, item, 4, "a DID", "F40C");
      const auto data = in.hex_bytes(*item.value);
      if (!did || !data) continue;
      const auto* record = uds::find_record(out.of, static_cast<std::uint16_t>(*did));
      if (record != nullptr && record->value.size() != data->size())
        in.refuse_value(*item.value, fmt::format("{} bytes, as the DID has", record->value.size()));
      made.items.push_back({static_cast<std::uint16_t>(*did), *data, false});
    }
  } else {
    in.refuse_value(value, wish);
  }
  if (made.items.size() > 0xFF) in.refuse(value.where, "a snapshot record has at most 255 DIDs");
  out.made.snapshots.push_back(std::move(made));
}

constexpr std::pair<std::string_view, uds::extended_data_part::kind> counters[] = {
    {"occurrences", uds::extended_data_part::kind::occurrences},
    {"failed_cycles", uds::extended_data_part::kind::failed_cycles},
    {"aging", uds::extended_data_part::kind::aging},
    {"fault_detection_counter", uds::extended_data_part::kind::fault_detection_counter},
};

/// Hex bytes and names of counters in braces.
std::optional<std::vector<uds::extended_data_part>> parse_extended_data(std::string_view text,
                                                                        text_error& error) {
  using kind = uds::extended_data_part::kind;
  std::vector<uds::extended_data_part> parts;
  for (std::size_t at = 0; at < text.size();) {
    const bool named = text[at] == '{';
    const std::size_t end = named ? text.find('}', at) : std::min(text.find('{', at), text.size());
    if (end == std::string_view::npos) {
      error = {at, "a '}' is missing"};
      return std::nullopt;
    }
    const auto piece = text.substr(at + (named ? 1 : 0), end - at - (named ? 1 : 0));
    if (named) {
      const auto found = std::find_if(std::begin(counters), std::end(counters),
                                      [&](const auto& one) { return one.first == piece; });
      if (found == std::end(counters)) {
        error = {at, "counters are {occurrences}, {failed_cycles}, {aging} and {fault_detection_counter}"};
        return std::nullopt;
      }
      parts.push_back({found->second, {}});
    } else {
      auto data = parse_hex(piece, error);
      if (!data) {
        error.offset += at;
        return std::nullopt;
      }
      if (!data->empty()) parts.push_back({kind::literal, std::move(*data)});
    }
    at = end + (named ? 1 : 0);
  }
  return parts;
}

void read_extended_record(reader& in, const map_entry& entry, dtc_draft& out) {
  constexpr std::uint32_t first = 0x01;
  constexpr std::uint32_t last = 0xEF;
  const auto number = read_hex_key(in, entry, 2, "an extended data record", "01");
  if (!number || !in.want_scalar(*entry.value, "bytes and counters like \"{occurrences} 00\"")) return;
  if (*number < first || *number > last) {
    in.refuse(entry.where, "extended data records are 01 to EF");
    return;
  }
  text_error error;
  auto parts = parse_extended_data(entry.value->text, error);
  if (!parts) {
    in.refuse_inside(*entry.value, error);
    return;
  }
  out.made.extended_data.push_back({static_cast<std::uint8_t>(*number), std::move(*parts)});
}

template <class Records>
void sort_by_number(Records& records) {
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
}

constexpr std::array dtc_fields = std::to_array<field<dtc_draft>>({
    {{"status", "hex byte", "Its status at first; 08 and more: it is stored.", "50"},
     [](reader& in, const node& value, dtc_draft& out) {
       out.made.status = in.hex_byte(value).value_or(out.made.status);
     }},
    {{"severity", "maintenance_only | check_at_next_halt | check_immediately | hex byte", "Its severity.",
      "00"},
     &read_severity},
    {{"functional_unit", "hex byte", "Its functional unit.", "00"},
     [](reader& in, const node& value, dtc_draft& out) {
       out.made.functional_unit = in.hex_byte(value).value_or(0);
     }},
    {{"group", "emissions | safety | vobd | none | hex byte", "Its functional group.",
      "emissions for a P of an ECU with obd, else none"},
     &read_functional_group},
    {{"readiness_group", "hex byte", "Its readiness group.", "none"},
     [](reader& in, const node& value, dtc_draft& out) {
       out.made.readiness_group = in.hex_byte(value).value_or(0);
     }},
    {{"warning", "true | false", "Whether it requests the warning indicator when it is confirmed.",
      "true in the emissions group"},
     [](reader& in, const node& value, dtc_draft& out) {
       out.made.warns = in.truth(value).value_or(false);
       out.warning_said = true;
     }},
    {{"permanent", "true | false", "Whether it is a permanent DTC at first.", "false"},
     [](reader& in, const node& value, dtc_draft& out) {
       out.made.permanent = in.truth(value).value_or(false);
     }},
    {{"confirm_after", "count", "Operation cycles in a row with a failure until it is confirmed.", "1"},
     [](reader& in, const node& value, dtc_draft& out) {
       out.made.confirm_after = read_count(in, value, 1);
     }},
    {{"heal_after", "count", "Passed operation cycles until the warning indicator is off.", "3"},
     [](reader& in, const node& value, dtc_draft& out) { out.made.heal_after = read_count(in, value, 3); }},
    {{"age_after", "count", "Passed operation cycles until it is not stored any more.", "40"},
     [](reader& in, const node& value, dtc_draft& out) { out.made.age_after = read_count(in, value, 40); }},
    {{"prefailed_step", "count", "What a prefailed test adds to the fault detection counter.", "16"},
     [](reader& in, const node& value, dtc_draft& out) {
       out.made.prefailed_step = read_count(in, value, 16, 127);
     }},
    {{"prepassed_step", "count", "What a prepassed test takes from it.", "16"},
     [](reader& in, const node& value, dtc_draft& out) {
       out.made.prepassed_step = read_count(in, value, 16, 128);
     }},
    {{"snapshots", "map by hex byte of (map by DID of (hex bytes) | list of DID)",
      "Snapshot records: DIDs with values, or DIDs that are captured.", "none"},
     [](reader& in, const node& value, dtc_draft& out) {
       if (refuse_no_map(in, value, "a map like { \"01\": { F40C: \"1A F8\" } }")) return;
       out.made.snapshots.clear();
       for (const map_entry& entry : value.entries) read_snapshot(in, entry, out);
       sort_by_number(out.made.snapshots);
     }},
    {{"extended_data", "map by hex byte of (bytes with {counter})",
      "Extended data records: bytes, and counters in braces.", "none"},
     [](reader& in, const node& value, dtc_draft& out) {
       if (refuse_no_map(in, value, "a map like { \"01\": \"{occurrences} 00\" }")) return;
       out.made.extended_data.clear();
       for (const map_entry& entry : value.entries) read_extended_record(in, entry, out);
       sort_by_number(out.made.extended_data);
     }},
});

void read_dtc(reader& in, const map_entry& entry, const dtc_draft& usual, uds::server_config& out) {
  const auto number = read_dtc_key(in, entry);
  if (!number) return;
  dtc_draft draft = usual;
  draft.made.number = *number;
  const node& value = *entry.value;
  if (value.is_scalar()) {
    draft.made.status = in.hex_byte(value).value_or(draft.made.status);
  } else {
    read_fields(in, value, entry.where, "a DTC", dtc_fields, draft);
  }
  const bool powertrain = (*number >> 22) == 0;
  if (!draft.group_said && powertrain && out.obd.present) draft.made.functional_group = uds::emissions_group;
  if (!draft.warning_said) draft.made.warns = draft.made.functional_group == uds::emissions_group;
  out.dtcs.dtcs.push_back(std::move(draft.made));
}

}  // namespace

std::optional<uds::dtc_number> read_dtc_key(reader& in, const map_entry& entry) {
  uds::dtc_number number = 0;
  std::string problem;
  if (uds::parse_dtc(entry.key, number, problem)) return number;
  in.refuse(entry.where, fmt::format("{}, found {}", problem, shown(entry.key)));
  return std::nullopt;
}

void read_dtcs(reader& in, const node& value, const node* memory, uds::server_config& out) {
  const reader::scope inside{in, "dtcs"};
  if (refuse_no_map(in, value, "a map like { P0123-17: { status: \"2F\" } }")) return;
  out.dtcs.present = true;
  dtc_draft each{out};
  const node_ptr* usual = memory != nullptr ? memory->find("each") : nullptr;
  if (usual != nullptr) read_fields(in, **usual, (*usual)->where, "each", dtc_fields, each);
  std::map<uds::dtc_number, position> known;
  for (const map_entry& entry : value.entries) {
    const std::size_t before = out.dtcs.dtcs.size();
    read_dtc(in, entry, each, out);
    if (out.dtcs.dtcs.size() == before) continue;
    const auto number = out.dtcs.dtcs.back().number;
    const auto [it, added] = known.try_emplace(number, entry.where);
    if (!added)
      in.refuse(entry.where, fmt::format("the DTC {} was already given in line {}", uds::dtc_name(number),
                                         it->second.line));
  }
  if (out.dtcs.dtcs.size() > most_dtcs)
    in.refuse(value.where, fmt::format("an ECU has at most {} DTCs", most_dtcs));
}

void describe_uds_dtcs(std::vector<map_doc>& maps) { maps.push_back(describe("dtc", dtc_fields)); }

}  // namespace canstage::scenarios

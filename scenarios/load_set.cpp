// The step `set`: something changes in an ECU without a request.
#include "fmt/format.h"
#include "protocols/uds/names.hpp"
#include "scenarios/load_parts.hpp"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

struct set_draft {
  const node* ecu = nullptr;
  std::vector<std::pair<std::string_view, const node*>> targets;  ///< did, pid, dtc, operation_cycle
  std::vector<std::pair<std::string_view, const node*>> changes;  ///< value, test, counter, status
};

template <auto Which>
void keep(set_draft& out, std::string_view key, const node& value) {
  (out.*Which).emplace_back(key, &value);
}

constexpr std::array set_fields = std::to_array<field<set_draft>>({
    {{"ecu", "name", "The ECU.", required},
     [](reader&, const node& value, set_draft& out) { out.ecu = &value; }},
    {{"did", "DID", "A data record; with value.", "none", "what changes"},
     [](reader&, const node& value, set_draft& out) { keep<&set_draft::targets>(out, "did", value); }},
    {{"pid", "hex byte", "An OBD PID of service 01; with value.", "none", "what changes"},
     [](reader&, const node& value, set_draft& out) { keep<&set_draft::targets>(out, "pid", value); }},
    {{"dtc", "DTC", "A DTC; with test, counter or status.", "none", "what changes"},
     [](reader&, const node& value, set_draft& out) { keep<&set_draft::targets>(out, "dtc", value); }},
    {{"operation_cycle", "true", "The operation cycle ends, the next one begins.", "none", "what changes"},
     [](reader&, const node& value, set_draft& out) {
       keep<&set_draft::targets>(out, "operation_cycle", value);
     }},
    {{"value", "text | <value>", "The value from now on.", "none"},
     [](reader&, const node& value, set_draft& out) { keep<&set_draft::changes>(out, "value", value); }},
    {{"test", "passed | failed | prepassed | prefailed", "The result of the DTC's test.", "none"},
     [](reader&, const node& value, set_draft& out) { keep<&set_draft::changes>(out, "test", value); }},
    {{"counter", "signed count", "The DTC's fault detection counter.", "none"},
     [](reader&, const node& value, set_draft& out) { keep<&set_draft::changes>(out, "counter", value); }},
    {{"status", "hex byte", "The DTC's status, whatever led to it.", "none"},
     [](reader&, const node& value, set_draft& out) { keep<&set_draft::changes>(out, "status", value); }},
});

struct value_draft {
  std::optional<bytes> value;
  int given = 0;
};

constexpr std::array value_fields = std::to_array<field<value_draft>>({
    {{"text", "text", "The value as text, one byte per character.", "none; one of text and hex is needed",
      "the value"},
     [](reader& in, const node& value, value_draft& out) {
       ++out.given;
       if (const auto text = in.text(value)) out.value.emplace(text->begin(), text->end());
     }},
    {{"hex", "hex bytes", "The value as bytes.", "none; one of text and hex is needed", "the value"},
     [](reader& in, const node& value, value_draft& out) {
       ++out.given;
       out.value = in.hex_bytes(value);
     }},
});

/// As the value of a DID in `dids`.
std::optional<bytes> read_value(reader& in, const node& value) {
  if (value.is_scalar()) return bytes(value.text.begin(), value.text.end());
  value_draft draft;
  if (!read_fields(in, value, value.where, "a value", value_fields, draft)) return std::nullopt;
  if (draft.given == 1) return draft.value;
  in.refuse(value.where, "a value is a text, or a map with either 'text' or 'hex'");
  return std::nullopt;
}

std::optional<uds::stimulus> read_data_change(reader& in, const uds::server_config& of, const node& target,
                                              const node& value) {
  constexpr std::string_view wish = "a DID of that ECU like F190";
  if (!in.want_scalar(target, wish)) return std::nullopt;
  std::string why;
  const auto did = parse_hex_number(target.text, 4, why);
  const auto* record = did ? uds::find_record(of, static_cast<std::uint16_t>(*did)) : nullptr;
  if (record == nullptr) {
    in.refuse_value(target, wish, "'dids' of its 'uds' says which it has");
    return std::nullopt;
  }
  auto data = read_value(in, value);
  if (!data) return std::nullopt;
  if (data->size() != record->value.size()) {
    in.refuse(value.where, fmt::format("the DID {:04X} has {} bytes, not {}", record->did,
                                       record->value.size(), data->size()));
  }
  return uds::data_change{record->did, std::move(*data)};
}

std::optional<uds::stimulus> read_pid_change(reader& in, const uds::server_config& of, const node& target,
                                             const node& value) {
  const auto pid = in.hex_byte(target);
  auto data = in.hex_bytes(value);
  if (!pid || !data) return std::nullopt;
  for (const auto& one : of.obd.pids) {
    if (one.pid != *pid) continue;
    if (one.value.size() != data->size())
      in.refuse(value.where,
                fmt::format("PID {:02X} has {} bytes, not {}", *pid, one.value.size(), data->size()));
    return uds::pid_change{*pid, std::move(*data)};
  }
  in.refuse_value(target, "a PID of that ECU", "'pids' of its 'obd' says which it has");
  return std::nullopt;
}

std::optional<int> parse_counter(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::string why;
  const auto number = parse_count(negative ? text.substr(1) : text, 0, negative ? 128 : 127, why);
  if (!number) return std::nullopt;
  return negative ? -static_cast<int>(*number) : static_cast<int>(*number);
}

std::optional<uds::stimulus> read_dtc_change(reader& in, const uds::server_config& of, const node& target,
                                             std::string_view how, const node& value) {
  constexpr std::string_view wish = "a DTC of that ECU like P0123-17";
  if (!in.want_scalar(target, wish)) return std::nullopt;
  uds::dtc_number number = 0;
  std::string problem;
  const bool is_dtc = uds::parse_dtc(target.text, number, problem);
  const auto index = is_dtc ? of.dtcs.find(number) : std::nullopt;
  if (!index) {
    in.refuse_value(target, wish, is_dtc ? "'dtcs' of its 'uds' says which it has" : "");
    return std::nullopt;
  }
  const reader::scope inside{in, how};
  if (how == "test") {
    const auto word = in.word(value, {"passed", "failed", "prepassed", "prefailed"});
    if (!word) return std::nullopt;
    return uds::test_outcome{*index, static_cast<uds::test_result>(*word)};
  }
  if (how == "status") {
    const auto status = in.hex_byte(value);
    if (!status) return std::nullopt;
    return uds::status_change{*index, *status};
  }
  constexpr std::string_view range = "a number from -128 to 127";
  if (!in.want_scalar(value, range)) return std::nullopt;
  const auto counter = parse_counter(value.text);
  if (!counter) {
    in.refuse_value(value, range);
    return std::nullopt;
  }
  return uds::test_count{*index, static_cast<std::int8_t>(*counter)};
}

/// What fits the target; null after a refusal.
const std::pair<std::string_view, const node*>* change_for(reader& in, position where, const set_draft& draft,
                                                           std::string_view target) {
  const bool of_dtc = target == "dtc";
  const std::string_view wish = of_dtc ? "one of 'test', 'counter' and 'status'" : "'value'";
  if (draft.changes.size() == 1 && (draft.changes[0].first == "value") != of_dtc) return &draft.changes[0];
  in.refuse(draft.changes.empty() ? where : draft.changes.back().second->where,
            fmt::format("'set' with '{}' has {}, and nothing else", target, wish));
  return nullptr;
}

std::optional<uds::stimulus> read_stimulus(reader& in, const uds::server_config& of, position where,
                                           const set_draft& draft) {
  const auto& [target, target_node] = draft.targets.front();
  const reader::scope inside{in, target};
  if (target == "operation_cycle") {
    const auto truth = in.truth(*target_node);
    if (!truth) return std::nullopt;
    if (!*truth) in.refuse_value(*target_node, "true");
    if (!of.dtcs.present) in.refuse(where, "that ECU has no DTCs: an operation cycle means nothing to it");
    if (!draft.changes.empty())
      in.refuse(draft.changes[0].second->where,
                fmt::format("'{}' has no meaning with 'operation_cycle'", draft.changes[0].first));
    return uds::next_operation_cycle{};
  }
  const auto* change = change_for(in, where, draft, target);
  if (change == nullptr) return std::nullopt;
  if (target == "did") return read_data_change(in, of, *target_node, *change->second);
  if (target == "pid") return read_pid_change(in, of, *target_node, *change->second);
  return read_dtc_change(in, of, *target_node, change->first, *change->second);
}

}  // namespace

void read_set(reader& in, const node& value, step& out) {
  set_draft draft;
  if (!read_fields(in, value, value.where, "set", set_fields, draft)) return;
  if (draft.targets.size() != 1) {
    in.refuse(value.where, "'set' changes one thing: 'did', 'pid', 'dtc' or 'operation_cycle'");
    return;
  }
  const auto* who = find_participant(in, *draft.ecu, "an ECU");
  if (who == nullptr) return;
  if (who->what.what != party::kind::ecu) {
    in.refuse(draft.ecu->where, fmt::format("{} is no ECU", shown(draft.ecu->text)));
    return;
  }
  const auto& ecu = in.names().play.ecus[who->what.index];
  auto what = read_stimulus(in, *ecu.uds, value.where, draft);
  if (!what) return;
  const auto& [target, target_node] = draft.targets.front();
  if (out.name.empty()) out.name = fmt::format("set {} {} of {}", target, target_node->text, ecu.name);
  out.what = set_step{who->what.index, std::move(*what)};
}

void describe_set(std::vector<map_doc>& maps) {
  maps.push_back(describe("set", set_fields));
  maps.push_back(describe("value", value_fields));
}

}  // namespace canstage::scenarios

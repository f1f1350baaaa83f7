// `unlock:`, a step of two exchanges.
#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "scenarios/load_procedures.hpp"
#include "scenarios/load_uds.hpp"
#include "scenarios/lua/lua_script.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::uint8_t highest_level = 0x7D;

struct unlock_draft {
  const node* from = nullptr;
  const node* to = nullptr;
  const node* level_node = nullptr;
  std::optional<duration> window;
  std::uint8_t level = 1;
  std::optional<uds::key_rule> key;
  bytes record;
};

constexpr std::array unlock_fields = std::to_array<field<unlock_draft>>({
    {{"from", "name", "The tester that asks.", "the only tester that reaches 'to'"},
     [](reader&, const node& value, unlock_draft& out) { out.from = &value; }},
    {{"to", "name", "The ECU that is asked.", required},
     [](reader&, const node& value, unlock_draft& out) { out.to = &value; }},
    {{"window", "time", "How long each answer may take to begin.", "the tester's p2, or 1s"},
     [](reader& in, const node& value, unlock_draft& out) { out.window = in.time_above_zero(value); }},
    {{"level", "hex byte", "The security level: the odd sub-function that asks for its seed.", "01"},
     [](reader& in, const node& value, unlock_draft& out) {
       out.level_node = &value;
       out.level = in.hex_byte(value).value_or(1);
     }},
    {{"key", "text", "How the key follows from the seed, as in the ECU's 'security'.",
      "as the ECU says: its script, else its 'security'"},
     [](reader& in, const node& value, unlock_draft& out) { read_key_rule(in, value, out.key.emplace()); }},
    {{"record", "hex bytes", "securityAccessDataRecord of requestSeed.", "\"\""},
     [](reader& in, const node& value, unlock_draft& out) {
       out.record = in.hex_bytes(value).value_or(bytes{});
     }},
});

/// The key rule of the ECU itself; null if it has none for that level.
const uds::key_rule* rule_of(const ecu& who, std::uint8_t level) {
  if (who.uds == nullptr) return nullptr;
  for (const uds::security_level_config& one : who.uds->security.levels)
    if (one.level == level) return &one.key;
  return nullptr;
}

/// As the ECU: its script comes before its rule. The tester runs a copy of the script, which knows nothing of
/// what the ECU's own one remembers.
struct tester_key {
  std::uint8_t level;
  std::optional<uds::key_rule> rule;
  std::shared_ptr<const lua_source> script;  ///< null: there is none
  std::string ecu;

  std::optional<bytes> operator()(byte_view seed, std::string& problem) const {
    if (script != nullptr) {
      lua_script copy{script, ecu, random_stream{0, "unlock"},
                      [&](instant, const std::string& text) { problem = text; }};
      if (auto key = copy.key(level, seed, {})) return key;
      if (!problem.empty()) return std::nullopt;
    }
    if (rule) return (*rule)(seed);
    problem = "the script of '" + ecu + "' gives none, and there is no key rule";
    return std::nullopt;
  }
};

}  // namespace

void read_unlock_step(reader& in, const node& value, const request_extras& extras, step& out) {
  unlock_draft draft;
  const bool complete = read_fields(in, value, value.where, "unlock", unlock_fields, draft);
  procedure_step made;
  read_refusal(in, extras.expect, made);
  if (draft.level % 2 == 0 || draft.level > highest_level) {
    const reader::scope inside{in, "level"};
    in.refuse_value(*draft.level_node, "an odd number from 01 to 7D, that of requestSeed");
    return;
  }
  if (!complete || draft.to == nullptr) return;
  const auto parties = read_tester_and_ecu(in, draft.from, draft.to, value.where);
  if (!parties) return;
  const ecu& asked = in.names().play.ecus[parties->second];
  const uds::key_rule* rule = draft.key ? &*draft.key : rule_of(asked, draft.level);
  const auto script = draft.key ? nullptr : asked.script;
  if (rule == nullptr && script == nullptr) {
    in.refuse(value.where,
              fmt::format("'{}' says no key of level {:02X}; say 'key'", asked.name, draft.level));
    return;
  }
  made.from = parties->first;
  made.to = parties->second;
  made.window = draft.window.value_or(usual_window(in, parties->first));
  made.what = uds::unlock_spec{
      draft.level, draft.record,
      tester_key{draft.level, rule != nullptr ? std::optional{*rule} : std::nullopt, script, asked.name}};
  if (out.name.empty()) out.name = fmt::format("unlock {} of {}", draft.level, asked.name);
  out.what = std::move(made);
}

void describe_unlock(std::vector<map_doc>& maps) { maps.push_back(describe("unlock", unlock_fields)); }

}  // namespace canstage::scenarios

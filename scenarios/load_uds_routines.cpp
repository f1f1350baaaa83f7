// `routines:`.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_uds.hpp"
#include "scenarios/load_varying_time.hpp"

namespace canstage::scenarios {

namespace {

using uds::routine_action;
using uds::routine_config;
using kind = uds::routine_effect::kind;

struct action_draft {
  routine_action made;
  int answers = 0;
};

constexpr std::array action_fields = std::to_array<field<action_draft>>({
    {{"reply", "bytes with {1..2} and {name}", "What follows the RID in the positive answer.", "\"\""},
     [](reader& in, const node& value, action_draft& out) {
       if (auto reply = in.reply_template(value)) out.made.reply = std::move(*reply);
       ++out.answers;
     }},
    {{"nrc", "hex byte", "In place of a positive answer: this code.", "none"},
     [](reader& in, const node& value, action_draft& out) {
       out.made.nrc_code = read_nrc(in, value);
       ++out.answers;
     }},
    {{"takes", varying_time_shape, "Working time: 0x78 goes out by itself.", "none"},
     [](reader& in, const node& value, action_draft& out) { out.made.takes = read_varying_time(in, value); }},
    {{"options", "pattern", "What the option record has to be; NRC 13 by length, 31 by content.", "any"},
     [](reader& in, const node& value, action_draft& out) { out.made.options = in.pattern(value); }},
});

void read_action(reader& in, const node& value, std::optional<routine_action>& out) {
  action_draft draft;
  read_fields(in, value, value.where, "what a routine does", action_fields, draft);
  if (draft.answers > 1) in.refuse(value.where, "there is either a 'reply' or an 'nrc'");
  out = std::move(draft.made);
}

/// The name of a memory area, or the word that stands for what the request says.
void read_effect(reader& in, const node& value, kind what, std::string_view word, routine_config& out) {
  const auto text = in.text(value);
  if (!text) return;
  if (out.effect.what != kind::none) in.refuse(value.where, "a routine either erases or compares a checksum");
  out.effect.what = what;
  if (*text == word) return;
  out.effect.area = *text;
  in.names().memory_areas.emplace_back(value.where, *text);
}

constexpr std::array routine_fields = std::to_array<field<routine_config>>({
    {{"start", "<routine_action>", "31 01.", "none: NRC 12"},
     [](reader& in, const node& value, routine_config& out) { read_action(in, value, out.start); }},
    {{"stop", "<routine_action>", "31 02.", "none: NRC 12"},
     [](reader& in, const node& value, routine_config& out) { read_action(in, value, out.stop); }},
    {{"results", "<routine_action>", "31 03.", "none: NRC 12"},
     [](reader& in, const node& value, routine_config& out) { read_action(in, value, out.results); }},
    {{"while_running", "bytes with {1..2} and {name}", "The reply to 31 03 while it runs.",
      "that of results"},
     [](reader& in, const node& value, routine_config& out) {
       out.results_while_running = in.reply_template(value);
     }},
    {{"runs", "time", "How long it runs on after the answer to its start.",
      "until it is stopped, or with no stop not at all"},
     [](reader& in, const node& value, routine_config& out) { out.runs = in.time(value); }},
    {{"erase", "name | by_options",
      "Starting it erases that memory area, or what ALFID, address and size in "
      "the option record say.",
      "nothing"},
     [](reader& in, const node& value, routine_config& out) {
       read_effect(in, value, kind::erase, "by_options", out);
     }},
    {{"checksum", "name | last_download",
      "Starting it computes the CRC-32 of that memory area or of the latest download.", "none"},
     [](reader& in, const node& value, routine_config& out) {
       read_effect(in, value, kind::checksum, "last_download", out);
     }},
    {{"mismatch", "bytes with {1..2} and {name}",
      "The reply where the checksum in the option record is another.", "01"},
     [](reader& in, const node& value, routine_config& out) {
       if (auto reply = in.reply_template(value)) out.mismatch = std::move(*reply);
     }},
    {{"diagnostic_session", diagnostic_session_shape, "The diagnostic sessions in which it is there.", "any"},
     [](reader& in, const node& value, routine_config& out) {
       read_diagnostic_sessions(in, value, out.needs.diagnostic_sessions);
     }},
    {{"security", "hex byte | list of hex byte", "The security levels of which one has to be unlocked.",
      "none"},
     [](reader& in, const node& value, routine_config& out) {
       read_security_levels(in, value, out.needs.security_levels);
     }},
    {{"authentication", "true | false", "Whether the tester has to be authenticated.", "false"},
     [](reader& in, const node& value, routine_config& out) {
       read_authentication_need(in, value, out.needs.authentication);
     }},
});

}  // namespace

void read_routines(reader& in, const node& value, uds::server_config& out) {
  if (refuse_no_map(in, value, "a map like { FF00: { start: { takes: 2s } } }")) return;
  out.routines.present = true;
  auto& routines = out.routines.routines;
  for (const map_entry& entry : value.entries) {
    const auto id = read_hex_key(in, entry, 4, "a RID", "FF00");
    if (!id) continue;
    routine_config made;
    made.id = static_cast<std::uint16_t>(*id);
    made.mismatch = uds::reply_template::exactly(bytes{0x01});
    const bool good = read_fields(in, *entry.value, entry.where, "a routine", routine_fields, made);
    if (made.effect.what != kind::none && !made.start) made.start.emplace();
    if (good && !made.start && !made.stop && !made.results)
      in.refuse(entry.where, "a routine can do nothing without 'start', 'stop' or 'results'");
    if (made.effect.what != kind::checksum && entry.value->find("mismatch") != nullptr)
      in.refuse(entry.where, "'mismatch' has no meaning without 'checksum'");
    const bool twice =
        std::any_of(routines.begin(), routines.end(), [&](const auto& one) { return one.id == made.id; });
    if (twice) in.refuse(entry.where, fmt::format("the RID {:04X} was already given", made.id));
    routines.push_back(std::move(made));
  }
  std::sort(routines.begin(), routines.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
}

void describe_uds_routines(std::vector<map_doc>& maps) {
  maps.push_back(describe("routine", routine_fields));
  maps.push_back(describe("routine_action", action_fields));
}

}  // namespace canstage::scenarios

// `faults:`: what goes wrong on purpose, on all levels.
#include "scenarios/load_faults.hpp"

#include <algorithm>
#include <variant>

#include "fmt/format.h"

namespace canstage::scenarios {

namespace {

using level = fault::level;
using keys = std::span<const std::string_view>;

constexpr std::string_view of_n_pdu[] = {"nth", "times", "per", "probability", "after", "until", "during"};
constexpr std::string_view of_late_cf[] = {"nth",   "times", "per",    "probability",
                                           "after", "until", "during", "delay"};
constexpr std::string_view of_ff_dl[] = {"nth",   "times",  "per",    "probability", "after",
                                         "until", "during", "length", "delta"};
constexpr std::string_view of_reserved[] = {"nth",   "times", "per",    "probability",
                                            "after", "until", "during", "value"};
constexpr std::string_view of_short[] = {"nth",   "times",  "per",    "probability", "after",
                                         "until", "during", "length", "pci"};
constexpr std::string_view of_frame[] = {"match", "times", "probability", "after", "until", "during"};
constexpr std::string_view of_alter[] = {"match", "times", "probability", "after", "until", "during", "data"};
constexpr std::string_view of_copies[] = {"match", "times",  "probability", "after",
                                          "until", "during", "copies"};
constexpr std::string_view of_delay[] = {"match", "times",  "probability", "after",
                                         "until", "during", "delay"};
constexpr std::string_view of_nrc[] = {"match", "times", "probability", "after", "until", "during", "nrc"};
constexpr std::string_view of_length[] = {"match", "times",  "probability", "after",
                                          "until", "during", "length",      "delta"};
constexpr std::string_view of_did[] = {"match", "times", "probability", "after", "until", "during", "did"};
constexpr std::string_view of_extra[] = {"match", "times",  "probability", "after",
                                         "until", "during", "delay",       "bytes"};
constexpr std::string_view of_reset[] = {"match", "times", "probability", "after", "until", "during"};
constexpr std::string_view of_power[] = {"match", "times", "probability", "after", "until", "during", "off"};
constexpr std::string_view of_boot[] = {"off"};
constexpr std::string_view of_babble[] = {"after", "until", "during", "id", "data"};
constexpr std::string_view of_load[] = {"after", "until", "during", "id", "length", "load"};

/// Those of ISO-TP first, in the order of `isotp::fault`.
constexpr std::array kinds = std::to_array<fault_kind>({
    {"wrong_sn", level::n_pdu, of_n_pdu},
    {"repeated_sn", level::n_pdu, of_n_pdu},
    {"drop_cf", level::n_pdu, of_n_pdu},
    {"early_cf", level::n_pdu, of_n_pdu},
    {"late_cf", level::n_pdu, of_late_cf, "delay"},
    {"wrong_ff_dl", level::n_pdu, of_ff_dl, "length"},
    {"withhold_fc", level::n_pdu, of_n_pdu},
    {"reserved_fs", level::n_pdu, of_reserved, "value"},
    {"reserved_stmin", level::n_pdu, of_reserved, "value"},
    {"short_frames", level::n_pdu, of_short, "length"},
    {"drop", level::frame, of_frame},
    {"corrupt", level::frame, of_frame},
    {"alter", level::frame, of_alter},
    {"duplicate", level::frame, of_copies},
    {"delay", level::frame, of_delay, "delay"},
    {"reorder", level::frame, of_delay},
    {"nrc", level::answer, of_nrc, "nrc"},
    {"silence", level::answer, of_frame},
    {"late", level::answer, of_delay, "delay"},
    {"wrong_length", level::answer, of_length, "length"},
    {"wrong_did", level::answer, of_did},
    {"extra_answer", level::answer, of_extra},
    {"reset", level::life_cycle, of_reset},
    {"power_loss", level::life_cycle, of_power, "off"},
    {"late_boot", level::life_cycle, of_boot, "off"},
    {"bus_off", level::life_cycle, of_power},
    {"babble", level::traffic, of_babble},
    {"load", level::traffic, of_load, "load"},
});

/// Keys that only some kinds have.
constexpr std::string_view special_keys[] = {
    "match", "nth",    "times", "per", "probability", "after", "until", "during", "data",  "copies", "delay",
    "nrc",   "length", "delta", "did", "bytes",       "off",   "id",    "load",   "value", "pci"};

void read_kind(reader& in, const node& value, fault_draft& out) {
  out.what_node = &value;
  std::vector<std::string_view> names;
  for (const fault_kind& one : kinds) names.push_back(one.name);
  if (!in.want_scalar(value, "what goes wrong")) return;
  const auto found = std::find(names.begin(), names.end(), value.text);
  if (found == names.end()) return in.refuse(value.where, unknown_word("fault", value.text, names));
  out.place = static_cast<std::size_t>(found - names.begin());
  out.kind = &kinds.at(out.place);
}

void look_later(reader& /*in*/, const node& /*value*/, fault_draft& /*out*/) {}

constexpr std::array fault_fields = std::to_array<field<fault_draft>>({
    {{"at", "name", "The bus, ECU or endpoint where it goes wrong.", required},
     [](reader&, const node& value, fault_draft& out) { out.at = &value; }},
    {{"do",
      "wrong_sn | repeated_sn | drop_cf | early_cf | late_cf | wrong_ff_dl | withhold_fc | reserved_fs | "
      "reserved_stmin | short_frames | drop | corrupt | alter | duplicate | delay | reorder | nrc | silence "
      "| "
      "late | wrong_length | wrong_did | extra_answer | reset | power_loss | late_boot | bus_off | babble | "
      "load",
      "What goes wrong.", required},
     &read_kind},
    {{"match", "<fault match>", "The frames, or requests, that it looks at.", "all"}, &look_later},
    {{"nth", "count", "Faults of ISO-TP: the first frame of its kind that is wrong, counted from 1.", "1"},
     &look_later},
    {{"times", "count | always", "How often it happens.", "1, with 'probability' always"}, &look_later},
    {{"per", "message | run", "Faults of ISO-TP: whether counting begins anew with each message.", "message"},
     &look_later},
    {{"probability", "percentage", "How likely it happens each time that it could.", "100%"}, &look_later},
    {{"after", "time", "It does not happen before this time of the run; without 'match' it happens then.",
      "0ms"},
     &look_later},
    {{"until", "time", "It does not happen from this time of the run on.", "the end of the run"},
     &look_later},
    {{"during", "text", "The name of steps: it happens only while one of them is played.", "always"},
     &look_later},
    {{"data", "pattern",
      "alter: what the first bytes become, ?? leaves one as it is. babble: the data of its frame, hex.",
      "alter: one bit is another, drawn from the seed; babble: \"\""},
     &look_later},
    {{"copies", "count", "duplicate: how many frames more there are.", "1"}, &look_later},
    {{"delay", "time",
      "late_cf: how late it is, beside STmin and n_cs. delay, late: how late it is. reorder: how long it "
      "waits "
      "for the next frame of its node. extra_answer: how long after the answer.",
      "needed by late_cf, delay and late; reorder 100ms, extra_answer 1ms"},
     &look_later},
    {{"nrc", "hex byte", "nrc: the NRC.", "needed there"}, &look_later},
    {{"length", "count",
      "wrong_ff_dl: the length that is announced; short_frames: data bytes that are left; wrong_length: "
      "bytes "
      "of the answer; load: data bytes of its frames.",
      "needed there, wrong_ff_dl and wrong_length may have 'delta' instead; load 8"},
     &look_later},
    {{"delta", "signed count", "wrong_ff_dl, wrong_length: what is added to the true length.", "none"},
     &look_later},
    {{"did", "DID", "wrong_did: what the answer repeats.", "the right one plus 1"}, &look_later},
    {{"bytes", "hex bytes", "extra_answer: what it is.", "the answer once more"}, &look_later},
    {{"off", "time", "power_loss, late_boot: how long there is no power. bus_off: how long at least.",
      "needed by power_loss and late_boot; bus_off: until 128 times 11 recessive bits have passed"},
     &look_later},
    {{"id", "hex identifier | identifier range", "babble: its identifier; load: those of its frames.",
      "babble 000, load 400-6FF"},
     &look_later},
    {{"load", "percentage", "load: the share of the time of the bus.", "needed there"}, &look_later},
    {{"value", "hex byte", "reserved_fs: the FS, 3 to F; reserved_stmin: the STmin, 80 to F0 or FA to FF.",
      "needed there"},
     &look_later},
    {{"pci", "SF | FF | CF | FC", "short_frames: the kind of frame.", "CF"}, &look_later},
});

bool has(keys all, std::string_view key) { return std::find(all.begin(), all.end(), key) != all.end(); }

/// Whether the keys are those of what is done.
bool check_keys_of(reader& in, const fault_draft& draft) {
  const fault_kind& kind = *draft.kind;
  for (const std::string_view key : special_keys) {
    const node* there = draft.find(key);
    if (there == nullptr || has(kind.keys, key)) continue;
    const bool in_match = (key == "nth" || key == "per" || key == "pci") && has(kind.keys, "match");
    in.refuse(there->where, in_match ? fmt::format("'{}' of '{}' is written in 'match'", key, kind.name)
                                     : fmt::format("'{}' has no meaning with '{}'", key, kind.name));
    return false;
  }
  const node* delta = draft.find("delta");
  if (delta != nullptr && draft.find("length") != nullptr) {
    in.refuse(delta->where, fmt::format("'{}' has 'length' or 'delta', not both", kind.name));
    return false;
  }
  if (kind.needs.empty() || draft.find(kind.needs) != nullptr || delta != nullptr) return true;
  in.refuse(draft.what_node->where, fmt::format("'{}' needs '{}'{}", kind.name, kind.needs,
                                                has(kind.keys, "delta") ? " or 'delta'" : ""));
  return false;
}

void add_fault(reader& in, const node& entry, n_pdu_faults& of_isotp) {
  fault_draft draft;
  draft.entry = &entry;
  if (!read_fields(in, entry, entry.where, "a fault", fault_fields, draft)) return;
  if (draft.kind == nullptr || !check_keys_of(in, draft)) return;
  switch (draft.kind->level) {
    case level::n_pdu:
      return of_isotp.add(draft);
    case level::frame:
      return read_frame_fault(in, draft);
    case level::answer:
      return read_answer_fault(in, draft);
    case level::life_cycle:
      return read_life_cycle_fault(in, draft);
    case level::traffic:
      return read_traffic_fault(in, draft);
  }
}

/// Names of steps that begin and end: those inside loops, too, but not the loops.
void collect_names(const step_list& steps, std::set<std::string_view>& into) {
  for (const step& one : steps) {
    if (const auto* loop = std::get_if<repeat_step>(&one.what)) {
      collect_names(loop->steps, into);
    } else if (const auto* each = std::get_if<for_each_step>(&one.what)) {
      for (const step_list& round : each->rounds) collect_names(round, into);
    } else {
      into.insert(one.name);
      if (const auto* fork = std::get_if<parallel_step>(&one.what))
        for (const step_list& branch : fork->branches) collect_names(branch, into);
    }
  }
}

}  // namespace

fault begin_fault(reader& in, const fault_draft& draft) {
  fault made;
  made.what = draft.kind->level;
  made.text = fmt::format("{} at {}{}", draft.kind->name, in.names().prefix, draft.at->text);
  made.where = draft.entry->where;
  if (const node* during = draft.find("during")) {
    const reader::scope inside{in, "during"};
    made.during = in.text(*during).value_or("");
  }
  return made;
}

void load_faults(reader& in, const node& faults) {
  if (faults.what == node::kind::nothing) return;
  {
    const reader::scope inside{in, "faults"};
    if (!in.want_list(faults, "a list of faults")) return;
  }
  n_pdu_faults of_isotp{in};
  for (const node_ptr& item : faults.items) add_fault(in, *item, of_isotp);
  of_isotp.assign();
}

void check_fault_steps(reader& in) {
  std::set<std::string_view> names;
  const scenario& play = in.names().play;
  collect_names(play.steps, names);
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (const fault& one : play.faults)
    if (!one.during.empty() && !names.contains(one.during))
      in.refuse(one.where, unknown_word("step", one.during, known, " in 'during'"));
}

void describe_faults(std::vector<map_doc>& maps) {
  maps.push_back(describe("fault", fault_fields));
  describe_fault_match(maps);
}

}  // namespace canstage::scenarios

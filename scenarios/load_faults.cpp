// `faults:`, so far those of a node's ISO-TP.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

using isotp::fault;

constexpr std::uint32_t most_counted = isotp::trigger::always - 1;

/// What can be done wrong, in the order of `isotp::fault`, and the keys that only it has.
struct fault_keys {
  std::string_view name;
  std::array<std::string_view, 2> own;
};

constexpr std::array fault_kinds = std::to_array<fault_keys>({
    {"wrong_sn", {}},
    {"repeated_sn", {}},
    {"drop_cf", {}},
    {"early_cf", {}},
    {"late_cf", {"delay"}},
    {"wrong_ff_dl", {"length", "delta"}},
    {"withhold_fc", {}},
    {"reserved_fs", {"value"}},
    {"reserved_stmin", {"value"}},
    {"short_frames", {"length", "pci"}},
});
static_assert(fault_kinds.size() == isotp::fault_count);

struct fault_draft {
  const node* at = nullptr;
  const node* what_node = nullptr;
  std::optional<std::size_t> what;
  isotp::trigger when;
  const node* delay = nullptr;
  const node* length = nullptr;
  const node* delta = nullptr;
  const node* value = nullptr;
  const node* pci = nullptr;
};

std::optional<std::size_t> read_kind(reader& in, const node& value) {
  return in.word(value,
                 {"wrong_sn", "repeated_sn", "drop_cf", "early_cf", "late_cf", "wrong_ff_dl", "withhold_fc",
                  "reserved_fs", "reserved_stmin", "short_frames"},
                 {"drop", "corrupt", "alter", "delay", "duplicate", "reorder"});
}

std::uint32_t read_count_from_1(reader& in, const node& value) {
  return static_cast<std::uint32_t>(in.count(value, 1, most_counted).value_or(1));
}

void read_times(reader& in, const node& value, fault_draft& out) {
  constexpr std::string_view wish = "a decimal number, or always";
  out.when.times = isotp::trigger::always;
  if (!in.want_scalar(value, wish) || value.text == "always") return;
  std::string why;
  const auto times = parse_count(value.text, 1, most_counted, why);
  if (!times) in.refuse_value(value, wish, why);
  if (times) out.when.times = static_cast<std::uint32_t>(*times);
}

template <const node* fault_draft::*Place>
void keep(reader& /*in*/, const node& value, fault_draft& out) {
  out.*Place = &value;
}

constexpr std::array fault_fields = std::to_array<field<fault_draft>>({
    {{"at", "name", "The ECU or endpoint that does it.", required}, &keep<&fault_draft::at>},
    {{"do",
      "wrong_sn | repeated_sn | drop_cf | early_cf | late_cf | wrong_ff_dl | withhold_fc | reserved_fs | "
      "reserved_stmin | short_frames",
      "What it does wrong.", required},
     [](reader& in, const node& value, fault_draft& out) {
       out.what_node = &value;
       out.what = read_kind(in, value);
     }},
    {{"nth", "count", "The first frame of its kind that is wrong, counted from 1.", "1"},
     [](reader& in, const node& value, fault_draft& out) { out.when.nth = read_count_from_1(in, value); }},
    {{"times", "count | always", "How many frames from there on are wrong.", "1"}, &read_times},
    {{"per", "message | run", "Whether counting begins anew with each message.", "message"},
     [](reader& in, const node& value, fault_draft& out) {
       const bool run = in.word(value, {"message", "run"}) == 1;
       out.when.counted = run ? isotp::trigger::scope::per_run : isotp::trigger::scope::per_message;
     }},
    {{"delay", "time", "late_cf: how late it is, beside STmin and n_cs.", "needed there"},
     &keep<&fault_draft::delay>},
    {{"length", "count", "wrong_ff_dl: the length that is announced; short_frames: data bytes that are left.",
      "needed there, wrong_ff_dl may have 'delta' instead"},
     &keep<&fault_draft::length>},
    {{"delta", "signed count", "wrong_ff_dl: what is added to the true length.", "none"},
     &keep<&fault_draft::delta>},
    {{"value", "hex byte", "reserved_fs: the FS, 3 to F; reserved_stmin: the STmin, 80 to F0 or FA to FF.",
      "needed there"},
     &keep<&fault_draft::value>},
    {{"pci", "SF | FF | CF | FC", "short_frames: the kind of frame.", "CF"}, &keep<&fault_draft::pci>},
});

/// Whether the keys are those of what is done.
bool check_fault_keys(reader& in, const node& entry, const fault_draft& draft) {
  const fault_keys& kind = fault_kinds.at(*draft.what);
  const auto is_own = [&](std::string_view key) {
    return std::find(kind.own.begin(), kind.own.end(), key) != kind.own.end();
  };
  for (const std::string_view key : {"delay", "length", "delta", "value", "pci"}) {
    const node_ptr* there = entry.find(key);
    if (there == nullptr || is_own(key)) continue;
    in.refuse((*there)->where, fmt::format("'{}' has no meaning with '{}'", key, kind.name));
    return false;
  }
  const bool complete = kind.own[0].empty() || entry.find(kind.own[0]) != nullptr || draft.delta != nullptr;
  if (complete && draft.length != nullptr && draft.delta != nullptr) {
    in.refuse(draft.delta->where, fmt::format("'{}' has 'length' or 'delta', not both", kind.name));
    return false;
  }
  if (complete) return true;
  const bool either = static_cast<fault>(*draft.what) == fault::wrong_ff_dl;
  in.refuse(draft.what_node->where,
            fmt::format("'{}' needs '{}'{}", kind.name, kind.own[0], either ? " or 'delta'" : ""));
  return false;
}

std::optional<std::int64_t> read_delta(reader& in, const node& value) {
  constexpr std::string_view wish = "a number of bytes like -3 or 5";
  constexpr std::uint64_t most = 0xFFFF'FFFF;
  if (!in.want_scalar(value, wish)) return std::nullopt;
  std::string_view digits = value.text;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  std::string why;
  const auto amount = parse_count(digits, 1, most, why);
  if (!amount) {
    in.refuse_value(value, wish, why);
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*amount) * (negative ? -1 : 1);
}

std::optional<isotp::misbehaviour::value> read_reserved(reader& in, const node& value, fault what,
                                                        const isotp::trigger& when) {
  const auto code = in.hex_byte(value);
  if (!code) return std::nullopt;
  isotp::misbehaviour only_this;
  (what == fault::reserved_fs ? only_this.reserved_fs : only_this.reserved_stmin) = {when, *code};
  if (isotp::validate(only_this).empty()) return isotp::misbehaviour::value{when, *code};
  in.refuse_value(value, what == fault::reserved_fs ? "a reserved FS from 3 to F"
                                                    : "a reserved STmin from 80 to F0 or FA to FF");
  return std::nullopt;
}

/// Reads what one kind of fault needs. A key whose value is refused leaves it unset.
void read_fault(reader& in, const fault_draft& draft, isotp::misbehaviour& out) {
  constexpr std::uint64_t longest = 0xFFFF'FFFF;
  const auto read_inside = [&](std::string_view key, auto read) {
    const reader::scope inside{in, key};
    return read();
  };
  switch (static_cast<fault>(*draft.what)) {
    case fault::wrong_sn:
      out.wrong_sn = draft.when;
      break;
    case fault::repeated_sn:
      out.repeated_sn = draft.when;
      break;
    case fault::drop_cf:
      out.drop_cf = draft.when;
      break;
    case fault::early_cf:
      out.early_cf = draft.when;
      break;
    case fault::late_cf:
      if (const auto delay = read_inside("delay", [&] { return in.time_above_zero(*draft.delay); })) {
        out.late_cf = {draft.when, *delay};
      }
      break;
    case fault::wrong_ff_dl:
      if (draft.delta != nullptr) {
        if (const auto delta = read_inside("delta", [&] { return read_delta(in, *draft.delta); })) {
          out.wrong_ff_dl = {draft.when, std::nullopt, *delta};
        }
      } else if (const auto length =
                     read_inside("length", [&] { return in.count(*draft.length, 0, longest); })) {
        out.wrong_ff_dl = {draft.when, static_cast<std::uint32_t>(*length), 0};
      }
      break;
    case fault::withhold_fc:
      out.withhold_fc = draft.when;
      break;
    case fault::reserved_fs:
      out.reserved_fs = read_inside(
          "value", [&] { return read_reserved(in, *draft.value, fault::reserved_fs, draft.when); });
      break;
    case fault::reserved_stmin:
      out.reserved_stmin = read_inside(
          "value", [&] { return read_reserved(in, *draft.value, fault::reserved_stmin, draft.when); });
      break;
    case fault::short_frames: {
      const auto length =
          read_inside("length", [&] { return in.count(*draft.length, 0, can::max_fd_length - 1); });
      const auto kind = draft.pci == nullptr ? std::optional<std::size_t>{2} : read_inside("pci", [&] {
        return in.word(*draft.pci, {"SF", "FF", "CF", "FC"});
      });
      if (length && kind) {
        out.short_frames = {draft.when, static_cast<isotp::n_pdu_kind>(*kind),
                            static_cast<std::uint8_t>(*length)};
      }
      break;
    }
  }
}

/// Where a fault is: an ECU or an endpoint. Nothing after a refusal.
std::optional<party> find_faulty(reader& in, const node& at) {
  const load_context& names = in.names();
  const reader::scope inside{in, "at"};
  if (at.is_scalar() && names.buses.contains(at.text) && !names.participants.contains(at.text)) {
    in.refuse(at.where,
              fmt::format("{} is a bus; faults at a bus are not known yet in this version", shown(at.text)));
    return std::nullopt;
  }
  const auto* who = find_participant(in, at, "an ECU");
  if (who == nullptr) return std::nullopt;
  if (who->what.what != party::kind::tester) return who->what;
  in.refuse(at.where, fmt::format("{} is a tester; faults are those of ECUs and endpoints", shown(at.text)));
  return std::nullopt;
}

class fault_list {
 public:
  explicit fault_list(reader& in) : in_(in) {}

  void add(const node& entry) {
    fault_draft draft;
    if (!read_fields(in_, entry, entry.where, "a fault", fault_fields, draft)) return;
    const auto who = find_faulty(in_, *draft.at);
    if (!draft.what || !check_fault_keys(in_, entry, draft) || !who) return;
    faulty& culprit = by_node_[{who->what, who->index}];
    if (culprit.done[*draft.what]) {
      in_.refuse(draft.what_node->where,
                 fmt::format("{} has '{}' twice; each fault is there once for a node", shown(draft.at->text),
                             fault_kinds.at(*draft.what).name));
      return;
    }
    culprit.done[*draft.what] = true;
    read_fault(in_, draft, culprit.options);
  }

  /// Gives each node its faults.
  void assign(scenario& play) const {
    for (const auto& [who, culprit] : by_node_) {
      auto made = std::make_shared<const isotp::misbehaviour>(culprit.options);
      if (who.first == party::kind::ecu) {
        play.ecus[who.second].faults = std::move(made);
      } else {
        play.endpoints[who.second].faults = std::move(made);
      }
    }
  }

 private:
  struct faulty {
    isotp::misbehaviour options;
    std::array<bool, isotp::fault_count> done{};
  };

  reader& in_;
  std::map<std::pair<party::kind, std::uint32_t>, faulty> by_node_;
};

}  // namespace

void load_faults(reader& in, const node& faults) {
  if (faults.what == node::kind::nothing) return;
  {
    const reader::scope inside{in, "faults"};
    if (!in.want_list(faults, "a list of faults")) return;
  }
  fault_list list{in};
  for (const node_ptr& item : faults.items) list.add(*item);
  list.assign(in.names().play);
}

void describe_faults(std::vector<map_doc>& maps) { maps.push_back(describe("fault", fault_fields)); }

}  // namespace canstage::scenarios

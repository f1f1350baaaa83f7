// `faults:` of a node's ISO-TP.
#include "fmt/format.h"
#include "scenarios/load_faults.hpp"

namespace canstage::scenarios {

namespace {

using isotp_fault = isotp::fault;

constexpr std::uint32_t most_counted = isotp::trigger::always - 1;

/// `nth`, `times`, `per`.
isotp::trigger read_n_pdu_trigger(reader& in, const fault_draft& draft) {
  isotp::trigger when;
  const fault_trigger common = read_trigger(in, draft);
  when.per_million = common.per_million;
  if (draft.find("probability") != nullptr) when.times = isotp::trigger::always;
  if (const node* nth = draft.find("nth")) {
    const reader::scope inside{in, "nth"};
    when.nth = static_cast<std::uint32_t>(in.count(*nth, 1, most_counted).value_or(1));
  }
  if (draft.find("times") != nullptr) when.times = common.times;
  if (const node* per = draft.find("per")) {
    const reader::scope inside{in, "per"};
    const bool run = in.word(*per, {"message", "run"}) == 1;
    when.counted = run ? isotp::trigger::scope::per_run : isotp::trigger::scope::per_message;
  }
  return when;
}

std::optional<isotp::misbehaviour::value> read_reserved(reader& in, const node& value, isotp_fault what,
                                                        const isotp::trigger& when) {
  const auto code = in.hex_byte(value);
  if (!code) return std::nullopt;
  isotp::misbehaviour only_this;
  (what == isotp_fault::reserved_fs ? only_this.reserved_fs : only_this.reserved_stmin) = {when, *code};
  if (isotp::validate(only_this).empty()) return isotp::misbehaviour::value{when, *code};
  in.refuse_value(value, what == isotp_fault::reserved_fs ? "a reserved FS from 3 to F"
                                                          : "a reserved STmin from 80 to F0 or FA to FF");
  return std::nullopt;
}

constexpr std::uint64_t longest_message = 0xFFFF'FFFF;

/// Reads the value of a key that is there.
template <class Read>
auto read_key(reader& in, const fault_draft& draft, std::string_view key, Read read) {
  const reader::scope inside{in, key};
  return read(*draft.find(key));
}

void read_ff_dl(reader& in, const fault_draft& draft, const isotp::trigger& when, isotp::misbehaviour& out) {
  if (draft.find("delta") != nullptr) {
    const auto delta = read_key(in, draft, "delta", [&](const node& value) { return read_delta(in, value); });
    if (delta) out.wrong_ff_dl = {when, std::nullopt, *delta};
    return;
  }
  const auto length =
      read_key(in, draft, "length", [&](const node& value) { return in.count(value, 0, longest_message); });
  if (length) out.wrong_ff_dl = {when, static_cast<std::uint32_t>(*length), 0};
}

void read_cut(reader& in, const fault_draft& draft, const isotp::trigger& when, isotp::misbehaviour& out) {
  const auto length = read_key(in, draft, "length",
                               [&](const node& value) { return in.count(value, 0, can::max_fd_length - 1); });
  auto kind = std::optional{static_cast<std::size_t>(isotp::n_pdu_kind::consecutive)};
  if (draft.find("pci") != nullptr)
    kind = read_key(in, draft, "pci", [&](const node& value) {
      return in.word(value, {"SF", "FF", "CF", "FC"});
    });
  if (length && kind)
    out.short_frames = {when, static_cast<isotp::n_pdu_kind>(*kind), static_cast<std::uint8_t>(*length)};
}

/// Reads what one kind of fault needs. A key whose value is refused leaves it unset.
void read_fault(reader& in, const fault_draft& draft, isotp::misbehaviour& out) {
  const isotp::trigger when = read_n_pdu_trigger(in, draft);
  const auto what = static_cast<isotp_fault>(draft.place);
  const auto reserved = [&] {
    return read_key(in, draft, "value",
                    [&](const node& value) { return read_reserved(in, value, what, when); });
  };
  switch (what) {
    case isotp_fault::wrong_sn:
      out.wrong_sn = when;
      break;
    case isotp_fault::repeated_sn:
      out.repeated_sn = when;
      break;
    case isotp_fault::drop_cf:
      out.drop_cf = when;
      break;
    case isotp_fault::early_cf:
      out.early_cf = when;
      break;
    case isotp_fault::late_cf:
      if (const auto delay = read_delay(in, draft, {})) out.late_cf = {when, *delay};
      break;
    case isotp_fault::wrong_ff_dl:
      read_ff_dl(in, draft, when, out);
      break;
    case isotp_fault::withhold_fc:
      out.withhold_fc = when;
      break;
    case isotp_fault::reserved_fs:
      out.reserved_fs = reserved();
      break;
    case isotp_fault::reserved_stmin:
      out.reserved_stmin = reserved();
      break;
    case isotp_fault::short_frames:
      read_cut(in, draft, when, out);
      break;
  }
}

/// Where a fault is: an ECU or an endpoint. Nothing after a refusal.
std::optional<party> find_faulty(reader& in, const fault_draft& draft) {
  const load_context& names = in.names();
  const node& at = *draft.at;
  const reader::scope inside{in, "at"};
  if (at.is_scalar() && names.buses.contains(at.text) && !names.participants.contains(at.text)) {
    in.refuse(at.where, fmt::format("{} is a bus; '{}' is what an ECU or an endpoint does", shown(at.text),
                                    draft.kind->name));
    return std::nullopt;
  }
  const auto* who = find_participant(in, at, "an ECU");
  if (who == nullptr) return std::nullopt;
  if (who->what.what != party::kind::tester) return who->what;
  in.refuse(at.where, fmt::format("{} is a tester; faults are those of ECUs and endpoints", shown(at.text)));
  return std::nullopt;
}

}  // namespace

void n_pdu_faults::add(const fault_draft& draft) {
  const auto who = find_faulty(in_, draft);
  if (!who) return;
  faulty& culprit = by_node_[{who->what, who->index}];
  if (culprit.done[draft.place]) {
    in_.refuse(draft.what_node->where, fmt::format("{} has '{}' twice; each fault is there once for a node",
                                                   shown(draft.at->text), draft.kind->name));
    return;
  }
  culprit.done[draft.place] = true;
  auto& all = in_.names().play.faults;
  culprit.options.labels[draft.place] = static_cast<std::uint32_t>(all.size());
  fault made = begin_fault(in_, draft);
  made.node = *who;
  if (who->what == party::kind::ecu) made.ecu = who->index;
  const fault_trigger when = read_trigger(in_, draft);
  made.begin = when.from;
  made.end = when.until;
  all.push_back(std::move(made));
  read_fault(in_, draft, culprit.options);
}

void n_pdu_faults::assign() const {
  scenario& play = in_.names().play;
  for (const auto& [who, culprit] : by_node_) {
    auto made = std::make_shared<const isotp::misbehaviour>(culprit.options);
    if (who.first == party::kind::ecu) {
      play.ecus[who.second].faults = std::move(made);
    } else {
      play.endpoints[who.second].faults = std::move(made);
    }
  }
}

}  // namespace canstage::scenarios

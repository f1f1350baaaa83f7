// `faults:` of frames, and of what keeps frames from the bus.
#include "fmt/format.h"
#include "scenarios/load_faults.hpp"

namespace canstage::scenarios {

namespace {

using namespace std::chrono_literals;

constexpr duration reorder_patience = 100ms;
constexpr std::uint64_t most_copies = 1000;
constexpr std::size_t first_frame_kind = 10;  ///< behind those of ISO-TP

/// Whether such a fault can be on that bus.
bool can_be_on(reader& in, const fault_draft& draft, bus_index index) {
  const bus& on = in.names().play.buses[index];
  const bool needs_rate = draft.kind->name == "corrupt" || draft.kind->name == "load" ||
                          draft.kind->name == "babble" ||
                          (draft.kind->name == "bus_off" && draft.find("off") == nullptr);
  if (!needs_rate || on.rates) return true;
  const std::string_view why = draft.kind->name == "bus_off"
                                   ? "an ideal bus has no time to recover in; 'off' says how long it takes"
                                   : "an ideal bus has no error frames and no load";
  in.refuse(draft.what_node->where, fmt::format("'{}' needs a bus with 'bitrate', and {} has none: {}",
                                                draft.kind->name, shown(on.name), why));
  return false;
}

std::uint32_t number_of_next(reader& in) { return static_cast<std::uint32_t>(in.names().play.faults.size()); }

/// `off` of an ECU; without it `fallback`. Nothing after a refusal.
std::optional<duration> read_off(reader& in, const fault_draft& draft, duration fallback) {
  const node* value = draft.find("off");
  if (value == nullptr) return fallback;
  const reader::scope inside{in, "off"};
  return in.time_above_zero(*value);
}

life_action life_action_of(std::string_view name) {
  if (name == "reset") return life_action::reset;
  if (name == "power_loss") return life_action::power_loss;
  return name == "late_boot" ? life_action::late_boot : life_action::bus_off;
}

/// `data` of a frame that is sent. Nothing after a refusal.
std::optional<bytes> read_sent_data(reader& in, const fault_draft& draft) {
  const node* value = draft.find("data");
  if (value == nullptr) return bytes{};
  const reader::scope inside{in, "data"};
  return in.hex_bytes(*value);
}

bool read_identifiers(reader& in, const fault_draft& draft, identifier_range& ids) {
  const node* value = draft.find("id");
  if (value == nullptr) return true;
  const reader::scope inside{in, "id"};
  const auto read = read_identifier_range(in, *value);
  if (read) ids = *read;
  return read.has_value();
}

bool read_babble(reader& in, const fault_draft& draft, fault& made) {
  identifier_range ids{can::identifier::standard(0), can::identifier::standard(0)};
  const auto data = read_sent_data(in, draft);
  if (!data || !read_identifiers(in, draft, ids)) return false;
  if (ids.first != ids.last) {
    in.refuse(draft.find("id")->where, "'babble' has one identifier");
    return false;
  }
  if (data->size() > can::max_classic_length) {
    in.refuse(draft.find("data")->where, "'babble' sends classic frames, of up to 8 bytes");
    return false;
  }
  made.foreign.content = can::data_frame(ids.first, *data);
  return true;
}

bool read_load(reader& in, const fault_draft& draft, fault& made) {
  identifier_range ids{can::identifier::standard(0x400), can::identifier::standard(0x6FF)};
  if (!read_identifiers(in, draft, ids)) return false;
  std::uint64_t length = can::max_classic_length;
  if (const node* value = draft.find("length")) {
    const reader::scope inside{in, "length"};
    length = in.count(*value, 0, can::max_classic_length).value_or(length);
  }
  const node& share = *draft.find("load");
  const reader::scope inside{in, "load"};
  constexpr std::string_view wish = "a share from 0.1% to 100%";
  constexpr std::uint32_t thousandth = 1000;
  std::string why;
  if (!in.want_scalar(share, wish)) return false;
  const auto load = parse_share(share.text, why);
  if (!load || *load < thousandth) {
    in.refuse_value(share, wish, why);
    return false;
  }
  made.foreign.load = *load / thousandth;
  made.foreign.last = ids.last;
  made.foreign.content = can::data_frame(ids.first, bytes(length, 0));
  return true;
}

}  // namespace

void read_frame_fault(reader& in, const fault_draft& draft) {
  const auto bus = read_bus_at(in, draft);
  if (!bus || !can_be_on(in, draft, *bus)) return;
  fault made = begin_fault(in, draft);
  can::frame_fault frame;
  frame.number = number_of_next(in);
  frame.action = static_cast<can::frame_action>(draft.place - first_frame_kind);
  frame.when = read_trigger(in, draft);
  const auto match = read_frame_match(in, draft.find("match"), frame.when);
  const auto delay = read_delay(in, draft, reorder_patience);
  if (!match || !delay) return;
  frame.match = *match;
  frame.by = *delay;
  if (const node* data = draft.find("data")) {
    const reader::scope inside{in, "data"};
    const auto altered = read_byte_bits(in, *data);
    if (!altered) return;
    frame.altered = *altered;
  }
  if (const node* copies = draft.find("copies")) {
    const reader::scope inside{in, "copies"};
    frame.copies = static_cast<std::uint32_t>(in.count(*copies, 1, most_copies).value_or(1));
  }
  made.bus = *bus;
  made.frame = std::move(frame);
  in.names().play.faults.push_back(std::move(made));
}

void read_life_cycle_fault(reader& in, const fault_draft& draft) {
  const auto who = read_ecu_at(in, draft);
  if (!who) return;
  fault made = begin_fault(in, draft);
  made.ecu = *who;
  made.bus = in.names().play.ecus[*who].bus;
  if (!can_be_on(in, draft, made.bus)) return;
  made.action = life_action_of(draft.kind->name);
  fault_trigger when = read_trigger(in, draft);
  const auto off = read_off(in, draft, duration{0});
  if (!off) return;
  made.off = *off;
  made.begin = when.from;
  const node* match = draft.find("match");
  if (match == nullptr && (draft.find("times") != nullptr || draft.find("probability") != nullptr ||
                           draft.find("until") != nullptr)) {
    in.refuse(draft.what_node->where,
              fmt::format("'{}' happens once, at the time of 'after' or with the step of "
                          "'during'; for more, 'match' names the frames that bring it "
                          "about",
                          draft.kind->name));
    return;
  }
  if (match != nullptr) {
    const auto frames = read_frame_match(in, match, when);
    if (!frames) return;
    made.frame.emplace();
    made.frame->number = number_of_next(in);
    made.frame->action = can::frame_action::tell;
    made.frame->when = when;
    made.frame->match = *frames;
  }
  in.names().play.faults.push_back(std::move(made));
}

void read_traffic_fault(reader& in, const fault_draft& draft) {
  const auto bus = read_bus_at(in, draft);
  if (!bus || !can_be_on(in, draft, *bus)) return;
  fault made = begin_fault(in, draft);
  const fault_trigger when = read_trigger(in, draft);
  made.bus = *bus;
  made.begin = when.from;
  made.end = when.until;
  made.foreign.rates = *in.names().play.buses[*bus].rates;
  const bool babbles = draft.kind->name == "babble";
  if (!(babbles ? read_babble(in, draft, made) : read_load(in, draft, made))) return;
  in.names().play.faults.push_back(std::move(made));
}

}  // namespace canstage::scenarios

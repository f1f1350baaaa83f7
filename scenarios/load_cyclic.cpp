// `cyclic:`, and the step that switches one of them.
#include <bit>

#include "fmt/format.h"
#include "scenarios/expand.hpp"
#include "scenarios/load_frames.hpp"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

struct counter_draft {
  can::counter_field made;
  std::optional<std::uint64_t> last;
  const node* last_node = nullptr;
};

/// The number of a byte of a frame.
std::uint8_t read_place(reader& in, const node& value) {
  return static_cast<std::uint8_t>(in.count(value, 0, can::max_fd_length - 1).value_or(0));
}

constexpr std::array counter_fields = std::to_array<field<counter_draft>>({
    {{"byte", "count", "The byte of the data in which it is, counted from 0.", required},
     [](reader& in, const node& value, counter_draft& out) { out.made.byte = read_place(in, value); }},
    {{"mask", "hex byte", "The bits of that byte, which follow each other.", "FF"},
     [](reader& in, const node& value, counter_draft& out) {
       const auto mask = in.hex_byte(value);
       if (!mask) return;
       const unsigned bits = *mask >> static_cast<unsigned>(std::countr_zero(*mask));
       if (*mask == 0 || !std::has_single_bit(bits + 1))
         in.refuse_value(value, "bits that follow each other, like 0F or F0");
       out.made.mask = *mask;
     }},
    {{"last", "count", "The number that is followed by 0.", "all bits set"},
     [](reader& in, const node& value, counter_draft& out) {
       out.last = in.count(value, 1, 255);
       out.last_node = &value;
     }},
});

void read_counter(reader& in, const node& value, std::optional<can::counter_field>& out) {
  counter_draft draft;
  if (!read_fields(in, value, value.where, "a counter", counter_fields, draft)) return;
  if (draft.made.mask == 0) return;
  const auto shift = static_cast<unsigned>(std::countr_zero(draft.made.mask));
  const unsigned most = static_cast<unsigned>(draft.made.mask) >> shift;
  draft.made.last = draft.last ? static_cast<std::uint32_t>(*draft.last) : most;
  if (draft.made.last > most)
    in.refuse(draft.last_node->where, fmt::format("the bits of the counter end at {}", most));
  out = draft.made;
}

void read_covered(reader& in, const node& value, can::checksum_field& out) {
  constexpr std::string_view wish = "numbers of bytes like 1..7";
  if (!in.want_scalar(value, wish)) return;
  std::string why;
  const auto range = parse_count_range(value.text, why);
  if (!range || !range->most || *range->most >= can::max_fd_length) {
    in.refuse_value(value, wish, why);
    return;
  }
  out.first = static_cast<std::uint8_t>(range->least);
  out.last = static_cast<std::uint8_t>(*range->most);
}

constexpr std::array checksum_fields = std::to_array<field<can::checksum_field>>({
    {{"byte", "count", "The byte of the data in which it is, counted from 0.", required},
     [](reader& in, const node& value, can::checksum_field& out) { out.byte = read_place(in, value); }},
    {{"kind", "crc8_j1850 | xor | sum", "CRC-8 of SAE J1850, or XOR or sum of the bytes.", "crc8_j1850"},
     [](reader& in, const node& value, can::checksum_field& out) {
       out.kind = static_cast<can::checksum_kind>(in.word(value, {"crc8_j1850", "xor", "sum"}).value_or(0));
     }},
    {{"over", "number range", "The bytes of the data that it covers, without its own.", "all others"},
     &read_covered},
    {{"prefix", "hex bytes", "Bytes that it covers in front of them and that are not sent.", "\"\""},
     [](reader& in, const node& value, can::checksum_field& out) {
       out.prefix = in.hex_bytes(value).value_or(bytes{});
     }},
});

void read_checksum(reader& in, const node& value, std::optional<can::checksum_field>& out) {
  can::checksum_field made;
  if (read_fields(in, value, value.where, "a checksum", checksum_fields, made)) out = made;
}

struct cyclic_draft {
  const node* bus = nullptr;
  std::optional<can::identifier> id;
  std::optional<bytes> data = bytes{};
  bool fd = false;
  can::cyclic_settings made;
};

constexpr std::array cyclic_fields = std::to_array<field<cyclic_draft>>({
    {{"bus", "name", "Where it is sent.", "the only bus, where there is a single one"},
     [](reader&, const node& value, cyclic_draft& out) { out.bus = &value; }},
    {{"id", "hex identifier", "Its identifier.", required},
     [](reader& in, const node& value, cyclic_draft& out) { out.id = in.identifier(value); }},
    {{"data", "hex bytes", "Its data, up to 8 bytes, with 'fd' up to 64.", "\"\""},
     [](reader& in, const node& value, cyclic_draft& out) { out.data = in.hex_bytes(value); }},
    {{"fd", "true | false", "A CAN FD frame with rate switch, padded with CC to the next length.", "false"},
     [](reader& in, const node& value, cyclic_draft& out) { out.fd = in.truth(value).value_or(false); }},
    {{"period", "time", "From one to the next.", required},
     [](reader& in, const node& value, cyclic_draft& out) {
       out.made.period = in.time_above_zero(value).value_or(duration{0});
     }},
    {{"offset", "time", "When the first one is sent.", "0ms"},
     [](reader& in, const node& value, cyclic_draft& out) {
       out.made.offset = in.time(value).value_or(duration{0});
     }},
    {{"counter", "<counter>", "A number that goes on with each frame.", "none"},
     [](reader& in, const node& value, cyclic_draft& out) { read_counter(in, value, out.made.counter); }},
    {{"checksum", "<checksum>", "A byte that is made of the others.", "none"},
     [](reader& in, const node& value, cyclic_draft& out) { read_checksum(in, value, out.made.checksum); }},
    {{"state", "on | off", "Whether it is sent from the beginning; a step can switch it.", "on"},
     [](reader& in, const node& value, cyclic_draft& out) {
       out.made.on = in.word(value, {"on", "off"}) != 1;
     }},
});

void load_one(reader& in, const map_entry& entry) {
  load_context& names = in.names();
  if (!is_name(entry.key))
    in.refuse(entry.where,
              fmt::format("{} cannot be a name: letters, digits, '_', '-' and '.'", shown(entry.key)));
  names.cyclic.try_emplace(entry.key, static_cast<std::uint32_t>(names.play.cyclic.size()));
  cyclic_draft draft;
  const bool complete = read_fields(in, *entry.value, entry.where, "a cyclic frame", cyclic_fields, draft);
  const auto bus = read_bus(in, draft.bus, entry.where);
  cyclic_frame& made = names.play.cyclic.emplace_back();
  made.name = names.prefix + entry.key;
  made.where = entry.where;
  if (!complete || !bus || !draft.id || !draft.data || draft.made.period == duration{0}) return;
  made.bus = *bus;
  made.settings = draft.made;
  const node_ptr* data = entry.value->find("data");
  const node* data_node = data != nullptr ? data->get() : nullptr;
  const auto frame = make_frame(in, *bus, *draft.id, *draft.data, draft.fd, entry.where, data_node);
  if (!frame) return;
  made.settings.content = *frame;
  for (const auto& [key, byte] :
       {std::pair{"counter", draft.made.counter ? std::optional{draft.made.counter->byte} : std::nullopt},
        {"checksum", draft.made.checksum ? std::optional{draft.made.checksum->byte} : std::nullopt}})
    if (byte && *byte >= frame->length)
      in.refuse((*entry.value->find(key))->where,
                fmt::format("the {} is in byte {}, but the data have {} bytes", key, *byte, frame->length));
}

struct switch_draft {
  std::optional<std::uint32_t> frame;
  std::optional<std::size_t> state;
};

constexpr std::array switch_fields = std::to_array<field<switch_draft>>({
    {{"frame", "name", "One of the frames under 'cyclic' of the file.", required},
     [](reader& in, const node& value, switch_draft& out) {
       if (!in.want_scalar(value, "the name of a cyclic frame")) return;
       const auto& known = in.names().cyclic;
       const auto found = known.find(value.text);
       if (found != known.end()) {
         out.frame = found->second;
         return;
       }
       std::vector<std::string_view> names;
       for (const auto& [name, index] : known) names.push_back(name);
       in.refuse(value.where, unknown_word("cyclic frame", value.text, names));
     }},
    {{"state", "on | off", "Whether it is sent from now on.", required},
     [](reader& in, const node& value, switch_draft& out) {
       out.state = in.word(value, {"on", "off"});
     }},
});

}  // namespace

void load_cyclic(reader& in, const node& cyclic) {
  for (const map_entry& entry : cyclic.entries) load_one(in, entry);
}

void read_cyclic_step(reader& in, const node& value, step& out) {
  switch_draft draft;
  if (!read_fields(in, value, value.where, "cyclic", switch_fields, draft) || !draft.frame || !draft.state)
    return;
  const bool on = *draft.state == 0;
  out.what = switch_cyclic_step{*draft.frame, on};
  if (out.name.empty())
    out.name =
        fmt::format("cyclic frame {} {}", in.names().play.cyclic[*draft.frame].name, on ? "on" : "off");
}

void describe_cyclic(std::vector<map_doc>& maps) {
  maps.push_back(describe("cyclic", cyclic_fields));
  maps.push_back(describe("counter", counter_fields));
  maps.push_back(describe("checksum", checksum_fields));
  maps.push_back(describe("cyclic step", switch_fields));
}

}  // namespace canstage::scenarios

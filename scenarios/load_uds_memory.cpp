// `memory:`, `alfid:`, `transfer:` and `files:`.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_uds.hpp"
#include "scenarios/load_varying_time.hpp"

namespace canstage::scenarios {

namespace {

using uds::memory_area;
using uds::transfer_config;

constexpr std::uint64_t most_memory = 64U << 20U;

template <uds::permission memory_area::*Use>
void read_use(reader& in, const node& value, memory_area& out) {
  read_permission(in, value, (out.*Use).allowed, (out.*Use).needs);
}

void read_address(reader& in, const node& value, std::uint64_t& out) {
  constexpr std::string_view wish = "a hexadecimal address like 00100000";
  if (!in.want_scalar(value, wish)) return;
  text_error error;
  const std::string even = (value.text.size() % 2 == 0 ? "" : "0") + value.text;
  const auto bytes = parse_hex(even, error);
  if (!bytes || bytes->empty() || bytes->size() > sizeof out) {
    in.refuse_value(value, wish);
    return;
  }
  for (const std::uint8_t byte : *bytes) out = out << 8U | byte;
}

constexpr std::array area_fields = std::to_array<field<memory_area>>({
    {{"address", "hex number", "Where it begins.", required},
     [](reader& in, const node& value, memory_area& out) { read_address(in, value, out.address); }},
    {{"size", "count", "How many bytes it has.", required},
     [](reader& in, const node& value, memory_area& out) {
       out.size = in.count(value, 1, most_memory).value_or(1);
     }},
    {{"data", "hex bytes", "What stands at its begin.", "\"\""},
     [](reader& in, const node& value, memory_area& out) {
       out.data = in.hex_bytes(value).value_or(bytes{});
     }},
    {{"fill", "hex byte", "The bytes behind it, and all that are erased.", "FF"},
     [](reader& in, const node& value, memory_area& out) { out.fill = in.hex_byte(value).value_or(0xFF); }},
    {{"read", "true | false | <access>", "Whether 23 may read it, or what that needs.", "true"},
     &read_use<&memory_area::read>},
    {{"write", "true | false | <access>", "Whether 3D may write it, or what that needs.", "false"},
     &read_use<&memory_area::write>},
    {{"download", "true | false | <access>", "Whether 34 may begin a download to it, or what that needs.",
      "false"},
     &read_use<&memory_area::download>},
    {{"upload", "true | false | <access>", "Whether 35 may begin an upload from it, or what that needs.",
      "false"},
     &read_use<&memory_area::upload>},
    {{"needs_erase", "true | false", "Whether a download to what is not erased fails with NRC 72.", "false"},
     [](reader& in, const node& value, memory_area& out) {
       out.needs_erase = in.truth(value).value_or(false);
     }},
    {{"volatile", "true | false", "Whether a reset makes it as it was at first.", "false"},
     [](reader& in, const node& value, memory_area& out) {
       out.is_volatile = in.truth(value).value_or(false);
     }},
});

bool is_alfid(std::uint8_t byte) {
  constexpr unsigned longest = 8;
  const auto is_length = [](unsigned digit) { return digit >= 1 && digit <= longest; };
  return is_length(byte >> 4U) && is_length(byte & 0xFU);
}

void check_overlap(reader& in, const node& value, const std::vector<memory_area>& areas) {
  for (std::size_t i = 1; i < areas.size(); ++i) {
    const memory_area& before = areas[i - 1];
    if (areas[i].address - before.address >= before.size) continue;
    in.refuse(value.where, fmt::format("'{}' and '{}' overlap", before.name, areas[i].name));
  }
}

void read_hex_set(reader& in, const node& value, std::bitset<256>& out) {
  const auto add = [&](const node& one) {
    if (const auto byte = in.hex_byte(one)) out.set(*byte);
  };
  if (value.what != node::kind::list) return add(value);
  for (const node_ptr& item : value.items) add(*item);
}

constexpr std::array transfer_fields = std::to_array<field<transfer_config>>({
    {{"max_block", "count", "maxNumberOfBlockLength: the longest block, with SID and counter.", "4095"},
     [](reader& in, const node& value, transfer_config& out) {
       constexpr std::uint32_t least = 3;
       constexpr std::uint32_t most = 4095;
       out.max_block = static_cast<std::uint32_t>(in.count(value, least, most).value_or(most));
     }},
    {{"data_format", "hex byte | list of hex byte", "The dataFormatIdentifiers that are accepted.", "00"},
     [](reader& in, const node& value, transfer_config& out) {
       out.data_formats.reset();
       read_hex_set(in, value, out.data_formats);
     }},
    {{"block_takes", varying_time_shape, "Working time for each block of a download.", "none"},
     [](reader& in, const node& value, transfer_config& out) {
       out.block_takes = read_varying_time(in, value);
     }},
});

struct file_draft {
  bytes content;
  int given = 0;
};

constexpr std::array file_fields = std::to_array<field<file_draft>>({
    {{"text", "text", "The content as text.", "none; one of text and hex is needed", "the content"},
     [](reader& in, const node& value, file_draft& out) {
       if (const auto text = in.text(value)) out.content.assign(text->begin(), text->end());
       ++out.given;
     }},
    {{"hex", "hex bytes", "The content as bytes.", "none; one of text and hex is needed", "the content"},
     [](reader& in, const node& value, file_draft& out) {
       out.content = in.hex_bytes(value).value_or(bytes{});
       ++out.given;
     }},
});

}  // namespace

void read_memory_areas(reader& in, const node& value, uds::server_config& out) {
  if (refuse_no_map(in, value, "a map like { flash: { address: \"00100000\", size: 65536 } }")) return;
  auto& areas = out.memory.areas;
  for (const map_entry& entry : value.entries) {
    memory_area made;
    made.name = entry.key;
    if (!read_fields(in, *entry.value, entry.where, "a memory area", area_fields, made)) continue;
    if (made.data.size() > made.size) {
      in.refuse(entry.where,
                fmt::format("its {} bytes of 'data' are more than its 'size'", made.data.size()));
    }
    if (made.address + (made.size - 1) < made.address)
      in.refuse(entry.where, "it goes on behind the highest address there is, FFFFFFFFFFFFFFFF");
    areas.push_back(std::move(made));
  }
  std::sort(areas.begin(), areas.end(), [](const auto& a, const auto& b) { return a.address < b.address; });
  check_overlap(in, value, areas);
}

void read_alfid(reader& in, const node& value, uds::server_config& out) {
  const auto add = [&](const node& one) {
    const auto alfid = in.hex_byte(one);
    if (!alfid) return;
    if (!is_alfid(*alfid))
      in.refuse_value(one, "an ALFID like 24",
                      "the bytes of the size, then those of the address, 1 to 8 each");
    out.memory.alfids.set(*alfid);
  };
  if (value.what != node::kind::list) return add(value);
  for (const node_ptr& item : value.items) add(*item);
}

void read_transfer(reader& in, const node& value, uds::server_config& out) {
  read_fields(in, value, value.where, "transfer", transfer_fields, out.transfer);
}

void read_files(reader& in, const node& value, uds::server_config& out) {
  if (refuse_no_map(in, value, "a map like { /log/last.txt: \"text\" }")) return;
  out.files.present = true;
  for (const map_entry& entry : value.entries) {
    if (entry.key.empty()) in.refuse(entry.where, "a file has a path like /log/last.txt");
    file_draft draft;
    if (entry.value->is_scalar()) {
      draft.content.assign(entry.value->text.begin(), entry.value->text.end());
    } else if (read_fields(in, *entry.value, entry.where, "a file", file_fields, draft) && draft.given != 1) {
      in.refuse(entry.where, "a file is a text, or a map with either 'text' or 'hex'");
    }
    out.files.files[entry.key] = std::move(draft.content);
  }
}

void describe_uds_memory(std::vector<map_doc>& maps) {
  maps.push_back(describe("memory_area", area_fields));
  maps.push_back(describe("transfer", transfer_fields));
  maps.push_back(describe("file", file_fields));
}

}  // namespace canstage::scenarios

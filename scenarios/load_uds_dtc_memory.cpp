// `dtc_memory:`: what the DTCs of an ECU have in common.
#include <algorithm>

#include "fmt/format.h"
#include "protocols/uds/names.hpp"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

/// A DTC of this ECU, or a letter that stands for all of a system.
void read_member(reader& in, const node& value, const uds::dtc_table& table,
                 std::vector<std::uint16_t>& out) {
  constexpr std::string_view wish = "a DTC of this ECU, or P, C, B or U";
  constexpr std::string_view systems = "PCBU";
  if (!in.want_scalar(value, wish)) return;
  if (value.text.size() == 1 && systems.find(value.text[0]) != std::string_view::npos) {
    for (std::size_t i = 0; i < table.dtcs.size(); ++i)
      if (systems[table.dtcs[i].number >> 22] == value.text[0]) out.push_back(static_cast<std::uint16_t>(i));
    return;
  }
  uds::dtc_number number = 0;
  std::string problem;
  if (!uds::parse_dtc(value.text, number, problem)) {
    in.refuse_value(value, wish);
    return;
  }
  if (const auto index = table.find(number)) {
    out.push_back(*index);
  } else {
    in.refuse_value(value, wish, "'dtcs' of its 'uds' says which it has");
  }
}

std::vector<std::uint16_t> read_members(reader& in, const node& value, const uds::dtc_table& table) {
  std::vector<std::uint16_t> members;
  if (!in.want_list(value, "a list of DTCs like [P0123-17, U]")) return members;
  for (const node_ptr& item : value.items) read_member(in, *item, table, members);
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

constexpr std::array memory_fields = std::to_array<field<uds::dtc_table>>({
    {{"availability", "hex byte", "DTCStatusAvailabilityMask; other status bits are always 0.", "FF"},
     [](reader& in, const node& value, uds::dtc_table& out) {
       out.availability = in.hex_byte(value).value_or(out.availability);
     }},
    {{"severity_availability", "hex byte", "DTCSeverityAvailabilityMask of 19 42.", "FF"},
     [](reader& in, const node& value, uds::dtc_table& out) {
       out.severities = in.hex_byte(value).value_or(out.severities);
     }},
    {{"format", "hex byte", "DTCFormatIdentifier: 00 and 04 SAE J2012-DA, 01 ISO 14229-1, 02 SAE J1939-73.",
      "01"},
     [](reader& in, const node& value, uds::dtc_table& out) {
       out.format = in.hex_byte(value).value_or(out.format);
     }},
    {{"each", "<dtc>", "What holds for every DTC that does not say otherwise.", "{}"},
     [](reader&, const node&, uds::dtc_table&) { /* was read with the DTCs */ }},
    {{"groups", "map by groupOfDTC of (list of (DTC | P | C | B | U))",
      "Groups that 14 clears and 85 names, beside those of the standard.", "none"},
     [](reader& in, const node& value, uds::dtc_table& out) {
       if (refuse_no_map(in, value, "a map like { \"400000\": [C0100-00] }")) return;
       for (const map_entry& entry : value.entries)
         if (const auto number = read_hex_key(in, entry, 6, "a groupOfDTC", "400000"))
           out.groups.push_back({*number, read_members(in, *entry.value, out)});
     }},
    {{"mirror", "true | false", "Whether there is a mirror memory, which 14 does not clear.", "false"},
     [](reader& in, const node& value, uds::dtc_table& out) {
       out.mirror = in.truth(value).value_or(false);
     }},
    {{"memories", "map by hex byte of (list of (DTC | P | C | B | U))",
      "User-defined memories, and what they keep.", "none"},
     [](reader& in, const node& value, uds::dtc_table& out) {
       if (refuse_no_map(in, value, "a map like { \"10\": [P0123-17] }")) return;
       for (const map_entry& entry : value.entries)
         if (const auto number = read_hex_key(in, entry, 2, "a MemorySelection", "10"))
           out.memories.push_back({static_cast<std::uint8_t>(*number), read_members(in, *entry.value, out)});
     }},
    {{"subfunctions", "list of hex byte", "The sub-functions of 19.",
      "all for which there is something to tell"},
     [](reader& in, const node& value, uds::dtc_table& out) {
       if (!in.want_list(value, "a list of sub-functions like [\"01\", \"02\"]")) return;
       for (const node_ptr& item : value.items)
         if (const auto one = in.hex_byte(*item)) {
           if (uds::subfunction_name(0x19, *one).empty())
             in.refuse_value(*item, "a sub-function of 19", "there is none with that number");
           out.subfunctions.push_back(*one);
         }
       std::sort(out.subfunctions.begin(), out.subfunctions.end());
     }},
    {{"missing_record", "header | 31",
      "What 19 04 and 06 answer for a DTC without that record: DTC and status, or the NRC 31.", "header"},
     [](reader& in, const node& value, uds::dtc_table& out) {
       if (const auto index = in.word(value, {"header", "31"}))
         out.missing_record_is_out_of_range = *index == 1;
     }},
    {{"operation_cycle", "power_on | set",
      "When a new operation cycle begins: at each power-on, and with a step; or only with a step.",
      "power_on"},
     [](reader& in, const node& value, uds::dtc_table& out) {
       if (const auto index = in.word(value, {"power_on", "set"})) out.cycle_begins_at_power_on = *index == 0;
     }},
});

}  // namespace

void read_dtc_memory(reader& in, const node& value, uds::server_config& out) {
  const reader::scope inside{in, "dtc_memory"};
  if (!out.dtcs.present) {
    in.refuse(value.where, "'dtc_memory' says more about 'dtcs', which this ECU has not");
    return;
  }
  read_fields(in, value, value.where, "dtc_memory", memory_fields, out.dtcs);
}

void describe_uds_dtc_memory(std::vector<map_doc>& maps) {
  maps.push_back(describe("dtc_memory", memory_fields));
}

}  // namespace canstage::scenarios

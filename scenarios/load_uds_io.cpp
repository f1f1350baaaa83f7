// `io:`: what the tester can control with 2F.
#include <algorithm>
#include <numeric>

#include "fmt/format.h"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t bits_per_byte = 8;

struct io_draft {
  uds::io_record made;
  std::size_t length = 0;  ///< of the record
};

void read_options(reader& in, const node& value, io_draft& out) {
  if (!in.want_list(value, "a list of return, reset, freeze and adjust")) return;
  out.made.options.reset();
  for (const node_ptr& item : value.items)
    if (const auto index = in.word(*item, {"return", "reset", "freeze", "adjust"}))
      out.made.options.set(*index);
  if (value.items.empty()) in.refuse(value.where, "with no options at all there is nothing to control");
}

void read_parameters(reader& in, const node& value, io_draft& out) {
  if (!in.want_list(value, "a list of sizes in bits like [8, 4, 4]")) return;
  const std::uint64_t all = out.length * bits_per_byte;
  std::uint64_t sum = 0;
  for (const node_ptr& item : value.items) {
    const auto bits = in.count(*item, 1, std::max<std::uint64_t>(all, 1));
    if (!bits) return;
    sum += *bits;
    out.made.parameters.push_back(static_cast<std::uint16_t>(*bits));
  }
  if (sum != all)
    in.refuse(value.where, fmt::format("the parameters have {} bits, the value has {}", sum, all));
}

constexpr std::array io_fields = std::to_array<field<io_draft>>({
    {{"options", "list of (return | reset | freeze | adjust)", "What can be done with it.", "all four"},
     &read_options},
    {{"reset_value", "hex bytes", "What resetToDefault sets.", "the DID's value in dids"},
     [](reader& in, const node& value, io_draft& out) {
       auto data = in.hex_bytes(value);
       if (!data) return;
       if (data->size() != out.length)
         in.refuse_value(value, fmt::format("{} bytes, as the DID has", out.length));
       out.made.reset_value = std::move(*data);
     }},
    {{"parameters", "list of count",
      "Sizes in bits of the parameters in the value; with more than one, requests have a mask.",
      "one, the whole value"},
     &read_parameters},
    {{"diagnostic_session", diagnostic_session_shape, "The diagnostic sessions in which it is there.",
      "any but the default one"},
     [](reader& in, const node& value, io_draft& out) {
       read_diagnostic_sessions(in, value, out.made.needs.diagnostic_sessions);
     }},
    {{"security", "hex byte | list of hex byte", "The security levels of which one has to be unlocked.",
      "none"},
     [](reader& in, const node& value, io_draft& out) {
       read_security_levels(in, value, out.made.needs.security_levels);
     }},
    {{"authentication", "true | false", "Whether the tester has to be authenticated.", "false"},
     [](reader& in, const node& value, io_draft& out) {
       read_authentication_need(in, value, out.made.needs.authentication);
     }},
});

}  // namespace

void read_io(reader& in, const node& value, uds::server_config& out) {
  const reader::scope inside{in, "io"};
  if (refuse_no_map(in, value, "a map like { \"0110\": {} }")) return;
  for (const map_entry& entry : value.entries) {
    const auto did = read_hex_key(in, entry, 4, "a DID", "0110");
    if (!did) continue;
    const auto* record = uds::find_record(out, static_cast<std::uint16_t>(*did));
    if (record == nullptr) {
      in.refuse(entry.where,
                fmt::format("this ECU has no DID {:04X}; 'dids' of its 'uds' says which it has", *did));
      continue;
    }
    if (record->source != uds::data_source::stored) {
      in.refuse(entry.where,
                fmt::format("the DID {:04X} says how the ECU is; that cannot be controlled", *did));
      continue;
    }
    io_draft draft;
    draft.length = record->value.size();
    draft.made.did = record->did;
    draft.made.reset_value = record->value;
    read_fields(in, *entry.value, entry.where, "io of a DID", io_fields, draft);
    out.io.records.push_back(std::move(draft.made));
  }
  std::sort(out.io.records.begin(), out.io.records.end(),
            [](const auto& a, const auto& b) { return a.did < b.did; });
}

void describe_uds_io(std::vector<map_doc>& maps) { maps.push_back(describe("io", io_fields)); }

}  // namespace canstage::scenarios

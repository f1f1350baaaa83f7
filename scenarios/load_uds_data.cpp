// `dids:`.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/expand.hpp"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

struct did_draft {
  uds::data_record record;
  const node* text = nullptr;
  const node* hex = nullptr;
  const node* of = nullptr;
  const node* diagnostic_session = nullptr;
};

constexpr std::array did_fields = std::to_array<field<did_draft>>({
    {{"text", "text", "The value as text, one byte per character.", "none; one of text, hex and of is needed",
      "the value"},
     [](reader& in, const node& value, did_draft& out) {
       if (const auto text = in.text(value)) out.record.value.assign(text->begin(), text->end());
       out.text = &value;
     }},
    {{"hex", "hex bytes", "The value as bytes.", "none; one of text, hex and of is needed", "the value"},
     [](reader& in, const node& value, did_draft& out) {
       out.record.value = in.hex_bytes(value).value_or(bytes{});
       out.hex = &value;
     }},
    {{"of", "diagnostic_session | security_level | authentication | communication",
      "One byte that says how the ECU is.", "none; one of text, hex and of is needed", "the value"},
     [](reader& in, const node& value, did_draft& out) {
       const auto index =
           in.word(value, {"diagnostic_session", "security_level", "authentication", "communication"});
       if (index) out.record.source = uds::data_source{static_cast<std::uint8_t>(*index + 1)};
       out.of = &value;
     }},
    {{"scaling", "hex bytes", "The scaling bytes that 24 tells.", "none, and no service 24"},
     [](reader& in, const node& value, did_draft& out) {
       out.record.scaling = in.hex_bytes(value).value_or(bytes{});
     }},
    {{"write", "true | false | <access>", "Whether 2E may write it, or what that needs.", "false"},
     [](reader& in, const node& value, did_draft& out) {
       read_permission(in, value, out.record.writable, out.record.write);
     }},
    {{"read", "true | false | <access>", "Whether 22 may read it, or what that needs.", "true"},
     [](reader& in, const node& value, did_draft& out) {
       read_permission(in, value, out.record.readable, out.record.read);
     }},
    {{"shared", "text", "A name; ECUs whose DIDs have the same one own one value together.", "none"},
     [](reader& in, const node& value, did_draft& out) {
       out.record.shared_as = in.text(value).value_or("");
       if (!is_name(out.record.shared_as)) in.refuse_value(value, "a name like odometer");
     }},
    {{"diagnostic_session", diagnostic_session_shape, "The diagnostic sessions that writing needs.", "any"},
     [](reader& in, const node& value, did_draft& out) {
       read_diagnostic_sessions(in, value, out.record.write.diagnostic_sessions);
       out.diagnostic_session = &value;
     }},
});

void read_did(reader& in, const map_entry& entry, std::vector<uds::data_record>& records) {
  constexpr std::size_t longest = 4095 - 3;  // 62 and the DID stand before it
  const auto did = read_hex_key(in, entry, 4, "a DID", "F190");
  if (!did) return;
  did_draft draft;
  draft.record.did = static_cast<std::uint16_t>(*did);
  const node& value = *entry.value;
  if (value.is_scalar()) {
    draft.record.value.assign(value.text.begin(), value.text.end());
  } else if (value.what == node::kind::list) {
    in.refuse(value.where, "a DID is a text, or a map with one of 'text', 'hex' and 'of', found a list");
    return;
  } else {
    if (!read_fields(in, value, entry.where, "a DID", did_fields, draft)) return;
    if ((draft.text != nullptr) + (draft.hex != nullptr) + (draft.of != nullptr) != 1) {
      in.refuse(entry.where, "a DID is a text, or a map with one of 'text', 'hex' and 'of'");
      return;
    }
  }
  if (draft.record.value.size() > longest) {
    in.refuse(value.where,
              fmt::format("the value has {} bytes; {} are allowed", draft.record.value.size(), longest));
  }
  if (draft.of != nullptr && draft.record.writable) {
    in.refuse(entry.where, "what the ECU says of itself cannot be written");
  }
  if (draft.of != nullptr && !draft.record.shared_as.empty()) {
    in.refuse(entry.where, "what the ECU says of itself cannot be shared");
  }
  if (draft.diagnostic_session != nullptr && !draft.record.writable) {
    in.refuse(entry.where, "'diagnostic_session' says when the DID may be written: it needs 'write: true'");
  }
  records.push_back(std::move(draft.record));
}

/// The last record must not share with another one of the same ECU.
void refuse_second_share(reader& in, const std::vector<uds::data_record>& records, position where) {
  const uds::data_record& made = records.back();
  if (made.shared_as.empty()) return;
  const auto same = std::find_if(records.begin(), records.end() - 1,
                                 [&](const auto& one) { return one.shared_as == made.shared_as; });
  if (same != records.end() - 1)
    in.refuse(where,
              fmt::format("the DID {:04X} of the same ECU is '{}' already", same->did, made.shared_as));
}

}  // namespace

void read_dids(reader& in, const node& value, uds::server_config& out) {
  if (value.what != node::kind::map) {
    in.refuse_value(value, "a map like { F190: \"text\" }");
    return;
  }
  out.data.present = true;
  auto& records = out.data.records;
  std::map<std::uint16_t, position> known;
  for (const map_entry& entry : value.entries) {
    const std::size_t before = records.size();
    read_did(in, entry, records);
    if (records.size() == before) continue;
    const std::uint16_t did = records.back().did;
    refuse_second_share(in, records, entry.where);
    const auto [it, added] = known.try_emplace(did, entry.where);
    if (!added) {
      in.refuse(entry.where,
                fmt::format("the DID {:04X} was already given in line {}", did, it->second.line));
    }
  }
  std::sort(records.begin(), records.end(),
            [](const uds::data_record& a, const uds::data_record& b) { return a.did < b.did; });
}

void describe_uds_data(std::vector<map_doc>& maps) { maps.push_back(describe("did", did_fields)); }

}  // namespace canstage::scenarios

// `uds:` and `rules:`: what a simulated server is made of.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/expand.hpp"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

using namespace std::chrono_literals;

/// The answer to 0x10 has 16 bits for P2 in ms and for P2* in steps of 10 ms.
void read_reported_time(reader& in, const node& value, duration most, duration& out) {
  const auto time = in.time_above_zero(value);
  if (!time) return;
  out = *time;
  if (*time > most)
    in.refuse_value(value, fmt::format("at most {}: the answer to 10 cannot say more", to_text(most)));
}

constexpr std::array timing_fields = std::to_array<field<uds::server_timing>>({
    {{"p2", "time", "From the end of a request to the begin of the first reaction.", "50ms"},
     [](reader& in, const node& value, uds::server_timing& out) {
       read_reported_time(in, value, 65'535ms, out.p2);
     }},
    {{"p2_star", "time", "From the end of a 0x78 to the begin of the next reaction.", "5s"},
     [](reader& in, const node& value, uds::server_timing& out) {
       read_reported_time(in, value, 655'350ms, out.p2_star);
     }},
    {{"s3", "time", "Without requests for so long, the default diagnostic session returns.", "5s"},
     [](reader& in, const node& value, uds::server_timing& out) {
       out.s3 = in.time_above_zero(value).value_or(out.s3);
     }},
});

struct did_draft {
  uds::data_record record;
  const node* text = nullptr;
  const node* hex = nullptr;
};

void read_diagnostic_session(reader& in, const node& value, did_draft& out) {
  constexpr std::string_view wish = "default, programming, extended or a hexadecimal byte";
  if (!in.want_scalar(value, wish)) return;
  std::string why;
  const auto number = parse_hex_number(value.text, 2, why);
  auto& needed = out.record.write_needs_diagnostic_session;
  if (value.text == "default") {
    needed = uds::default_diagnostic_session;
  } else if (value.text == "programming") {
    needed = uds::programming_diagnostic_session;
  } else if (value.text == "extended") {
    needed = uds::extended_diagnostic_session;
  } else if (number && *number >= 1 && *number <= 3) {
    needed = static_cast<std::uint8_t>(*number);
  } else {
    in.refuse_value(value, wish, number ? "the diagnostic sessions of an ECU are 01 to 03" : "");
  }
}

constexpr std::array did_fields = std::to_array<field<did_draft>>({
    {{"text", "text", "The value as text, one byte per character.", "none; one of text and hex is needed",
      "the value"},
     [](reader& in, const node& value, did_draft& out) {
       if (const auto text = in.text(value)) out.record.value.assign(text->begin(), text->end());
       out.text = &value;
     }},
    {{"hex", "hex bytes", "The value as bytes.", "none; one of text and hex is needed", "the value"},
     [](reader& in, const node& value, did_draft& out) {
       out.record.value = in.hex_bytes(value).value_or(bytes{});
       out.hex = &value;
     }},
    {{"write", "true | false", "Whether 2E may write it.", "false"},
     [](reader& in, const node& value, did_draft& out) {
       out.record.writable = in.truth(value).value_or(false);
     }},
    {{"diagnostic_session", "default | programming | extended | hex byte",
      "The diagnostic session that writing needs.", "any"},
     &read_diagnostic_session},
});

void read_did(reader& in, const map_entry& entry, std::vector<uds::data_record>& records) {
  constexpr std::size_t longest = 4095 - 3;  // 62 and the DID stand before it
  std::string why;
  const auto did = parse_hex_number(entry.key, 4, why);
  if (!did || entry.key.size() != 4) {
    in.refuse(entry.where,
              fmt::format("a DID has four hexadecimal digits like F190, found {}", shown(entry.key)));
    return;
  }
  did_draft draft;
  draft.record.did = static_cast<std::uint16_t>(*did);
  const node& value = *entry.value;
  if (value.is_scalar()) {
    draft.record.value.assign(value.text.begin(), value.text.end());
  } else if (value.what == node::kind::list) {
    in.refuse(value.where, "a DID is a text, or a map with either 'text' or 'hex', found a list");
    return;
  } else {
    if (!read_fields(in, value, entry.where, "a DID", did_fields, draft)) return;
    if ((draft.text == nullptr) == (draft.hex == nullptr)) {
      in.refuse(entry.where, "a DID is a text, or a map with either 'text' or 'hex'");
      return;
    }
  }
  if (draft.record.value.size() > longest) {
    in.refuse(value.where,
              fmt::format("the value has {} bytes; {} are allowed", draft.record.value.size(), longest));
  }
  if (draft.record.write_needs_diagnostic_session && !draft.record.writable) {
    in.refuse(entry.where, "'diagnostic_session' says when the DID may be written: it needs 'write: true'");
  }
  records.push_back(std::move(draft.record));
}

void read_dids(reader& in, const node& value, uds::server_config& out) {
  if (value.what != node::kind::map) {
    in.refuse_value(value, "a map like { F190: \"text\" }");
    return;
  }
  out.has_records = true;
  std::map<std::uint16_t, position> known;
  for (const map_entry& entry : value.entries) {
    const std::size_t before = out.records.size();
    read_did(in, entry, out.records);
    if (out.records.size() == before) continue;
    const std::uint16_t did = out.records.back().did;
    const auto [it, added] = known.try_emplace(did, entry.where);
    if (!added) {
      in.refuse(entry.where,
                fmt::format("the DID {:04X} was already given in line {}", did, it->second.line));
    }
  }
  std::sort(out.records.begin(), out.records.end(),
            [](const uds::data_record& a, const uds::data_record& b) { return a.did < b.did; });
}

constexpr std::array uds_fields = std::to_array<field<uds::server_config>>({
    {{"response_time", "time | time range", "How long every answer takes that no rule says otherwise for.",
      "0ms"},
     [](reader& in, const node& value, uds::server_config& out) {
       out.response_time = in.time_range(value).value_or(uds::time_range{});
     }},
    {{"timing", "<timing>", "Timing of the server (ISO 14229-2).", "{}"},
     [](reader& in, const node& value, uds::server_config& out) {
       read_fields(in, value, value.where, "timing", timing_fields, out.timing);
     }},
    {{"dids", "map by DID of (text | <did>)",
      "Data records by their four hexadecimal digits; a text stands for { text: ... }.",
      "none, and no services 22 and 2E"},
     &read_dids},
});

}  // namespace

std::shared_ptr<const uds::server_config> read_server(reader& in, const node_ptr& uds,
                                                      const node_ptr& rules) {
  constexpr std::uint64_t most_work = 20'000'000;
  load_context& names = in.names();
  auto& cache = names.uds;
  const auto [known, first] = cache.by_node.try_emplace({uds.get(), rules.get()});
  if (!first) return known->second.config;
  known->second.keep_alive = {uds, rules};
  const std::string text = (uds ? canonical_text(*uds) : "") + "/" + (rules ? canonical_text(*rules) : "");
  auto& config = cache.by_text[text];
  if (!config) {
    uds::server_config made;
    names.config_work += (uds ? uds->weight : 0) + (rules ? rules->weight : 0) + text.size() / 16;
    const node_ptr& some = uds ? uds : rules;
    if (some && names.config_work > most_work) {
      in.refuse(some->where, "too many different 'uds' and 'rules'; fewer ECUs, or less in each");
    } else {
      if (uds) read_fields(in, *uds, uds->where, "uds", uds_fields, made);
      if (rules) read_rules(in, *rules, made.rules);
    }
    config = std::make_shared<const uds::server_config>(std::move(made));
  }
  return known->second.config = config;
}

void describe_uds(std::vector<map_doc>& maps) {
  maps.push_back(describe("uds", uds_fields));
  maps.push_back(describe("timing", timing_fields));
  maps.push_back(describe("did", did_fields));
}

}  // namespace canstage::scenarios

// `expect:` and `order:`.
#include <algorithm>

#include "fmt/format.h"
#include "protocols/uds/names.hpp"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

using kind = responder_expectation::kind;

constexpr std::array expectation_words = std::to_array<std::string_view>({"silence", "any"});

struct pending_draft {
  std::optional<count_range> count;
  std::optional<duration> first_within;
  std::optional<duration> each_within;
};

std::optional<count_range> read_count_range(reader& in, const node& value) {
  constexpr std::string_view wish = "a number of 0x78 like 2, 1..3 or 1..";
  if (!in.want_scalar(value, wish)) return std::nullopt;
  std::string why;
  const auto range = parse_count_range(value.text, why);
  if (!range) in.refuse_value(value, wish, why);
  return range;
}

constexpr std::array pending_fields = std::to_array<field<pending_draft>>({
    {{"count", "count range", "How many 0x78: 2, 1..3 or 1.. .", "1.."},
     [](reader& in, const node& value, pending_draft& out) { out.count = read_count_range(in, value); }},
    {{"first_within", "time", "From the end of the request to the begin of the first 0x78.", "none"},
     [](reader& in, const node& value, pending_draft& out) { out.first_within = in.time_above_zero(value); }},
    {{"each_within", "time", "From the end of a 0x78 to the begin of the next reaction.", "none"},
     [](reader& in, const node& value, pending_draft& out) { out.each_within = in.time_above_zero(value); }},
});

std::optional<pending_expectation> read_pending(reader& in, const node& value) {
  pending_draft draft;
  if (value.is_scalar()) {
    draft.count = read_count_range(in, value);
  } else {
    draft.count = count_range{1, std::nullopt};
    if (!read_fields(in, value, value.where, "pending", pending_fields, draft)) return std::nullopt;
  }
  if (!draft.count) return std::nullopt;
  return pending_expectation{draft.count->least, draft.count->most, draft.first_within, draft.each_within};
}

struct expectation_draft {
  responder_expectation made;
  const node* dids = nullptr;
  const node* reply = nullptr;
  const node* nrc = nullptr;
  const node* breaks_off = nullptr;
  const node* final_within = nullptr;
};

isotp::n_result read_result(reader& in, const node& value) {
  const auto index =
      in.word(value, {"N_TIMEOUT_A", "N_TIMEOUT_Bs", "N_TIMEOUT_Cr", "N_WRONG_SN", "N_INVALID_FS",
                      "N_UNEXP_PDU", "N_WFT_OVRN", "N_BUFFER_OVFLW", "N_ERROR"});
  // N_OK is before them, and no way to break off.
  return index ? static_cast<isotp::n_result>(*index + 1) : isotp::n_result::n_error;
}

struct did_draft {
  std::optional<uds::pattern> hex;
};

constexpr std::array did_fields = std::to_array<field<did_draft>>({
    {{"hex", "pattern", "The value as bytes, without captures.", required},
     [](reader& in, const node& value, did_draft& out) { out.hex = in.pattern(value); }},
});

/// The value of one DID as a pattern, and as people read it. False after a refusal.
bool read_did_value(reader& in, const node& value, std::string& hex, std::string& words) {
  if (value.is_scalar()) {
    const auto text = in.text(value);
    if (!text) return false;
    const bytes data(text->begin(), text->end());
    hex = to_hex(data);
    words = fmt::format("\"{}\"", *text);
    return true;
  }
  did_draft draft;
  if (!read_fields(in, value, value.where, "the value of a DID", did_fields, draft) || !draft.hex)
    return false;
  hex = words = draft.hex->text();
  if (draft.hex->capture_names().empty() && hex.find('*') == std::string::npos) return true;
  in.refuse(value.where, "the value of a DID has no captures and no '*'; that is for 'reply'");
  return false;
}

/// `did: { F190: "WVWZZZ1JZXW000001" }`: the pattern of such an answer.
void read_dids(reader& in, const node& value, expectation_draft& out) {
  out.dids = &value;
  if (value.what != node::kind::map) {
    in.refuse_value(value, "a map by DID like { F190: \"WVWZZZ1JZXW000001\" }");
    return;
  }
  if (value.entries.empty()) {
    in.refuse(value.where, "'did' names no DID; an answer to 22 has one at least");
    return;
  }
  std::string pattern = "62";
  for (const map_entry& entry : value.entries) {
    std::string why, hex, words;
    const auto did = parse_hex_number(entry.key, 4, why);
    if (!did || entry.key.size() != 4) {
      in.refuse(entry.where, fmt::format("a DID has four hex digits, found {}", shown(entry.key)));
      return;
    }
    if (!read_did_value(in, *entry.value, hex, words)) return;
    pattern += fmt::format(" {:04X} {}", *did, hex);
    const std::string_view name = uds::did_name(static_cast<std::uint16_t>(*did));
    out.made.in_words += fmt::format("{}{:04X} {}{}{}", out.made.in_words.empty() ? "" : ", ", *did, name,
                                     name.empty() ? "" : " ", words);
  }
  text_error unused;
  if (auto parsed = uds::pattern::parse(pattern, unused)) out.made.reply = *std::move(parsed);
}

constexpr std::array expectation_fields = std::to_array<field<expectation_draft>>({
    {{"reply", "pattern", "What the final answer has to look like.", "\"*\", any answer"},
     [](reader& in, const node& value, expectation_draft& out) {
       out.reply = &value;
       if (auto pattern = in.pattern(value)) out.made.reply = std::move(*pattern);
     }},
    {{"did", "map by DID of (text | <did value>)",
      "In place of 'reply': what 0x22 gives, these DIDs in this order.", "none"},
     &read_dids},
    {{"nrc", "hex byte", "In place of 'reply': the final answer is 7F, the request's SID and this code.",
      "none"},
     [](reader& in, const node& value, expectation_draft& out) {
       out.nrc = &value;
       out.made.what = kind::nrc;
       out.made.nrc_code = read_nrc(in, value).value_or(0);
     }},
    {{"breaks_off",
      "N_TIMEOUT_A | N_TIMEOUT_Bs | N_TIMEOUT_Cr | N_WRONG_SN | N_INVALID_FS | N_UNEXP_PDU | N_WFT_OVRN | "
      "N_BUFFER_OVFLW | N_ERROR",
      "In place of 'reply': the request or its answer ends with this result of ISO-TP.", "none"},
     [](reader& in, const node& value, expectation_draft& out) {
       out.breaks_off = &value;
       out.made.what = kind::break_off;
       out.made.result = read_result(in, value);
     }},
    {{"within", "time", "From the end of the request to the begin of the first reaction, 0x78 included.",
      "none"},
     [](reader& in, const node& value, expectation_draft& out) {
       out.made.within = in.time_above_zero(value);
     }},
    {{"final_within", "time", "From the end of the request to the end of the final answer.", "none"},
     [](reader& in, const node& value, expectation_draft& out) {
       out.final_within = &value;
       out.made.final_within = in.time_above_zero(value);
     }},
    {{"pending", "count range | <pending>", "How many 0x78 come before the final answer, and when.",
      "any number"},
     [](reader& in, const node& value, expectation_draft& out) {
       out.made.pending = read_pending(in, value);
     }},
});

/// What breaks off has no final answer of which something could be expected.
bool stands_alone(reader& in, const expectation_draft& draft) {
  for (const auto& [key, value] : {std::pair{"reply", draft.reply},
                                   {"did", draft.dids},
                                   {"nrc", draft.nrc},
                                   {"final_within", draft.final_within}}) {
    if (value == nullptr) continue;
    in.refuse(value->where,
              fmt::format("'{}' has no meaning with 'breaks_off': there is no final answer", key));
    return false;
  }
  return true;
}

std::optional<responder_expectation> read_expectation_map(reader& in, const node& value) {
  expectation_draft draft;
  text_error unused;
  draft.made.reply = uds::pattern::parse("*", unused).value_or(uds::pattern{});
  if (!read_fields(in, value, value.where, "an expectation", expectation_fields, draft)) return std::nullopt;
  if (draft.reply != nullptr && draft.nrc != nullptr) {
    in.refuse(draft.nrc->where, "an expectation has 'reply' or 'nrc', not both");
    return std::nullopt;
  }
  if (draft.dids != nullptr && (draft.reply != nullptr || draft.nrc != nullptr)) {
    in.refuse(draft.dids->where, fmt::format("an expectation has 'did' or '{}', not both",
                                             draft.reply != nullptr ? "reply" : "nrc"));
    return std::nullopt;
  }
  if (draft.breaks_off != nullptr && !stands_alone(in, draft)) return std::nullopt;
  if (draft.made.within && draft.made.final_within && *draft.made.final_within < *draft.made.within) {
    in.refuse(draft.final_within->where, "'final_within' is shorter than 'within'");
  }
  return draft.made;
}

void add_captures(const responder_expectation& what, std::set<std::string>& captured) {
  if (what.what != kind::reply) return;
  for (std::string& name : what.reply.capture_names()) captured.insert(std::move(name));
}

void read_named(reader& in, const map_entry& entry, tester_index from, functional_expectation& out,
                std::set<std::string>& captured) {
  node name;
  name.what = node::kind::scalar;
  name.where = entry.where;
  name.text = entry.key;
  const auto ecu = read_reached_ecu(in, name, from);
  auto what = read_responder(in, *entry.value, captured);
  if (ecu && what) out.ecus.push_back({*ecu, std::move(*what)});
}

}  // namespace

std::optional<responder_expectation> read_responder(reader& in, const node& value,
                                                    std::set<std::string>& captured) {
  std::optional<responder_expectation> result;
  if (value.what == node::kind::map) {
    result = read_expectation_map(in, value);
  } else if (!value.is_scalar()) {
    in.refuse_value(value, "a pattern, 'silence', 'any' or a map like { reply: \"62 *\", within: 50ms }");
  } else if (value.text == "silence" || value.text == "any") {
    result.emplace();
    result->what = value.text == "any" ? kind::anything : kind::silence;
  } else if (const auto near = nearest(value.text, expectation_words);
             !near.empty() && value.text.size() > 4) {
    in.refuse(value.where, fmt::format("{} is no pattern; did you mean '{}'?", shown(value.text), near));
  } else if (auto pattern = in.pattern(value)) {
    result.emplace();
    result->reply = std::move(*pattern);
  }
  if (result) add_captures(*result, captured);
  return result;
}

functional_expectation read_functional(reader& in, const node& value, tester_index from,
                                       std::set<std::string>& captured) {
  functional_expectation result;
  const reader::scope inside{in, "expect"};
  if (value.what != node::kind::map) {
    in.refuse_value(value, "a map by ECU like { engine: \"62 *\", others: silence }");
    return result;
  }
  for (const map_entry& entry : value.entries) {
    if (entry.key == "others") {
      std::set<std::string> many;  // what many answers capture under one name is nobody's value
      result.others = read_responder(in, *entry.value, many);
      if (!many.empty()) {
        in.refuse(entry.value->where, "'others' are many ECUs: a name cannot capture from all of them");
      }
    } else {
      read_named(in, entry, from, result, captured);
    }
  }
  if (!result.others) {
    result.others.emplace();
    result.others->what = kind::silence;
  }
  return result;
}

std::optional<ecu_index> read_reached_ecu(reader& in, const node& value, tester_index from) {
  const load_context& names = in.names();
  const auto* who = find_participant(in, value, "an ECU");
  if (who == nullptr) return std::nullopt;
  if (who->what.what != party::kind::ecu) {
    in.refuse(value.where, fmt::format("{} is no ECU", shown(value.text)));
    return std::nullopt;
  }
  const ecu_index index = who->what.index;
  const tester& asking = names.play.testers[from];
  if (!names.ecu_addresses[index] || !names.tester_usable[from]) return std::nullopt;
  if (std::binary_search(asking.ecus.begin(), asking.ecus.end(), index)) return index;
  const ecu& asked = names.play.ecus[index];
  const std::string why = asked.bus != asking.bus
                              ? fmt::format("it is on bus '{}'", names.play.buses[asked.bus].name)
                              : "their addresses do not belong together";
  in.refuse(value.where,
            fmt::format("tester '{}' does not reach {}: {}", asking.name, shown(asked.name), why));
  return std::nullopt;
}

std::vector<std::uint32_t> read_order(reader& in, const node& value, tester_index from) {
  std::vector<std::uint32_t> result;
  if (!in.want_list(value, "a list of ECUs")) return result;
  for (const node_ptr& item : value.items) {
    const auto ecu = read_reached_ecu(in, *item, from);
    if (!ecu) continue;
    if (std::find(result.begin(), result.end(), *ecu) != result.end()) {
      in.refuse(item->where, fmt::format("{} is in the order twice", shown(item->text)));
      continue;
    }
    result.push_back(*ecu);
  }
  return result;
}

void describe_expectations(std::vector<map_doc>& maps) {
  maps.push_back(describe("expectation", expectation_fields));
  maps.push_back(describe("did value", did_fields));
  maps.push_back(describe("pending", pending_fields));
}

}  // namespace canstage::scenarios

// What faults of several levels have: when they happen, and which frames they look at.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_faults.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::uint32_t most_counted = fault_trigger::always - 1;

/// Identifiers of one side, and whether an address byte comes in front of the N_PCI.
struct address_set {
  std::vector<can::identifier> ids;
  bool address_byte = false;

  void add(const std::optional<can::identifier>& id, const std::optional<std::uint8_t>& byte) {
    if (!id) return;
    if (std::find(ids.begin(), ids.end(), *id) == ids.end()) ids.push_back(*id);
    address_byte = address_byte || byte.has_value();
  }
  void add_sent(const isotp::addressing& by) { add(by.tx, by.tx_address_byte); }
  void add_received(const isotp::addressing& by) {
    add(by.rx, by.rx_address_byte);
    add(by.functional_rx, by.functional_rx_address_byte);
  }
};

enum class direction : std::uint8_t { sent, received };

void add_ecu(const ecu& who, direction which, address_set& into) {
  const auto add = [&](const isotp::addressing& ids) {
    return which == direction::sent ? into.add_sent(ids) : into.add_received(ids);
  };
  add(who.address);
  for (const auto& own : who.testers) add(own.ids);
}

void add_tester(const scenario& play, const tester& who, direction which, address_set& into) {
  for (const ecu_index one : who.ecus) {
    const isotp::addressing& ids = address_for(play.ecus[one], who.name);
    if (which == direction::sent) {
      into.add(ids.rx, ids.rx_address_byte);
    } else {
      into.add(ids.tx, ids.tx_address_byte);
    }
  }
  if (which == direction::sent) into.add(who.functional, who.functional_address_byte);
}

/// What is on the bus from, or for, somebody. Nothing after a refusal.
std::optional<address_set> addresses_of(reader& in, const node& who, direction which) {
  const reader::scope inside{in, which == direction::sent ? "from" : "to"};
  const auto* found = find_participant(in, who, "an ECU");
  if (found == nullptr) return std::nullopt;
  const scenario& play = in.names().play;
  const std::uint32_t index = found->what.index;
  address_set result;
  if (found->what.what == party::kind::ecu) {
    add_ecu(play.ecus[index], which, result);
  } else if (found->what.what == party::kind::tester) {
    add_tester(play, play.testers[index], which, result);
  } else if (which == direction::sent) {
    result.add_sent(play.endpoints[index].address);
  } else {
    result.add_received(play.endpoints[index].address);
  }
  return result;
}

struct match_draft {
  const node* from = nullptr;
  const node* to = nullptr;
  const node* id = nullptr;
  std::optional<std::size_t> pci;
  std::optional<std::vector<can::byte_bits>> data = std::vector<can::byte_bits>{};
  std::uint32_t nth = 1;
  bool per_run = false;
  const node* request = nullptr;
};

template <const node* match_draft::*Place>
void keep(reader& /*in*/, const node& value, match_draft& out) {
  out.*Place = &value;
}

constexpr std::array match_fields = std::to_array<field<match_draft>>({
    {{"from", "name", "Frames: from this ECU, tester or endpoint.", "from anybody"},
     &keep<&match_draft::from>},
    {{"to", "name", "Frames: for this ECU, tester or endpoint.", "for anybody"}, &keep<&match_draft::to>},
    {{"id", "hex identifier | identifier/mask",
      "Frames: with this identifier, or with one that is the same in the bits of the mask.", "any"},
     &keep<&match_draft::id>},
    {{"pci", "SF | FF | CF | FC", "Frames: of this kind of N_PDU.", "any frame"},
     [](reader& in, const node& value, match_draft& out) {
       out.pci = in.word(value, {"SF", "FF", "CF", "FC"});
     }},
    {{"data", "pattern", "Frames: whose first bytes look like that.", "any"},
     [](reader& in, const node& value, match_draft& out) { out.data = read_byte_bits(in, value); }},
    {{"request", "pattern", "Faults of answers: requests that look like that.", "\"*\", any request"},
     &keep<&match_draft::request>},
    {{"nth", "count", "From the nth of them on.", "1"},
     [](reader& in, const node& value, match_draft& out) {
       out.nth = static_cast<std::uint32_t>(in.count(value, 1, most_counted).value_or(1));
     }},
    {{"per", "message | run", "Whether 'nth' counts anew in each message, where 'pci' is CF or FC.",
      "message"},
     [](reader& in, const node& value, match_draft& out) {
       out.per_run = in.word(value, {"message", "run"}) == 1;
     }},
});

/// "18DA0000/1FFF0000". Nothing after a refusal.
std::optional<can::filter> read_masked(reader& in, const node& value) {
  const reader::scope inside{in, "id"};
  if (!in.want_scalar(value, "an identifier like 7E8, or identifier/mask")) return std::nullopt;
  const auto slash = value.text.find('/');
  if (slash == std::string::npos) {
    const auto id = in.identifier(value);
    return id ? std::optional{can::filter::exactly(*id)} : std::nullopt;
  }
  const std::string_view text = value.text;
  const auto id = in.identifier(value, text.substr(0, slash));
  std::string why;
  const auto mask = parse_hex_number(text.substr(slash + 1), 8, why);
  if (id && !mask) in.refuse_value(value, "identifier/mask, both hexadecimal", why);
  if (!id || !mask) return std::nullopt;
  return can::filter{id->raw(), *mask | can::identifier::extended_flag};
}

std::vector<can::filter> filters(const std::vector<can::identifier>& ids) {
  std::vector<can::filter> result;
  for (const can::identifier id : ids) result.push_back(can::filter::exactly(id));
  return result;
}

/// `from` and `to` as identifiers. False after a refusal.
bool add_parties(reader& in, const match_draft& draft, can::frame_pattern& out) {
  if (draft.from == nullptr && draft.to == nullptr) return true;
  std::optional<address_set> sent;
  std::optional<address_set> received;
  if (draft.from != nullptr && !(sent = addresses_of(in, *draft.from, direction::sent))) return false;
  if (draft.to != nullptr && !(received = addresses_of(in, *draft.to, direction::received))) return false;
  address_set both = sent ? *sent : *received;
  if (sent && received)
    std::erase_if(both.ids, [&](can::identifier id) {
      return std::find(received->ids.begin(), received->ids.end(), id) == received->ids.end();
    });
  if (both.ids.empty()) {
    in.refuse(draft.to != nullptr ? draft.to->where : draft.from->where, "there are no such frames");
    return false;
  }
  out.ids = filters(both.ids);
  out.address_bytes = both.address_byte ? 1 : 0;
  return true;
}

/// Where the messages begin whose CF or FC are counted. False after a refusal.
bool add_begins(reader& in, const match_draft& draft, can::frame_pattern& out) {
  constexpr std::size_t cf = 2;
  constexpr std::size_t fc = 3;
  if (draft.per_run || !draft.pci || (*draft.pci != cf && *draft.pci != fc)) return true;
  if (*draft.pci == cf) {
    out.begins_message = out.ids.empty() ? std::vector{can::filter::everything()} : out.ids;
    return true;
  }
  // An FC answers an FF that goes the other way.
  if (draft.from != nullptr) {
    const auto heard = addresses_of(in, *draft.from, direction::received);
    if (heard) out.begins_message = filters(heard->ids);
    return heard.has_value();
  }
  if (draft.to != nullptr) {
    const auto said = addresses_of(in, *draft.to, direction::sent);
    if (said) out.begins_message = filters(said->ids);
    return said.has_value();
  }
  return true;
}

}  // namespace

std::optional<std::vector<can::byte_bits>> read_byte_bits(reader& in, const node& value) {
  const auto pattern = in.pattern(value);
  if (!pattern) return std::nullopt;
  if (!pattern->capture_names().empty()) {
    in.refuse(value.where, "nothing can be captured here");
    return std::nullopt;
  }
  std::vector<can::byte_bits> result;
  constexpr std::uint8_t digit_bits = 4;
  const auto digit = [](char c) { return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'A' + 10); };
  const std::string& text = pattern->text();
  for (std::size_t i = 0; i + 1 < text.size(); i += 3) {
    can::byte_bits byte;
    for (const char c : {text[i], text[i + 1]}) {
      const bool any = c == '?';
      byte.value = static_cast<std::uint8_t>((byte.value << digit_bits) | (any ? 0 : digit(c)));
      byte.mask = static_cast<std::uint8_t>((byte.mask << digit_bits) | (any ? 0 : 0x0F));
    }
    result.push_back(byte);
  }
  return result;
}

std::uint32_t read_fault_times(reader& in, const node& value) {
  constexpr std::string_view wish = "a decimal number, or always";
  const reader::scope inside{in, "times"};
  if (!in.want_scalar(value, wish) || value.text == "always") return fault_trigger::always;
  std::string why;
  const auto times = parse_count(value.text, 1, most_counted, why);
  if (!times) in.refuse_value(value, wish, why);
  return static_cast<std::uint32_t>(times.value_or(1));
}

fault_trigger read_trigger(reader& in, const fault_draft& draft) {
  fault_trigger when;
  when.armed = draft.find("during") == nullptr;
  if (const node* share = draft.find("probability")) {
    const reader::scope inside{in, "probability"};
    constexpr std::string_view wish = "a share like 1% or 0.5%";
    std::string why;
    when.times = fault_trigger::always;
    if (in.want_scalar(*share, wish)) {
      const auto value = parse_share(share->text, why);
      if (!value) in.refuse_value(*share, wish, why);
      when.per_million = value.value_or(0);
    }
  }
  if (const node* times = draft.find("times")) when.times = read_fault_times(in, *times);
  const auto time_of = [&](std::string_view key) -> std::optional<instant> {
    const node* value = draft.find(key);
    if (value == nullptr) return std::nullopt;
    const reader::scope inside{in, key};
    const auto time = in.time(*value);
    return time ? std::optional{instant{*time}} : std::nullopt;
  };
  when.from = time_of("after").value_or(instant{});
  when.until = time_of("until").value_or(never);
  if (when.until <= when.from)
    in.refuse(draft.find("until")->where, "'until' is not later than 'after': it could never happen");
  return when;
}

std::optional<can::frame_pattern> read_frame_match(reader& in, const node* match, fault_trigger& when) {
  can::frame_pattern result;
  if (match == nullptr) return result;
  match_draft draft;
  const reader::scope inside{in, "match"};
  if (!read_fields(in, *match, match->where, "match", match_fields, draft)) return std::nullopt;
  if (draft.request != nullptr) {
    in.refuse(draft.request->where, "'request' is for faults of answers; frames have 'data'");
    return std::nullopt;
  }
  if (draft.id != nullptr && (draft.from != nullptr || draft.to != nullptr)) {
    in.refuse(draft.id->where, "a match has 'id', or 'from' or 'to', not both");
    return std::nullopt;
  }
  if (draft.id != nullptr) {
    const auto masked = read_masked(in, *draft.id);
    if (!masked) return std::nullopt;
    result.ids.push_back(*masked);
  }
  if (!draft.data || !add_parties(in, draft, result) || !add_begins(in, draft, result)) return std::nullopt;
  result.data = *draft.data;
  if (draft.pci) result.pci = static_cast<std::uint8_t>(*draft.pci);
  when.nth = draft.nth;
  return result;
}

std::optional<uds::pattern> read_request_match(reader& in, const node* match, fault_trigger& when) {
  text_error unused;
  auto anything = uds::pattern::parse("*", unused);
  if (match == nullptr) return anything;
  match_draft draft;
  const reader::scope inside{in, "match"};
  if (!read_fields(in, *match, match->where, "match", match_fields, draft)) return std::nullopt;
  for (const std::string_view key : {"from", "to", "id", "pci", "data", "per"}) {
    const node_ptr* there = match->find(key);
    if (there == nullptr) continue;
    in.refuse((*there)->where,
              fmt::format("'{}' is for faults of frames; those of answers have 'request' and "
                          "'nth'",
                          key));
    return std::nullopt;
  }
  when.nth = draft.nth;
  if (draft.request == nullptr) return anything;
  const reader::scope request{in, "request"};
  return in.pattern(*draft.request);
}

std::optional<duration> read_delay(reader& in, const fault_draft& draft, duration fallback) {
  const node* value = draft.find("delay");
  if (value == nullptr) return fallback;
  const reader::scope inside{in, "delay"};
  return in.time_above_zero(*value);
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

std::optional<std::uint16_t> read_did_value(reader& in, const node& value) {
  constexpr std::string_view wish = "a DID of up to four hex digits";
  constexpr std::size_t most_digits = 4;
  std::string why;
  if (!in.want_scalar(value, wish)) return std::nullopt;
  const auto did = parse_hex_number(value.text, most_digits, why);
  if (!did) in.refuse_value(value, wish, why);
  return did ? std::optional{static_cast<std::uint16_t>(*did)} : std::nullopt;
}

std::optional<bus_index> read_bus_at(reader& in, const fault_draft& draft) {
  const load_context& names = in.names();
  const node& at = *draft.at;
  if (at.is_scalar() && !names.buses.contains(at.text) && names.participants.contains(at.text)) {
    in.refuse(at.where,
              fmt::format("'{}' happens on a bus: 'at' names one, and 'match: {{ from: {} }}' whose "
                          "frames it is about",
                          draft.kind->name, at.text));
    return std::nullopt;
  }
  const reader::scope inside{in, "at"};
  return read_bus(in, &at, at.where);
}

std::optional<ecu_index> read_ecu_at(reader& in, const fault_draft& draft) {
  const node& at = *draft.at;
  const reader::scope inside{in, "at"};
  if (at.is_scalar() && in.names().buses.contains(at.text) && !in.names().participants.contains(at.text)) {
    in.refuse(at.where, fmt::format("{} is a bus; '{}' happens to an ECU", shown(at.text), draft.kind->name));
    return std::nullopt;
  }
  const auto* who = find_participant(in, at, "an ECU");
  if (who == nullptr) return std::nullopt;
  if (who->what.what == party::kind::ecu) return who->what.index;
  in.refuse(at.where, fmt::format("{} is no ECU; '{}' happens to ECUs", shown(at.text), draft.kind->name));
  return std::nullopt;
}

void describe_fault_match(std::vector<map_doc>& maps) {
  maps.push_back(describe("fault match", match_fields));
}

}  // namespace canstage::scenarios

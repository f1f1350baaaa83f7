// `address:` of ECUs and testers.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::uint8_t default_tester = 0xF1;
constexpr std::uint8_t default_functional_target = 0x33;
constexpr can::identifier obd_functional = can::identifier::standard(0x7DF);

/// What is written about a format beside `functional`, which all have.
struct format_keys {
  std::string_view name;
  std::array<std::string_view, 3> needed;
  std::string_view optional;
};

constexpr std::array ecu_formats = std::to_array<format_keys>({
    {"normal", {"request", "response"}, ""},
    {"normal_fixed", {"ecu"}, "tester"},
    {"extended", {"request", "response", "ecu"}, "tester"},
    {"mixed", {"request", "response", "extension"}, ""},
    {"mixed_29", {"ecu", "extension"}, "tester"},
});

constexpr std::array tester_formats = std::to_array<format_keys>({
    {"normal_fixed", {}, "tester"},
    {"extended", {}, "tester"},
    {"mixed", {"extension"}, ""},
    {"mixed_29", {"extension"}, "tester"},
});

bool knows(const format_keys& format, std::string_view key) {
  return key == "format" || key == "functional" || key == format.optional ||
         std::find(format.needed.begin(), format.needed.end(), key) != format.needed.end();
}

/// Whether the keys are those that the format needs. `spare`: one that need not be there after all.
bool check_format(reader& in, const node& value, position where, const format_keys& format,
                  std::string_view what, std::string_view spare = {}) {
  for (const map_entry& entry : value.entries) {
    if (knows(format, entry.key)) continue;
    in.refuse(entry.value->where,
              fmt::format("'{}' has no meaning in {} of format '{}'", entry.key, what, format.name));
    return false;
  }
  std::string missing;
  for (const std::string_view key : format.needed) {
    if (key.empty() || key == spare || value.find(key) != nullptr) continue;
    missing += fmt::format("{}'{}'", missing.empty() ? "" : " and ", key);
  }
  if (missing.empty()) return true;
  in.refuse(where, fmt::format("{} of format '{}' lacks {}", what, format.name, missing));
  return false;
}

bool is_none(const node* value) { return value != nullptr && value->is_scalar() && value->text == "none"; }

/// Where functional requests go.
struct functional_draft {
  std::optional<can::identifier> id;
  std::optional<std::uint8_t> address;
};

constexpr std::array functional_fields = std::to_array<field<functional_draft>>({
    {{"id", "hex identifier", "The identifier of functional requests.", required},
     [](reader& in, const node& value, functional_draft& out) { out.id = in.identifier(value); }},
    {{"address", "hex byte", "The target address in front of the N_PCI.", required},
     [](reader& in, const node& value, functional_draft& out) { out.address = in.hex_byte(value); }},
});

/// Extended addressing: identifier and target address. Nothing after a refusal.
std::optional<functional_draft> read_functional_address(reader& in, const node& value) {
  constexpr std::string_view wish = "none or a map like { id: \"6F1\", address: \"DF\" }";
  if (value.what != node::kind::map) {
    in.refuse_value(value, wish);
    return std::nullopt;
  }
  functional_draft draft;
  const bool complete = read_fields(in, value, value.where, "a functional address", functional_fields, draft);
  return complete && draft.id && draft.address ? std::optional{draft} : std::nullopt;
}

/// What `functional` says under a format, or its default. Nothing after a refusal; both parts empty for
/// none. `byte`: what lies in front of the N_PCI if the format does not say.
std::optional<functional_draft> read_functional_target(reader& in, const node* value, address_format format,
                                                       std::uint8_t tester, std::optional<std::uint8_t> byte,
                                                       std::optional<can::identifier> fallback) {
  const reader::scope inside{in, "functional"};
  functional_draft result;
  if (is_none(value)) return result;
  if (format == address_format::extended) {
    return value == nullptr ? std::optional{result} : read_functional_address(in, *value);
  }
  result.address = byte;
  if (format == address_format::normal || format == address_format::mixed) {
    result.id = value == nullptr ? fallback : in.identifier(*value);
    if (!result.id && value == nullptr) return functional_draft{};
  } else {
    const auto target = value == nullptr ? std::optional{default_functional_target} : in.hex_byte(*value);
    if (!target) return std::nullopt;
    result.id = format == address_format::mixed_29 ? isotp::mixed_29_functional(*target, tester)
                                                   : isotp::normal_fixed_functional(*target, tester);
  }
  return result.id ? std::optional{result} : std::nullopt;
}

/// What `address:` says, still without its format's defaults.
struct address_draft {
  std::optional<std::size_t> format = 0;
  std::optional<can::identifier> request;
  std::optional<can::identifier> response;
  const node* functional = nullptr;
  std::optional<std::uint8_t> ecu;
  std::optional<std::uint8_t> tester = default_tester;
  std::optional<std::uint8_t> extension;
};

constexpr std::array address_fields = std::to_array<field<address_draft>>({
    {{"format", "normal | normal_fixed | extended | mixed | mixed_29",
      "How frames say whom they are for (ISO 15765-2).", "normal"},
     [](reader& in, const node& value, address_draft& out) {
       out.format = in.word(value, {"normal", "normal_fixed", "extended", "mixed", "mixed_29"});
     }},
    {{"request", "hex identifier", "Normal, extended, mixed: where the ECU is asked, alone.", "none"},
     [](reader& in, const node& value, address_draft& out) { out.request = in.identifier(value); }},
    {{"response", "hex identifier", "Normal, extended, mixed: where the ECU answers.", "none"},
     [](reader& in, const node& value, address_draft& out) { out.response = in.identifier(value); }},
    {{"functional", "hex identifier | hex byte | <functional address> | none",
      "Where the ECU is asked with others: an identifier, under normal fixed and mixed_29 addressing a "
      "target address, under extended addressing both.",
      "7DF for requests on 7E0 to 7E7, 33 for normal_fixed and mixed_29, else none"},
     [](reader&, const node& value, address_draft& out) { out.functional = &value; }},
    {{"ecu", "hex byte", "Normal fixed, extended, mixed_29: the ECU's own address.", "none"},
     [](reader& in, const node& value, address_draft& out) { out.ecu = in.hex_byte(value); }},
    {{"tester", "hex byte", "Normal fixed, extended, mixed_29: the tester's address.", "F1"},
     [](reader& in, const node& value, address_draft& out) { out.tester = in.hex_byte(value); }},
    {{"extension", "hex byte", "Mixed, mixed_29: the address extension in front of the N_PCI.", "none"},
     [](reader& in, const node& value, address_draft& out) { out.extension = in.hex_byte(value); }},
});

/// The physical pair; nothing if a part of it was refused.
std::optional<node_address> physical_address(const address_draft& draft, address_format format) {
  node_address result;
  result.format = format;
  isotp::addressing& ids = result.ids;
  const bool has_tester = format != address_format::normal && format != address_format::mixed;
  const bool made_of_addresses = format == address_format::normal_fixed || format == address_format::mixed_29;
  if (has_tester && (!draft.ecu || !draft.tester)) return std::nullopt;
  if (!made_of_addresses && (!draft.request || !draft.response)) return std::nullopt;
  if (has_tester) result.tester = *draft.tester;
  if (!made_of_addresses) {
    ids.rx = *draft.request;
    ids.tx = *draft.response;
  }
  if (format == address_format::normal_fixed) {
    ids.rx = isotp::normal_fixed_physical(*draft.ecu, *draft.tester);
    ids.tx = isotp::normal_fixed_physical(*draft.tester, *draft.ecu);
  } else if (format == address_format::extended) {
    ids.rx_address_byte = draft.ecu;
    ids.tx_address_byte = draft.tester;
  } else if (format != address_format::normal) {
    if (!draft.extension) return std::nullopt;
    ids.rx_address_byte = ids.tx_address_byte = draft.extension;
  }
  if (format == address_format::mixed_29) {
    ids.rx = isotp::mixed_29_physical(*draft.ecu, *draft.tester);
    ids.tx = isotp::mixed_29_physical(*draft.tester, *draft.ecu);
  }
  return result;
}

/// Adds the functional address; false after a refusal.
bool add_functional(reader& in, const address_draft& draft, node_address& made) {
  isotp::addressing& ids = made.ids;
  const bool obd = ids.rx >= can::identifier::standard(0x7E0) && ids.rx <= can::identifier::standard(0x7E7);
  const auto functional =
      read_functional_target(in, draft.functional, made.format, made.tester, ids.rx_address_byte,
                             obd ? std::optional{obd_functional} : std::nullopt);
  if (!functional) return false;
  ids.functional_rx = functional->id;
  ids.functional_rx_address_byte = functional->address;
  if (!ids.functional_rx) return true;
  const bool own = ids.functional_rx == ids.rx && ids.functional_rx_address_byte == ids.rx_address_byte;
  if (!own && ids.functional_rx != ids.tx) return true;
  in.refuse(draft.functional->where,
            own && made.format == address_format::extended
                ? "the functional address is the same as the ECU's own"
                : "the functional identifier is the same as the request or the response");
  return false;
}

struct tester_address_draft {
  std::optional<std::size_t> format;
  std::optional<std::uint8_t> tester = default_tester;
  const node* functional = nullptr;
  std::optional<std::uint8_t> extension;
};

constexpr std::array tester_address_fields = std::to_array<field<tester_address_draft>>({
    {{"format", "normal_fixed | extended | mixed | mixed_29",
      "As with ECUs; for normal addressing write 'functional' alone.", required},
     [](reader& in, const node& value, tester_address_draft& out) {
       out.format = in.word(value, {"normal_fixed", "extended", "mixed", "mixed_29"});
     }},
    {{"tester", "hex byte", "Normal fixed, extended, mixed_29: the tester's own address.", "F1"},
     [](reader& in, const node& value, tester_address_draft& out) { out.tester = in.hex_byte(value); }},
    {{"functional", "hex identifier | hex byte | <functional address> | none",
      "Where functional requests are sent: an identifier, under normal fixed and mixed_29 addressing a "
      "target address, under extended addressing both.",
      "33 for normal_fixed and mixed_29, 7DF for mixed, none for extended"},
     [](reader&, const node& value, tester_address_draft& out) { out.functional = &value; }},
    {{"extension", "hex byte", "Mixed, mixed_29: the address extension of functional requests.",
      "needed, but not with functional: none"},
     [](reader& in, const node& value, tester_address_draft& out) { out.extension = in.hex_byte(value); }},
});

}  // namespace

std::optional<identifier_range> read_identifier_range(reader& in, const node& value) {
  if (!in.want_scalar(value, "an identifier like 7E8, or a range like 7E8-7EF")) return std::nullopt;
  const std::string_view text = value.text;
  const std::size_t dash = text.find('-');
  const auto first = in.identifier(value, text.substr(0, dash));
  const auto last =
      dash == std::string_view::npos || !first ? first : in.identifier(value, text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  if (first->is_extended() != last->is_extended()) {
    in.refuse_value(value, "a range of one format", "one identifier has 11 bits, the other 29");
  } else if (*last < *first) {
    in.refuse_value(value, "a range like 7E8-7EF", "it ends before it begins");
  } else {
    return identifier_range{*first, *last};
  }
  return std::nullopt;
}

std::optional<node_address> read_ecu_address(reader& in, const node& value, position where) {
  address_draft draft;
  if (!read_fields(in, value, where, "an address", address_fields, draft) || !draft.format)
    return std::nullopt;
  if (!check_format(in, value, where, ecu_formats.at(*draft.format), "an address")) return std::nullopt;
  auto result = physical_address(draft, static_cast<address_format>(*draft.format));
  if (!result || !add_functional(in, draft, *result)) return std::nullopt;
  if (result->ids.rx == result->ids.tx) {
    in.refuse(value.where, "the ECU would answer where it is asked");
    return std::nullopt;
  }
  return result;
}

std::optional<tester_address> read_tester_address(reader& in, const node& value) {
  constexpr std::string_view what = "a tester's address";
  tester_address_draft draft;
  const bool complete = read_fields(in, value, value.where, what, tester_address_fields, draft);
  if (!complete || !draft.format) return std::nullopt;
  const bool alone = is_none(draft.functional);
  if (!check_format(in, value, value.where, tester_formats.at(*draft.format), what, alone ? "extension" : ""))
    return std::nullopt;
  const bool extension_refused = value.find("extension") != nullptr && !draft.extension;
  if (!draft.tester || extension_refused) return std::nullopt;
  tester_address result;
  // Normal addressing is not among the words.
  result.format = static_cast<address_format>(*draft.format + 1);
  if (result.format != address_format::mixed) result.tester = *draft.tester;
  const auto functional = read_functional_target(in, draft.functional, result.format, result.tester,
                                                 draft.extension, obd_functional);
  if (!functional) return std::nullopt;
  result.functional = functional->id;
  result.functional_byte = functional->address;
  return result;
}

void describe_addresses(std::vector<map_doc>& maps) {
  maps.push_back(describe("address", address_fields));
  maps.push_back(describe("tester address", tester_address_fields));
  maps.push_back(describe("functional address", functional_fields));
}

}  // namespace canstage::scenarios

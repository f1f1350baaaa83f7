// `address:` and `isotp:`.
#include "fmt/format.h"
#include "scenarios/expand.hpp"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

/// What `address:` says, still without its format's defaults.
struct address_draft {
  std::optional<std::size_t> format = 0;
  std::optional<can::identifier> request;
  std::optional<can::identifier> response;
  const node* functional = nullptr;
  std::optional<std::uint8_t> ecu;
  std::optional<std::uint8_t> tester = 0xF1;
};

constexpr std::array address_fields = std::to_array<field<address_draft>>({
    {{"format", "normal | normal_fixed", "How identifiers are made (ISO 15765-2).", "normal"},
     [](reader& in, const node& value, address_draft& out) {
       out.format = in.word(value, {"normal", "normal_fixed"}, {"extended", "mixed"});
     }},
    {{"request", "hex identifier", "Normal: where the ECU is asked, alone.", "none"},
     [](reader& in, const node& value, address_draft& out) { out.request = in.identifier(value); }},
    {{"response", "hex identifier", "Normal: where the ECU answers.", "none"},
     [](reader& in, const node& value, address_draft& out) { out.response = in.identifier(value); }},
    {{"functional", "hex identifier | hex byte | none",
      "Where the ECU is asked with others: an identifier, under normal fixed addressing a target address.",
      "7DF for requests on 7E0 to 7E7, 33 for normal_fixed, else none"},
     [](reader&, const node& value, address_draft& out) { out.functional = &value; }},
    {{"ecu", "hex byte", "Normal fixed: the ECU's own address.", "none"},
     [](reader& in, const node& value, address_draft& out) { out.ecu = in.hex_byte(value); }},
    {{"tester", "hex byte", "Normal fixed: the tester's address.", "F1"},
     [](reader& in, const node& value, address_draft& out) { out.tester = in.hex_byte(value); }},
});

/// Keys that one format needs and those that it has no use for.
bool check_format(reader& in, const node& value, position where,
                  std::initializer_list<std::string_view> needed,
                  std::initializer_list<std::string_view> useless, std::string_view format) {
  for (const std::string_view key : useless) {
    if (const node_ptr* there = value.find(key)) {
      in.refuse((*there)->where,
                fmt::format("'{}' has no meaning in an address of format '{}'", key, format));
      return false;
    }
  }
  std::string missing;
  for (const std::string_view key : needed) {
    if (value.find(key) == nullptr) missing += fmt::format("{}'{}'", missing.empty() ? "" : " and ", key);
  }
  if (missing.empty()) return true;
  in.refuse(where, fmt::format("an address of format '{}' lacks {}", format, missing));
  return false;
}

bool is_none(const node* value) { return value != nullptr && value->is_scalar() && value->text == "none"; }

std::optional<node_address> normal_address(reader& in, const address_draft& draft) {
  constexpr std::uint32_t first_obd = 0x7E0;
  constexpr std::uint32_t last_obd = 0x7E7;
  if (!draft.request || !draft.response) return std::nullopt;
  node_address result;
  result.ids.rx = *draft.request;
  result.ids.tx = *draft.response;
  const bool obd = *draft.request >= can::identifier::standard(first_obd) &&
                   *draft.request <= can::identifier::standard(last_obd);
  if (draft.functional == nullptr) {
    if (obd) result.ids.functional_rx = can::identifier::standard(0x7DF);
    return result;
  }
  if (is_none(draft.functional)) return result;
  const reader::scope inside{in, "functional"};
  result.ids.functional_rx = in.identifier(*draft.functional);
  if (!result.ids.functional_rx) return std::nullopt;
  if (*result.ids.functional_rx == result.ids.rx || *result.ids.functional_rx == result.ids.tx) {
    in.refuse(draft.functional->where,
              "the functional identifier is the same as the request or the response");
    return std::nullopt;
  }
  return result;
}

std::optional<node_address> normal_fixed_address(reader& in, const address_draft& draft) {
  if (!draft.ecu || !draft.tester) return std::nullopt;
  node_address result;
  result.format = address_format::normal_fixed;
  result.tester = *draft.tester;
  result.ids.rx = isotp::normal_fixed_physical(*draft.ecu, *draft.tester);
  result.ids.tx = isotp::normal_fixed_physical(*draft.tester, *draft.ecu);
  if (is_none(draft.functional)) return result;
  std::optional<std::uint8_t> target = 0x33;
  const reader::scope inside{in, "functional"};
  if (draft.functional != nullptr) target = in.hex_byte(*draft.functional);
  if (!target) return std::nullopt;
  result.ids.functional_rx = isotp::normal_fixed_functional(*target, *draft.tester);
  return result;
}

struct tester_address_draft {
  std::optional<std::size_t> format = 0;
  std::optional<std::uint8_t> tester = tester_address{}.tester;
  std::optional<std::uint8_t> functional = tester_address{}.functional;
};

constexpr std::array tester_address_fields = std::to_array<field<tester_address_draft>>({
    {{"format", "normal_fixed", "How identifiers are made; for normal addressing write 'functional' alone.",
      required},
     [](reader& in, const node& value, tester_address_draft& out) {
       out.format = in.word(value, {"normal_fixed"});
     }},
    {{"tester", "hex byte", "The tester's own address.", "F1"},
     [](reader& in, const node& value, tester_address_draft& out) { out.tester = in.hex_byte(value); }},
    {{"functional", "hex byte", "The target address of functional requests.", "33"},
     [](reader& in, const node& value, tester_address_draft& out) { out.functional = in.hex_byte(value); }},
});

void read_stmin(reader& in, const node& value, isotp::parameters& out) {
  using namespace std::chrono_literals;
  constexpr duration longest = 127ms;
  const auto time = in.time(value);
  if (!time) return;
  const auto stmin = isotp::st_min::from_time(*time);
  if (stmin) {
    out.stmin = *stmin;
    return;
  }
  if (*time > longest) {
    in.refuse(value.where, fmt::format("the byte STmin can say 127ms at most, not {}", value.text));
    return;
  }
  const duration step = *time < 1ms ? duration{100us} : duration{1ms};
  const duration below = *time / step * step;
  in.refuse(value.where, fmt::format("the byte STmin can say {} or {}, not {}", to_text(below),
                                     to_text(below + step), value.text));
}

void read_padding(reader& in, const node& value, isotp::parameters& out) {
  out.padding.reset();
  if (!is_none(&value)) out.padding = in.hex_byte(value);
}

constexpr std::uint32_t largest_max_sdu = 10'000'000;

constexpr std::array isotp_fields = std::to_array<field<isotp::parameters>>({
    {{"bs", "count", "Block size of own flow control; 0 is no further flow control.", "0"},
     [](reader& in, const node& value, isotp::parameters& out) {
       out.bs = static_cast<std::uint8_t>(in.count(value, 0, 255).value_or(0));
     }},
    {{"stmin", "time", "Separation time of own flow control: 0ms to 127ms, or 100us to 900us.", "0ms"},
     &read_stmin},
    {{"padding", "hex byte | none", "Filler up to 8 bytes in every frame.", "CC"}, &read_padding},
    {{"n_as", "time", "How long an own data frame may take to get onto the bus.", "1s"},
     [](reader& in, const node& value, isotp::parameters& out) {
       out.n_as = in.time_above_zero(value).value_or(out.n_as);
     }},
    {{"n_ar", "time", "How long an own flow control may take to get onto the bus.", "1s"},
     [](reader& in, const node& value, isotp::parameters& out) {
       out.n_ar = in.time_above_zero(value).value_or(out.n_ar);
     }},
    {{"n_bs", "time", "How long the peer's flow control is awaited.", "1s"},
     [](reader& in, const node& value, isotp::parameters& out) {
       out.n_bs = in.time_above_zero(value).value_or(out.n_bs);
     }},
    {{"n_br", "time", "How long this node takes to ask for its flow control to be sent.", "0ms"},
     [](reader& in, const node& value, isotp::parameters& out) {
       out.n_br = in.time(value).value_or(out.n_br);
     }},
    {{"n_cr", "time", "How long the next consecutive frame is awaited.", "1s"},
     [](reader& in, const node& value, isotp::parameters& out) {
       out.n_cr = in.time_above_zero(value).value_or(out.n_cr);
     }},
    {{"n_cs", "time", "How long this node takes to ask for a consecutive frame to be sent, beside STmin.",
      "0ms"},
     [](reader& in, const node& value, isotp::parameters& out) {
       out.n_cs = in.time(value).value_or(out.n_cs);
     }},
    {{"max_sdu", "count", "Longest message that is received, up to 10000000 bytes; longer ones get FC.OVFLW.",
      "4095"},
     [](reader& in, const node& value, isotp::parameters& out) {
       out.max_sdu = static_cast<std::uint32_t>(in.count(value, 1, largest_max_sdu).value_or(1));
     }},
});

}  // namespace

std::optional<node_address> read_ecu_address(reader& in, const node& value, position where) {
  address_draft draft;
  if (!read_fields(in, value, where, "an address", address_fields, draft) || !draft.format)
    return std::nullopt;
  const bool normal = *draft.format == 0;
  const bool fits = normal
                        ? check_format(in, value, where, {"request", "response"}, {"ecu", "tester"}, "normal")
                        : check_format(in, value, where, {"ecu"}, {"request", "response"}, "normal_fixed");
  if (!fits) return std::nullopt;
  const auto result = normal ? normal_address(in, draft) : normal_fixed_address(in, draft);
  if (result && result->ids.rx == result->ids.tx) {
    in.refuse(value.where, "the ECU would answer where it is asked");
    return std::nullopt;
  }
  return result;
}

std::optional<tester_address> read_tester_address(reader& in, const node& value) {
  tester_address_draft draft;
  const bool complete =
      read_fields(in, value, value.where, "a tester's address", tester_address_fields, draft);
  if (!complete || !draft.format || !draft.tester || !draft.functional) return std::nullopt;
  return tester_address{*draft.tester, *draft.functional};
}

std::shared_ptr<const isotp::parameters> read_isotp(reader& in, const node_ptr& value) {
  auto& cache = in.names().isotp;
  const auto [known, first] = cache.by_node.try_emplace({value.get()});
  if (!first) return known->second.config;
  known->second.keep_alive = {value};
  auto& config = cache.by_text[value ? canonical_text(*value) : "-"];
  if (!config) {
    isotp::parameters made;
    if (value) read_fields(in, *value, value->where, "isotp", isotp_fields, made);
    config = std::make_shared<const isotp::parameters>(made);
  }
  return known->second.config = config;
}

void describe_addresses(std::vector<map_doc>& maps) {
  maps.push_back(describe("address", address_fields));
  maps.push_back(describe("tester address", tester_address_fields));
  maps.push_back(describe("isotp", isotp_fields));
}

}  // namespace canstage::scenarios

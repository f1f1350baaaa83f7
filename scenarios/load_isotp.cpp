// `isotp:`.
#include <limits>

#include "fmt/format.h"
#include "protocols/can/frame.hpp"
#include "scenarios/expand.hpp"
#include "scenarios/load_change_parameter.hpp"

namespace canstage::scenarios {

namespace {

struct isotp_draft {
  isotp::parameters made;
  const node* bit_rate_switch = nullptr;
};

/// A count whose limits are the type's.
template <class Count>
void read_count(reader& in, const node& value, Count& out) {
  out = static_cast<Count>(in.count(value, 0, std::numeric_limits<Count>::max()).value_or(out));
}

void read_stmin(reader& in, const node& value, isotp_draft& out) {
  out.made.stmin = read_st_min(in, value).value_or(out.made.stmin);
}

void read_padding(reader& in, const node& value, isotp_draft& out) {
  out.made.padding.reset();
  if (!value.is_scalar() || value.text != "none") out.made.padding = in.hex_byte(value);
}

constexpr std::uint32_t most_waits = 1'000;

struct wait_draft {
  std::uint32_t waits = 0;
};

constexpr std::array flow_control_fields = std::to_array<field<wait_draft>>({
    {{"wait", "count", "How many FC.WAIT come after each first frame before FC.CTS, up to 1000.", required},
     [](reader& in, const node& value, wait_draft& out) {
       out.waits = static_cast<std::uint32_t>(in.count(value, 1, most_waits).value_or(0));
     }},
});

std::optional<isotp::flow_status> read_flow_status(reader& in, const node& value) {
  const auto index = in.word(value, {"cts", "wait", "overflow"});
  if (!index) return std::nullopt;
  return static_cast<isotp::flow_status>(*index);
}

void read_flow_control(reader& in, const node& value, isotp_draft& out) {
  auto& policy = out.made.flow_control;
  if (value.what == node::kind::map) {
    wait_draft draft;
    read_fields(in, value, value.where, "flow_control", flow_control_fields, draft);
    if (draft.waits > 0) policy = isotp::flow_control_policy::wait_first(draft.waits);
  } else if (value.what == node::kind::list && !value.items.empty()) {
    for (const node_ptr& item : value.items) {
      if (const auto fs = read_flow_status(in, *item)) policy.answers.push_back(*fs);
    }
  } else if (value.is_scalar() && value.text != "wait") {
    if (read_flow_status(in, value) == isotp::flow_status::ovflw) {
      policy = isotp::flow_control_policy::overflow();
    }
  } else {
    in.refuse_value(value, "cts, overflow, { wait: 3 } or a list like [wait, wait, cts]");
  }
}

void read_accepted_waits(reader& in, const node& value, isotp_draft& out) {
  constexpr std::string_view wish = "a decimal number, or any";
  out.made.accepted_waits.reset();
  if (!in.want_scalar(value, wish) || value.text == "any") return;
  std::string why;
  const auto count = parse_count(value.text, 0, std::numeric_limits<std::uint32_t>::max(), why);
  if (!count) in.refuse_value(value, wish, why);
  if (count) out.made.accepted_waits = static_cast<unsigned>(*count);
}

void read_tx_dl(reader& in, const node& value, isotp_draft& out) {
  constexpr std::string_view wish = "8, 12, 16, 20, 24, 32, 48 or 64";
  if (!in.want_scalar(value, wish)) return;
  std::string why;
  const auto length = parse_count(value.text, can::max_classic_length, can::max_fd_length, why);
  if (length && can::is_fd_length(*length)) {
    out.made.tx_dl = static_cast<std::uint8_t>(*length);
  } else {
    in.refuse_value(value, wish);
  }
}

constexpr std::uint32_t largest_max_sdu = 10'000'000;

constexpr std::array isotp_fields = std::to_array<field<isotp_draft>>({
    {{"bs", "count", "Block size of own flow control; 0 is no further flow control.", "0"},
     [](reader& in, const node& value, isotp_draft& out) { read_count(in, value, out.made.bs); }},
    {{"stmin", "time", "Separation time of own flow control: 0ms to 127ms, or 100us to 900us.", "0ms"},
     &read_stmin},
    {{"padding", "hex byte | none", "Filler up to 8 bytes in every frame.", "CC"}, &read_padding},
    {{"tx_dl", "8 | 12 | 16 | 20 | 24 | 32 | 48 | 64",
      "Data bytes of the longest frame that is sent; above 8 these are CAN FD frames.", "8"},
     &read_tx_dl},
    {{"brs", "true | false", "Whether own CAN FD frames switch to the data bit rate.",
      "true with a tx_dl above 8"},
     [](reader& in, const node& value, isotp_draft& out) {
       out.bit_rate_switch = &value;
       out.made.bit_rate_switch = in.truth(value).value_or(false);
     }},
    {{"n_as", "time", "How long an own data frame may take to get onto the bus.", "1s"},
     [](reader& in, const node& value, isotp_draft& out) {
       out.made.n_as = in.time_above_zero(value).value_or(out.made.n_as);
     }},
    {{"n_ar", "time", "How long an own flow control may take to get onto the bus.", "1s"},
     [](reader& in, const node& value, isotp_draft& out) {
       out.made.n_ar = in.time_above_zero(value).value_or(out.made.n_ar);
     }},
    {{"n_bs", "time", "How long the peer's flow control is awaited.", "1s"},
     [](reader& in, const node& value, isotp_draft& out) {
       out.made.n_bs = in.time_above_zero(value).value_or(out.made.n_bs);
     }},
    {{"n_br", "time", "How long this node takes to ask for its flow control to be sent.", "0ms"},
     [](reader& in, const node& value, isotp_draft& out) {
       out.made.n_br = in.time(value).value_or(out.made.n_br);
     }},
    {{"n_cr", "time", "How long the next consecutive frame is awaited.", "1s"},
     [](reader& in, const node& value, isotp_draft& out) {
       out.made.n_cr = in.time_above_zero(value).value_or(out.made.n_cr);
     }},
    {{"n_cs", "time", "How long this node takes to ask for a consecutive frame to be sent, beside STmin.",
      "0ms"},
     [](reader& in, const node& value, isotp_draft& out) {
       out.made.n_cs = in.time(value).value_or(out.made.n_cs);
     }},
    {{"max_sdu", "count", "Longest message that is received, up to 10000000 bytes; longer ones get FC.OVFLW.",
      "4095"},
     [](reader& in, const node& value, isotp_draft& out) {
       out.made.max_sdu = static_cast<std::uint32_t>(in.count(value, 1, largest_max_sdu).value_or(1));
     }},
    {{"flow_control", "cts | overflow | <flow_control> | list of (cts | wait | overflow)",
      "How this node answers as a receiver, after the first frame and each block; the last one repeats.",
      "cts"},
     &read_flow_control},
    {{"n_wft_max", "count", "How many FC.WAIT in a row this node sends, up to 255.", "10"},
     [](reader& in, const node& value, isotp_draft& out) { read_count(in, value, out.made.n_wft_max); }},
    {{"wait_interval", "time", "From an FC.WAIT to the next flow control.", "half of n_bs"},
     [](reader& in, const node& value, isotp_draft& out) { out.made.wait_interval = in.time(value); }},
    {{"accepted_waits", "count | any", "How many FC.WAIT in a row this node accepts as a sender.", "any"},
     &read_accepted_waits},
    {{"check_padding", "none | length | byte | both",
      "What is demanded of the fillers in frames that are received.", "none"},
     [](reader& in, const node& value, isotp_draft& out) {
       const auto index = in.word(value, {"none", "length", "byte", "both"});
       out.made.check_padding = static_cast<isotp::padding_check>(index.value_or(0));
     }},
    {{"duplex", "full | half", "Whether a segmented message can be sent while one is received.", "full"},
     [](reader& in, const node& value, isotp_draft& out) {
       const auto index = in.word(value, {"full", "half"});
       out.made.duplex = static_cast<isotp::duplex_mode>(index.value_or(0));
     }},
    {{"compatibility", "iso | linux | python-can-isotp | <compatibility>",
      "Whose reading of the standard this node has.", "iso"},
     [](reader& in, const node& value, isotp_draft& out) { read_compatibility(in, value, out.made.compat); }},
});

/// What is wrong with values that are right each by itself. A sentence of `validate` begins with the
/// name of what it is about.
void check_together(reader& in, const node& value, isotp_draft& draft) {
  const bool classic = draft.made.tx_dl == can::max_classic_length;
  if (draft.bit_rate_switch == nullptr) {
    draft.made.bit_rate_switch = draft.made.tx_dl > can::max_classic_length;
  } else if (classic && draft.made.bit_rate_switch) {
    in.refuse(draft.bit_rate_switch->where, "'brs' is for CAN FD frames, which need a 'tx_dl' above 8");
    draft.made.bit_rate_switch = false;
  }
  for (std::string& problem : isotp::validate(draft.made)) {
    const node_ptr* about = value.find(std::string_view(problem).substr(0, problem.find(' ')));
    in.refuse(about != nullptr ? (*about)->where : value.where, std::move(problem));
  }
}

}  // namespace

std::optional<isotp::st_min> read_st_min(reader& in, const node& value) {
  using namespace std::chrono_literals;
  constexpr duration longest = 127ms;
  const auto time = in.time(value);
  if (!time) return std::nullopt;
  if (const auto stmin = isotp::st_min::from_time(*time)) return stmin;
  if (*time > longest) {
    in.refuse(value.where, fmt::format("the byte STmin can say 127ms at most, not {}", value.text));
    return std::nullopt;
  }
  const duration step = *time < 1ms ? duration{100us} : duration{1ms};
  const duration below = *time / step * step;
  in.refuse(value.where, fmt::format("the byte STmin can say {} or {}, not {}", to_text(below),
                                     to_text(below + step), value.text));
  return std::nullopt;
}

std::shared_ptr<const isotp::parameters> read_isotp(reader& in, const node_ptr& value) {
  auto& cache = in.names().isotp;
  const auto [known, first] = cache.by_node.try_emplace({value.get()});
  if (!first) return known->second.config;
  known->second.keep_alive = {value};
  auto& config = cache.by_text[value ? canonical_text(*value) : "-"];
  if (!config) {
    isotp_draft draft;
    if (value) {
      read_fields(in, *value, value->where, "isotp", isotp_fields, draft);
      check_together(in, *value, draft);
    }
    config = std::make_shared<const isotp::parameters>(std::move(draft.made));
  }
  return known->second.config = config;
}

void check_frame_kind(reader& in, const node_ptr& isotp, const isotp::parameters& made, bus_index on) {
  if (made.tx_dl <= can::max_classic_length || !isotp) return;
  const bus& what = in.names().play.buses[on];
  const node_ptr* tx_dl = isotp->find("tx_dl");
  if (tx_dl == nullptr || !what.rates || what.rates->data > 0) return;
  in.refuse(
      (*tx_dl)->where,
      fmt::format("tx_dl {} means CAN FD frames, but bus '{}' is classic CAN; they need a 'data_bitrate' "
                  "there",
                  made.tx_dl, what.name));
}

void describe_isotp(std::vector<map_doc>& maps) {
  maps.push_back(describe("isotp", isotp_fields));
  maps.push_back(describe("flow_control", flow_control_fields));
  describe_compatibility(maps);
}

}  // namespace canstage::scenarios

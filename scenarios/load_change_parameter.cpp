// The step `change_parameter`.
#include "scenarios/load_change_parameter.hpp"
#include "fmt/format.h"

namespace canstage::scenarios {

namespace {

struct change_draft {
  const node* at = nullptr;
  std::optional<std::uint8_t> bs;
  const node* bs_node = nullptr;
  std::optional<isotp::st_min> stmin;
  const node* stmin_node = nullptr;
  isotp::change_result expected = isotp::change_result::n_ok;
};

constexpr std::uint64_t highest_bs = 0xFF;

constexpr std::array change_fields = std::to_array<field<change_draft>>({
    {{"at", "name", "The ECU or endpoint.", required},
     [](reader&, const node& value, change_draft& out) { out.at = &value; }},
    {{"bs", "count", "The BS of its flow control from now on.", "as it is"},
     [](reader& in, const node& value, change_draft& out) {
       out.bs_node = &value;
       if (const auto bs = in.count(value, 0, highest_bs)) out.bs = static_cast<std::uint8_t>(*bs);
     }},
    {{"stmin", "time", "The STmin of its flow control from now on: 0ms to 127ms, or 100us to 900us.",
      "as it is"},
     [](reader& in, const node& value, change_draft& out) {
       out.stmin_node = &value;
       out.stmin = read_st_min(in, value);
     }},
    {{"result", "N_OK | N_RX_ON", "What is expected: N_RX_ON while a message is being received.", "N_OK"},
     [](reader& in, const node& value, change_draft& out) {
       if (in.word(value, {"N_OK", "N_RX_ON"}) == 1) out.expected = isotp::change_result::n_rx_on;
     }},
});

}  // namespace

void read_change_parameter(reader& in, const node& value, step& out) {
  change_draft draft;
  if (!read_fields(in, value, value.where, "change_parameter", change_fields, draft)) return;
  if (draft.bs_node == nullptr && draft.stmin_node == nullptr) {
    in.refuse(value.where, "change_parameter needs 'bs' or 'stmin'");
    return;
  }
  const reader::scope inside{in, "at"};
  const auto* who = find_participant(in, *draft.at, "an ECU");
  if (who == nullptr) return;
  if (who->what.what == party::kind::tester) {
    in.refuse(draft.at->where, fmt::format("{} is a tester; parameters are changed of ECUs and endpoints",
                                           shown(draft.at->text)));
    return;
  }
  if ((draft.bs_node != nullptr && !draft.bs) || (draft.stmin_node != nullptr && !draft.stmin)) return;
  out.what = change_parameter_step{who->what, draft.bs, draft.stmin, draft.expected};
  if (out.name.empty()) out.name = "change parameters of " + draft.at->text;
}

void describe_change_parameter(std::vector<map_doc>& maps) {
  maps.push_back(describe("change_parameter", change_fields));
}

}  // namespace canstage::scenarios

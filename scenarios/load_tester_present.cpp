// `tester_present:` of testers and as a step.
#include "fmt/format.h"
#include "scenarios/load_procedures.hpp"

namespace canstage::scenarios {

namespace {

struct present_draft {
  const node* from = nullptr;
  const node* to = nullptr;
  const node* functional_node = nullptr;
  tester_present made;
};

constexpr std::array present_fields = std::to_array<field<present_draft>>({
    {{"every", "time", "From one TesterPresent to the next (S3client).", "2s"},
     [](reader& in, const node& value, present_draft& out) {
       if (const auto time = in.time_above_zero(value)) out.made.every = *time;
     }},
    {{"functional", "true | false", "To all ECUs at once, or to each one that the tester reaches.", "true"},
     [](reader& in, const node& value, present_draft& out) {
       out.functional_node = &value;
       out.made.functional = in.truth(value).value_or(true);
     }},
    {{"suppress", "true | false", "3E 80, to which nobody answers; otherwise everybody has to answer 7E 00.",
      "true"},
     [](reader& in, const node& value, present_draft& out) {
       out.made.suppress = in.truth(value).value_or(true);
     }},
    {{"from", "name", "In a step: the tester.", "the only tester"},
     [](reader&, const node& value, present_draft& out) { out.from = &value; }},
    {{"to", "name", "In a step: this ECU only, physically.", "all that the tester reaches"},
     [](reader&, const node& value, present_draft& out) { out.to = &value; }},
});

}  // namespace

std::optional<tester_present> read_tester_present(reader& in, const node& value) {
  present_draft draft;
  const bool complete = read_fields(in, value, value.where, "tester_present", present_fields, draft);
  for (const auto& [key, found] : {std::pair{"from", draft.from}, {"to", draft.to}}) {
    if (found == nullptr) continue;
    in.refuse(found->where,
              fmt::format("'{}' is for a step; a tester's own is for all that it reaches", key));
    return std::nullopt;
  }
  return complete ? std::optional{draft.made} : std::nullopt;
}

void read_tester_present_step(reader& in, const node& value, step& out) {
  tester_present_step made;
  if (value.is_scalar() && value.text == "stop") {
    if (out.name.empty()) out.name = "tester_present stop";
    out.what = made;
    return;
  }
  present_draft draft;
  if (!read_fields(in, value, value.where, "tester_present", present_fields, draft)) return;
  if (draft.to != nullptr) {
    if (draft.functional_node != nullptr && draft.made.functional) {
      in.refuse(draft.to->where, "'to' is one ECU, 'functional' asks all of them");
      return;
    }
    const auto parties = read_tester_and_ecu(in, draft.from, draft.to, value.where);
    if (!parties) return;
    made.from = parties->first;
    draft.made.functional = false;
    draft.made.to = parties->second;
  } else {
    const auto from = find_tester(in, draft.from, value.where);
    if (!from) return;
    made.from = *from;
    if (draft.made.functional && in.names().tester_usable[*from] &&
        !in.names().play.testers[*from].functional) {
      in.refuse(value.where,
                fmt::format("tester '{}' has no functional address", in.names().play.testers[*from].name));
      return;
    }
  }
  made.start = draft.made;
  if (out.name.empty()) out.name = "tester_present from " + in.names().play.testers[made.from].name;
  out.what = made;
}

void describe_tester_present(std::vector<map_doc>& maps) {
  maps.push_back(describe("tester_present", present_fields));
}

}  // namespace canstage::scenarios

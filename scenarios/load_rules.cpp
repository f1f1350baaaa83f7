// `rules:`: what an ECU does with requests that fit a pattern.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_uds.hpp"
#include "scenarios/load_varying_time.hpp"

namespace canstage::scenarios {

namespace {

struct rule_draft {
  uds::rule rule;
  bool request_good = false;
  int actions = 0;
  const node* reply = nullptr;
  const node* after = nullptr;
  const node* takes = nullptr;
};

void read_reply(reader& in, const node& value, rule_draft& out) {
  ++out.actions;
  out.rule.action = uds::rule::kind::reply;
  if (auto reply = in.reply_template(value)) {
    out.rule.reply = std::move(*reply);
    out.reply = &value;
  }
}

void read_silence(reader& in, const node& value, rule_draft& out) {
  ++out.actions;
  out.rule.action = uds::rule::kind::silence;
  const auto silent = in.truth(value);
  if (silent && !*silent)
    in.refuse_value(value, "true", "a rule that does not want silence has 'reply' or 'nrc'");
}

constexpr std::uint32_t most_times = 1'000'000'000;

constexpr std::array rule_fields = std::to_array<field<rule_draft>>({
    {{"request", "pattern", "Requests that the rule is for.", required},
     [](reader& in, const node& value, rule_draft& out) {
       if (auto pattern = in.pattern(value)) {
         out.rule.request = std::move(*pattern);
         out.request_good = true;
       }
     }},
    {{"reply", "bytes with {1..2} and {name}",
      "The answer; {1..2} are the request's bytes 1 to 2, {name} a capture.",
      "none; one of reply, nrc and silence is needed", "what is done"},
     &read_reply},
    {{"nrc", "hex byte", "The answer is 7F, the request's SID and this code.",
      "none; one of reply, nrc and silence is needed", "what is done"},
     [](reader& in, const node& value, rule_draft& out) {
       ++out.actions;
       out.rule.action = uds::rule::kind::nrc;
       out.rule.nrc_code = read_nrc(in, value).value_or(0);
     }},
    {{"silence", "true", "No answer at all.", "none; one of reply, nrc and silence is needed",
      "what is done"},
     &read_silence},
    {{"after", varying_time_shape, "Delay of the answer, taken literally.", "the ECU's response_time"},
     [](reader& in, const node& value, rule_draft& out) {
       out.rule.after = read_varying_time(in, value);
       out.after = &value;
     }},
    {{"takes", varying_time_shape, "Working time: 0x78 goes out by itself before P2 and within each P2*.",
      "none"},
     [](reader& in, const node& value, rule_draft& out) {
       out.rule.takes = read_varying_time(in, value);
       out.takes = &value;
     }},
    {{"times", "count", "The rule fits so many times since power-on, then it is passed over.", "always"},
     [](reader& in, const node& value, rule_draft& out) {
       out.rule.times = static_cast<std::uint32_t>(in.count(value, 1, most_times).value_or(1));
     }},
});

/// What its reply uses has to come from its request.
void check_names(reader& in, const rule_draft& draft) {
  if (draft.reply == nullptr || !draft.request_good) return;
  const std::vector<std::string> captured = draft.rule.request.capture_names();
  for (const std::string& name : draft.rule.reply.names()) {
    if (std::find(captured.begin(), captured.end(), name) != captured.end()) continue;
    in.refuse(draft.reply->where, fmt::format("'{{{}}}' is not captured by the rule's own request {}", name,
                                              shown(draft.rule.request.text())));
    return;
  }
}

void read_rule(reader& in, const node& value, std::vector<uds::rule>& into) {
  rule_draft draft;
  if (!read_fields(in, value, value.where, "a rule", rule_fields, draft)) return;
  if (draft.actions != 1) {
    in.refuse(value.where, "a rule has one of 'reply', 'nrc' and 'silence: true'");
    return;
  }
  check_names(in, draft);
  const bool silent = draft.rule.action == uds::rule::kind::silence;
  const node* delay = draft.after != nullptr ? draft.after : draft.takes;
  if (draft.after != nullptr && draft.takes != nullptr) {
    in.refuse(draft.takes->where,
              "a rule has 'after' or 'takes', not both: one is late, the other sends 0x78 in time");
  } else if (silent && delay != nullptr) {
    in.refuse(delay->where, "a rule with 'silence' has nothing to wait for");
  }
  into.push_back(std::move(draft.rule));
}

}  // namespace

void read_rules(reader& in, const node& value, std::vector<uds::rule>& into) {
  if (value.what == node::kind::nothing) return;
  const reader::scope inside{in, "rules"};
  if (!in.want_list(value, "a list of rules")) return;
  const reader::scope unnamed{in, ""};
  for (const node_ptr& item : value.items) read_rule(in, *item, into);
}

void describe_rules(std::vector<map_doc>& maps) { maps.push_back(describe("rule", rule_fields)); }

}  // namespace canstage::scenarios

// The step `change_parameter`: N_ChangeParameter, and its result as a verdict.
#include <memory>
#include <utility>

#include "scenarios/runner.hpp"

namespace canstage::scenarios {

namespace {

/// The requests of one step, one after the other.
std::vector<actors::n_change_parameter_request> requests_of(const change_parameter_step& what,
                                                            actors::connection_id connection) {
  using isotp::changeable_parameter;
  std::vector<actors::n_change_parameter_request> all;
  if (what.bs) all.push_back({connection, changeable_parameter::bs, *what.bs});
  if (what.stmin) all.push_back({connection, changeable_parameter::stmin, what.stmin->code()});
  return all;
}

verdict judge(const std::string& who, const change_parameter_step& what, isotp::change_result found) {
  verdict made;
  made.who = who;
  made.expected = std::string{to_string(what.expected)};
  if (found == what.expected) return made;
  made.what = outcome::wrong_answer;
  made.detail = "expected " + made.expected + ", the result is " + std::string{to_string(found)};
  return made;
}

}  // namespace

runner::course runner::begin(branch& who, const change_parameter_step& what) {
  const bool is_ecu = what.at.what == party::kind::ecu;
  const auto& connections =
      (is_ecu ? players_.ecu_connections : players_.endpoint_connections)[what.at.index];
  const auto& name = is_ecu ? play_.ecus[what.at.index].name : play_.endpoints[what.at.index].name;
  if (connections.empty()) {
    who.draft.status = step_status::failed;
    who.draft.why = name + " is exposed: its connection is its TCP client's";
    return course::ended;
  }
  const auto& place = connections.front();
  // The first result that is not N_OK is that of the step.
  auto result = std::make_shared<isotp::change_result>(isotp::change_result::n_ok);
  const auto all = requests_of(what, place.id);
  auto left = std::make_shared<std::size_t>(all.size());
  for (const auto& one : all) {
    request(place.host, caf::infinite, one)
        .then(
            [this, &who, &what, &name, result, left](const actors::n_change_parameter_confirm& end) {
              if (ended_) return;
              if (*result == isotp::change_result::n_ok) *result = end.result;
              if (--*left > 0) return;
              record(who, {judge(name, what, *result)});
              go_on_after(who);
            },
            // The stage knows already which actor failed, and ends the run.
            [](const caf::error&) {});
  }
  return course::under_way;
}

}  // namespace canstage::scenarios

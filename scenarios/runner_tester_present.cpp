// TesterPresent in the background.
#include <algorithm>

#include "scenarios/runner.hpp"
#include "scenarios/verdict.hpp"

namespace canstage::scenarios {

namespace {

using namespace std::chrono_literals;

/// How long an answer to 3E 00 may take to begin.
constexpr duration patience = 1s;

constexpr std::uint8_t tester_present_sid = 0x3E;
constexpr std::uint8_t suppressed = 0x80;

responder_expectation positive_answer() {
  responder_expectation expected;
  expected.reply = uds::pattern::exactly(bytes{0x7E, 0x00});
  return expected;
}

}  // namespace

runner::course runner::begin(branch&, const tester_present_step& what) {
  if (what.start) {
    begin_background(what.from, *what.start);
  } else {
    for (background& one : present_) one.next = never;
  }
  return course::ended;
}

void runner::begin_background(tester_index from, const tester_present& how) {
  present_[from] = {how, now() + how.every};
}

void runner::send_tester_present() {
  for (tester_index from = 0; from < present_.size(); ++from) {
    background& one = present_[from];
    if (one.next > now()) continue;
    one.next = now() + one.how.every;
    if (one.how.functional) {
      ask_present(from, one.how, std::nullopt);
    } else if (one.how.to) {
      ask_present(from, one.how, one.how.to);
    } else {
      for (const ecu_index to : play_.testers[from].ecus) ask_present(from, one.how, to);
    }
  }
}

/// Without `to` functionally. An answer that was suppressed is nobody's business here: what comes all the
/// same is seen by the steps that listen.
void runner::ask_present(tester_index from, const tester_present& how, std::optional<ecu_index> to) {
  const tester& asking = play_.testers[from];
  const duration window = how.suppress ? duration{0} : std::min(patience, how.every);
  uds::exchange_spec spec{
      .kind = to ? uds::exchange_kind::physical : uds::exchange_kind::functional,
      .request = {tester_present_sid, how.suppress ? suppressed : std::uint8_t{0}},
      .window = window,
      .responders = {},
  };
  if (to) {
    spec.responders.push_back(responder(from, *to, window));
  } else if (!how.suppress) {
    for (const ecu_index each : asking.ecus) spec.responders.push_back(responder(from, each, window));
  }
  request(players_.testers[from], caf::infinite, actors::perform_exchange{std::move(spec)})
      .then(
          [this, from, suppress = how.suppress, asked = to ? std::vector{*to} : asking.ecus,
           began = now()](const uds::exchange_report& report) {
            if (ended_ || suppress) return;
            step_result found;
            found.name = "tester_present from " + play_.testers[from].name;
            found.path = "background";
            found.where = play_.testers[from].where;
            found.began = began;
            found.ended = now();
            found.request = {tester_present_sid, 0};
            found.status = step_status::failed;
            for (std::size_t i = 0; i < report.responders.size(); ++i) {
              uds::captures none;
              verdict judged = judge_responder(play_.ecus[asked[i]].name, positive_answer(), report,
                                               report.responders[i], found.request, none);
              if (is_failure(judged.what)) found.verdicts.push_back(std::move(judged));
            }
            if (!found.verdicts.empty()) result_.steps.push_back(std::move(found));
          },
          [](const caf::error&) {});
}

}  // namespace canstage::scenarios

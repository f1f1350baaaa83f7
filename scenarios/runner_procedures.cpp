// Steps that are several exchanges with one ECU.
#include <fstream>
#include <utility>

#include "scenarios/runner.hpp"
#include "scenarios/verdict.hpp"

namespace canstage::scenarios {

namespace {

/// The final answer; null if there was none, or it broke off.
const uds::reaction* final_answer(const uds::exchange_report& report) {
  if (report.responders.empty()) return nullptr;
  for (const uds::reaction& what : report.responders.front().reactions)
    if (!what.response_pending && what.result == isotp::n_result::n_ok) return &what;
  return nullptr;
}

/// What cannot be written is a failure of the step: who reads the file afterwards would read an old one.
void save(const std::string& path, const bytes& data, verdict& judged) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
  file.close();
  if (file) {
    judged.detail += ", saved as " + path;
  } else if (!is_failure(judged.what)) {
    judged.what = outcome::wrong_answer;
    judged.detail += ", but " + path + " cannot be written";
  }
}

responder_expectation any_answer() {
  responder_expectation expected;
  text_error unused;
  expected.reply = uds::pattern::parse("*", unused).value_or(uds::pattern{});
  return expected;
}

}  // namespace

runner::course runner::begin(branch& who, const procedure_step& what) {
  who.running = uds::make_procedure(what.what);
  ask_next(who, what);
  return course::under_way;
}

void runner::ask_next(branch& who, const procedure_step& what) {
  uds::exchange_spec spec{.kind = uds::exchange_kind::physical,
                          .request = who.running->request(),
                          .window = what.window,
                          .responders = {responder(what.from, what.to, what.window)}};
  request(players_.testers[what.from], caf::infinite, actors::perform_exchange{std::move(spec)})
      .then(
          [this, &who, &what](const uds::exchange_report& report) {
            if (!ended_) on_procedure_report(who, what, report);
          },
          [](const caf::error&) {});
}

void runner::on_procedure_report(branch& who, const procedure_step& what,
                                 const uds::exchange_report& report) {
  uds::procedure& running = *who.running;
  const uds::reaction* answer = final_answer(report);
  if (answer != nullptr) running.on_answer(answer->message);
  home().note_progress();
  if (watched_ != nullptr) {
    watched_->moved.store(running.done(), std::memory_order_relaxed);
    watched_->to_move.store(running.total(), std::memory_order_relaxed);
    watched_->stage_ns.store(now().time_since_epoch().count(), std::memory_order_relaxed);
  }
  if (answer != nullptr && running.now() == uds::procedure::state::running) {
    // As between steps: what else happens at this instant happens before the next request.
    who.asks_next = true;
    alarm_.arm(now());
    return;
  }
  if (watched_ != nullptr) watched_->to_move.store(0, std::memory_order_relaxed);
  verdict judged;
  if (answer != nullptr) {
    judged = judge_procedure(play_, what, running, answer->message);
    if (!what.save.empty() && running.now() == uds::procedure::state::succeeded)
      save(what.save, running.received(), judged);
  } else {
    uds::captures none;
    judged = judge_responder(play_.ecus[what.to].name, any_answer(), report, report.responders.front(),
                             running.request(), none);
    judged.detail = running.stage() + ": " + judged.detail;
  }
  if (is_failure(judged.what)) {
    who.draft.status = step_status::failed;
    who.draft.request = running.request();
  }
  who.draft.verdicts.push_back(std::move(judged));
  go_on_after(who);
}

}  // namespace canstage::scenarios

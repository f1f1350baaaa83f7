#include "scenarios/runner.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "scenarios/verdict.hpp"

namespace canstage::scenarios {

namespace {

/// Added to an ECU's P2* while its next reaction is awaited: the frame still has to win the bus. How
/// long it really took is judged, not this.
constexpr duration p2_star_tolerance = std::chrono::milliseconds{200};

/// A frame that is still not sent after this time never will be: the interface is down, or nobody on a
/// real bus acknowledges. Virtual buses always send in the end.
constexpr duration send_frame_patience = std::chrono::seconds{1};

/// P2* of a bare endpoint, which has none of its own.
constexpr duration default_p2_star = std::chrono::seconds{5};

bool expects_silence(const request_step& what) {
  return what.expect && what.expect->what == responder_expectation::kind::silence;
}

}  // namespace

runner::runner(caf::actor_config& config, actors::stage& home, std::string title, const scenario& play,
               cast players, run_result& result, progress* watched, fault_director_actor faults)
    : stage_actor(config, home, std::move(title)),
      play_(play),
      players_(std::move(players)),
      faults_(std::move(faults)),
      result_(result),
      watched_(watched),
      alarm_(make_alarm(actors::phase::script)) {
  for (bus_index i = 0; i < players_.buses.size(); ++i) {
    const actors::bus_user_actor self{this};
    send(players_.buses[i], actors::attach_port{script_port, {}, self, false});
    if (listens_on(play_.steps, i))
      send(players_.buses[i],
           actors::attach_port{listening_script_port, {can::filter::everything()}, self, false});
  }
  present_.resize(play_.testers.size());
  for (tester_index i = 0; i < play_.testers.size(); ++i)
    if (play_.testers[i].present) begin_background(i, *play_.testers[i].present);
  branches_.push_back(std::make_unique<branch>(cursor{play_.steps, ""}, nullptr));
  ready_.push_back(branches_.front().get());
  alarm_.arm(now());
}

actors::runner_actor::behavior_type runner::make_behavior() {
  return {
      [this](const actors::frames_indication& run) { on_frames(run); },
      [this](const actors::transmit_confirm& sent) { on_sent(sent); },
      [this](const actors::abort_run&) { on_abort(); },
      [this](const actors::wake_up&) { on_wake(); },
  };
}

void runner::play_ready() {
  while (!ready_.empty()) {
    branch& who = *ready_.front();
    ready_.pop_front();
    for (auto now_on = course::ended; now_on == course::ended;) {
      const step* next = stopped_ ? nullptr : who.place.next();
      if (next == nullptr) {
        end_branch(who);
        break;
      }
      who.current = next;
      who.draft = open_result(*next, who.place.path());
      if (faults_) send(faults_, step_change{next->name, true});
      now_on = begin(who, *next);
      if (now_on == course::ended) end_step(who);
    }
  }
  arm();
}

runner::course runner::begin(branch& who, const step& what) {
  return std::visit([&](const auto& kind) { return begin(who, kind); }, what.what);
}

runner::course runner::begin(branch& who, const functional_step& what) {
  auto request = fill(who, what.request);
  if (!request) return course::ended;
  uds::exchange_spec spec{.kind = uds::exchange_kind::functional,
                          .request = *std::move(request),
                          .window = what.window,
                          .responders = {}};
  const auto& asked = play_.testers[what.from].ecus;
  for (std::uint32_t key = 0; key < asked.size(); ++key)
    spec.responders.push_back(responder(what.from, asked[key], what.window));
  exchange(who, players_.testers[what.from], std::move(spec),
           [this, &what](const bytes& sent, const uds::exchange_report& report, uds::captures& caught) {
             return judge_functional(play_, what, sent, report, caught);
           });
  return course::under_way;
}

runner::course runner::begin(branch& who, const request_step& what) {
  return ask(who, what) ? course::under_way : course::ended;
}

bool runner::ask(branch& who, const request_step& what) {
  auto request = fill(who, what.request);
  if (!request) return false;
  const bool from_tester = what.from.what == party::kind::tester;
  uds::responder_spec partner{0, what.window, default_p2_star + p2_star_tolerance};
  if (from_tester) partner = responder(what.from.index, what.to.index, what.window);
  uds::exchange_spec spec{.kind = uds::exchange_kind::physical,
                          .request = *std::move(request),
                          .window = what.window,
                          .responders = {partner},
                          .whole_window = expects_silence(what)};
  exchange(who, from_tester ? players_.testers[what.from.index] : players_.endpoints[what.from.index],
           std::move(spec),
           [this, &what](const bytes& sent, const uds::exchange_report& report, uds::captures& caught) {
             return judge_request(play_, what, sent, report, caught);
           });
  return true;
}

template <class Judge>
void runner::exchange(branch& who, const actors::tester_actor& via, uds::exchange_spec spec, Judge judge) {
  who.draft.request = spec.request;
  request(via, caf::infinite, actors::perform_exchange{std::move(spec)})
      .then(
          [this, &who, judge](const uds::exchange_report& report) {
            if (ended_) return;
            record(who, judge(who.draft.request, report, who.caught));
            if (!asks_again(who)) go_on_after(who);
          },
          // The stage knows already which actor failed, and ends the run.
          [](const caf::error&) {});
}

/// `to` as the tester knows it.
uds::responder_spec runner::responder(tester_index from, ecu_index to, duration window) const {
  const tester& asking = play_.testers[from];
  const auto place = std::lower_bound(asking.ecus.begin(), asking.ecus.end(), to);
  const duration p2_star = asking.p2_star.value_or(play_.ecus[to].uds->timing.p2_star);
  return {static_cast<std::uint32_t>(place - asking.ecus.begin()), window, p2_star + p2_star_tolerance};
}

runner::course runner::begin(branch& who, const advance_step& what) {
  who.wakes = now() + what.time;
  return course::under_way;
}

runner::course runner::begin(branch&, const reset_step& what) {
  const auto& target = players_.ecus[what.ecu];
  send(target.host, actors::power_cycle{target.id});
  return course::ended;
}

runner::course runner::begin(branch&, const power_step& what) {
  const auto& target = players_.ecus[what.ecu];
  send(target.host, actors::power_cycle{target.id, !what.on});
  return course::ended;
}

runner::course runner::begin(branch&, const switch_cyclic_step& what) {
  const auto& place = players_.cyclic[what.frame];
  send(place.host, actors::switch_cyclic{place.index, what.on});
  return course::ended;
}

runner::course runner::begin(branch&, const set_step& what) {
  const auto& target = players_.ecus[what.ecu];
  send(target.host, actors::ecu_stimulus{target.id, what.what});
  return course::ended;
}

runner::course runner::begin(branch& who, const send_frame_step& what) {
  const auto token = next_token_++;
  frames_under_way_.emplace_back(token, &who);
  send(players_.buses[what.bus], actors::transmit_request{script_port, token, {what.frame}});
  if (!play_.buses[what.bus].carrier.is_virtual()) who.wakes = now() + send_frame_patience;
  return course::under_way;
}

runner::course runner::begin(branch& who, const parallel_step& what) {
  who.children = what.branches.size();
  for (std::size_t i = 0; i < what.branches.size(); ++i) {
    auto prefix = branch_prefix(what, i, who.draft.path);
    branches_.push_back(std::make_unique<branch>(cursor{what.branches[i], std::move(prefix)}, &who));
    if (!what.names.empty()) branches_.back()->captured = std::make_shared<uds::captures>();
    ready_.push_back(branches_.back().get());
  }
  return who.children == 0 ? course::ended : course::under_way;
}

// Never given by a cursor.
runner::course runner::begin(branch&, const repeat_step&) { return course::ended; }
runner::course runner::begin(branch&, const for_each_step&) { return course::ended; }

std::optional<bytes> runner::fill(branch& who, const uds::reply_template& request) {
  for (const auto& name : request.names()) {
    if (who.captured->contains(name)) continue;
    who.draft.status = step_status::not_run;
    who.draft.why = "needs the capture '" + name + "', which no answer gave";
    return std::nullopt;
  }
  return request.fill({}, *who.captured);
}

step_result runner::open_result(const step& what, std::string path) const {
  step_result draft;
  draft.name = what.name;
  draft.path = std::move(path);
  draft.where = what.where;
  if (what.where.file > 0) draft.file = play_.included.at(what.where.file - 1U);
  draft.began = draft.ended = now();
  return draft;
}

void runner::end_step(branch& who) {
  if (faults_) send(faults_, step_change{who.current->name, false});
  const bool is_parallel = std::holds_alternative<parallel_step>(who.current->what);
  const bool stop = who.current->stop && who.draft.status == step_status::failed;
  for (auto& [name, value] : who.caught) (*who.captured)[name] = std::move(value);
  who.caught.clear();
  who.running.reset();
  who.watch.reset();
  who.current = nullptr;
  who.step_over = false;
  who.draft.ended = now();
  if (!is_parallel) result_.steps.push_back(std::move(who.draft));
  who.draft = {};
  stopped_ = stopped_ || stop;
  home().note_progress();
  if (watched_ != nullptr) {
    watched_->steps.fetch_add(1, std::memory_order_relaxed);
    watched_->stage_ns.store(now().time_since_epoch().count(), std::memory_order_relaxed);
  }
}

void runner::go_on_after(branch& who) {
  who.step_over = true;
  // Not before everything else that happens at this instant has happened: what a step does to an ECU
  // must not overtake what is on its way to it. And steps that end together end in the order of their
  // branches, whoever was told first.
  alarm_.arm(now());
}

void runner::end_branch(branch& who) {
  branch* parent = who.parent;
  if (stopped_ && !ended_) leave_out(who, "an earlier step failed that was to stop the run");
  std::erase_if(branches_, [&who](const auto& one) { return one.get() == &who; });
  if (parent != nullptr) {
    if (--parent->children > 0) return;
    end_step(*parent);
    ready_.push_back(parent);
  } else {
    end_run();
  }
}

void runner::leave_out(const branch& who, const std::string& why) {
  who.place.for_remaining([&](const step& what, const std::string& path) {
    auto& left_out = result_.steps.emplace_back(open_result(what, path));
    left_out.status = step_status::not_run;
    left_out.why = why;
  });
}

void runner::on_sent(const actors::transmit_confirm& sent) {
  for (std::uint32_t i = 0; i < sent.count; ++i) {
    const auto found = std::find_if(frames_under_way_.begin(), frames_under_way_.end(),
                                    [&](const auto& one) { return one.first == sent.first + i; });
    if (found == frames_under_way_.end()) continue;
    branch& who = *found->second;
    frames_under_way_.erase(found);
    go_on_after(who);
  }
}

void runner::give_up_frame(branch& who, const send_frame_step& what) {
  const auto under_way = std::find_if(frames_under_way_.begin(), frames_under_way_.end(),
                                      [&](const auto& one) { return one.second == &who; });
  send(players_.buses[what.bus], actors::withdraw_request{script_port, under_way->first});
  frames_under_way_.erase(under_way);
  who.draft.status = step_status::failed;
  who.draft.why = "the frame was not sent within 1 s";
}

void runner::on_wake() {
  alarm_.woke();
  send_tester_present();
  for (const auto& who : branches_) {
    if (std::exchange(who->asks_next, false)) ask_next(*who, std::get<procedure_step>(who->current->what));
    if (!who->step_over && who->wakes > now()) continue;
    const auto* sending = who->current ? std::get_if<send_frame_step>(&who->current->what) : nullptr;
    if (sending != nullptr && !who->step_over) give_up_frame(*who, *sending);
    who->wakes = never;
    const auto* waiting = who->current ? std::get_if<wait_answer_step>(&who->current->what) : nullptr;
    if (waiting != nullptr && !who->step_over && ask(*who, waiting->ask)) continue;
    if (who->watch && !who->step_over) record(*who, who->watch->judge(who->caught));
    end_step(*who);
    ready_.push_back(who.get());
  }
  play_ready();
}

void runner::on_abort() {
  if (ended_) return;
  ended_ = true;
  for (const auto& who : branches_) {
    const bool waits_for_branches =
        who->current != nullptr && std::holds_alternative<parallel_step>(who->current->what);
    if (who->current == nullptr || waits_for_branches) continue;
    if (!who->step_over) who->draft.status = step_status::interrupted;
    who->draft.ended = now();
    result_.steps.push_back(std::move(who->draft));
  }
  // Children come after their parents in this list, but before what follows their parents.
  for (auto who = branches_.rbegin(); who != branches_.rend(); ++who) leave_out(**who, "the run had ended");
  branches_.clear();
  ready_.clear();
  end_run();
}

void runner::arm() {
  instant next = ready_.empty() ? never : now();
  for (const auto& who : branches_) next = std::min(next, who->wakes);
  for (const auto& one : present_) next = std::min(next, one.next);
  alarm_.arm(next);
}

void runner::end_run() {
  ended_ = true;
  result_.ended = now();
  statistics_awaited_ = players_.buses.size();
  if (statistics_awaited_ == 0) home().finish();
  result_.buses.resize(players_.buses.size());
  for (bus_index i = 0; i < players_.buses.size(); ++i) {
    request(players_.buses[i], caf::infinite, caf::get_atom_v)
        .then([this, i](const actors::bus_statistics& found) {
          result_.frames += found.frames;
          result_.buses[i] = {play_.buses[i].name, found.frames, found.error_frames, found.figures};
          if (--statistics_awaited_ == 0) home().finish();
        });
  }
}

}  // namespace canstage::scenarios

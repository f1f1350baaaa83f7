// One request at a time, or one of each tester, goes through these phases:
//
//   idle --request--> working --ready--> sending_answer --confirmed--> idle
//                      |    ^
//                 0x78 due  confirmed
//                      v    |
//                 sending_pending
//
//   any --reset()--> off --power_down over--> idle;   idle after the answer to 0x11: likewise
//
//  - The answer is decided when the request comes (`plan`); the phases only decide when it goes out.
//    A request that nothing is due for is finished in `working` and never gets to `sending_answer`.
//  - Working time (`takes`) that fits into P2 is answered without a 0x78. Longer work sends one before
//    P2, and again within every P2* for as long as it lasts, or as many as the ECU is made to send. The
//    answer does not overtake a 0x78 that waits for its confirmation.
//  - A literal delay (`after`, `response_time`) sends no 0x78, however late the answer is.
//  - S3 (ISO 14229-2): stands still in the default diagnostic session, from the first frame of a
//    segmented request on, and while a request is not finished. It starts anew when that ends, whatever
//    became of the request. A 0x78 and what arrives meanwhile do not start it.
//  - A reset by 0x11 begins when its answer was confirmed, or at once if there is none.
#include "protocols/uds/server.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "protocols/uds/execute.hpp"

namespace canstage::uds {

namespace {

/// A 0x78 has to begin within P2 or P2* (UDS-100), and frames of lower identifiers may go ahead of it in
/// the arbitration: 80 % leaves 10 ms of the usual 50, some 40 full frames at 500 kbit/s. It also keeps
/// two 0x78 further apart than the 0.3 P2* that ISO 14229-2 asks for (UDS-106).
constexpr duration before_limit(duration limit) { return limit / 5 * 4; }

/// Keeps a P2* of zero from sending 0x78 for ever within one instant.
constexpr duration shortest_pending_gap = std::chrono::milliseconds{1};

/// Sub-function of 0x11: the ignition stays on.
constexpr std::uint8_t soft_reset = 0x03;

bool is_tester_present_without_answer(byte_view request) {
  return request.size() == 2 && request[0] == static_cast<std::uint8_t>(sid::tester_present) &&
         request[1] == suppress_positive;
}

constexpr std::uint16_t bit_of(tester_number tester) { return static_cast<std::uint16_t>(1U << tester); }

}  // namespace

server::server(std::shared_ptr<const server_config> config, random_stream randomness)
    : state_{std::move(config)}, randomness_(randomness) {
  state_.power_on(instant{});
}

void server::follow(std::shared_ptr<script> what) {
  state_.scripted = std::move(what);
  if (state_.scripted) state_.scripted->power_on(state_.context());
}

void server::misbehave(std::vector<drawn_answer_fault> faults) {
  if (!faults.empty()) state_.seldom.change().faults.change().add(std::move(faults));
}

const server_config& server::config() const { return *state_.config; }

std::uint8_t server::diagnostic_session() const { return state_.diagnostic_session; }

bool server::busy() const {
  const auto& others = others_.get();
  return first_.phase != request_phase::idle ||
         std::any_of(others.begin(), others.end(),
                     [](const request_progress& one) { return one.phase != request_phase::idle; });
}

instant server::deadline() const {
  if (is_off()) return first_.ready_at;
  instant next = std::min(s3_deadline_, state_.deadline());
  const auto look_at = [&](const request_progress& one) {
    if (one.phase == request_phase::working) next = std::min({next, one.ready_at, one.pending_at});
  };
  look_at(first_);
  for (const request_progress& one : others_.get()) look_at(one);
  return next;
}

void server::on_reception_started(instant now, tester_number tester) {
  catch_up(now);
  if (is_off()) return;
  receiving_ |= bit_of(tester);
  s3_deadline_ = never;
}

void server::on_request(instant now, byte_view request, isotp::target_type target, tester_number tester) {
  catch_up(now);
  const bool functional = target == isotp::target_type::functional;
  if (is_off() || (functional && config().functional == functional_requests::ignore)) return;
  const bool was_receiving = (receiving_ & bit_of(tester)) != 0;
  if (!functional) receiving_ &= static_cast<std::uint16_t>(~bit_of(tester));
  request_progress& of = progress_of(tester);
  if (of.phase != request_phase::idle || is_declined(tester)) {
    refuse(of, request, target, tester);
    if (was_receiving) restart_s3(now);
    return;
  }
  state_.tester = tester;
  if (auto next = decide(now, request, target)) {
    of.sid = request[0];
    of.tester = tester;
    begin(now, of, *std::move(next));
  } else if (was_receiving) {
    // No request, so it prolongs nothing; but S3 stood still for its reception.
    restart_s3(now);
  }
  announce(now);
}

void server::on_reception_failed(instant now, tester_number tester) {
  catch_up(now);
  if (is_off()) return;
  receiving_ &= static_cast<std::uint16_t>(~bit_of(tester));
  restart_s3(now);
}

void server::on_response_sent(instant now, tester_number tester) {
  catch_up(now);
  const auto sent = std::find_if(unconfirmed_.begin(), unconfirmed_.end(),
                                 [&](const handed_out& one) { return one.tester == tester; });
  if (sent == unconfirmed_.end()) return;
  const role what = sent->what;
  unconfirmed_.erase(sent);
  request_progress& of = progress_of(tester);
  if (what == role::refusal) {
    // The refused request was the latest one that ended.
    restart_s3(now);
  } else if (what == role::of_present_request && of.phase == request_phase::sending_answer) {
    finish_request(now, of);
  } else if (what == role::of_present_request) {
    of.phase = request_phase::working;
    const auto usual = before_limit(state_.timing().p2_star);
    const auto gap = config().response_pending.every.value_or(usual);
    schedule_pending(of, now + std::max(gap, shortest_pending_gap));
    advance(now, of);
  } else if (what == role::announcement && state_.seldom->unrequested->unsent > 0) {
    --state_.seldom.change().unrequested.change().unsent;
  }
  announce(now);
}

void server::on_stimulus(instant now, const stimulus& what) {
  catch_up(now);
  apply(state_, what);
  announce(now);
}

void server::on_time(instant now) {
  state_.now = now;
  if (is_off()) {
    if (now >= first_.ready_at) power_on(now, first_.sid);
    return;
  }
  advance(now, first_);
  if (!others_.is_fresh())
    for (request_progress& one : others_.change()) advance(now, one);
  if (now >= s3_deadline_) {
    state_.enter(default_diagnostic_session, now);
    s3_deadline_ = never;
  }
  if (now >= state_.deadline()) {
    state_.on_time();
    answer_once_more(now);
  }
  announce(now);
}

void server::reset(instant now, bool stays_off) {
  catch_up(now);
  outputs_.clear();
  next_output_ = 0;
  power_off(now, 0, stays_off);
}

std::optional<server_event> server::poll() {
  std::optional<server_event> next;
  if (next_output_ == outputs_.size()) return next;
  next.emplace(std::move(outputs_[next_output_++]));
  if (next_output_ == outputs_.size()) {
    outputs_.clear();
    next_output_ = 0;
  }
  return next;
}

request_progress& server::progress_of(tester_number tester) {
  if (tester == 0 || config().testers != several_testers::independent) return first_;
  auto& others = others_.change();
  if (others.size() < tester) others.resize(tester);
  return others[tester - 1];
}

/// Whether the diagnostic session is another tester's.
bool server::is_declined(tester_number tester) const {
  return config().testers == several_testers::owner_of_session &&
         state_.diagnostic_session != default_diagnostic_session && tester != session_owner_;
}

/// UDS-103; UDS-104: keeping S3 alive needs nothing here, it starts when the present request ends.
void server::refuse(const request_progress& of, byte_view request, isotp::target_type target,
                    tester_number tester) {
  const bool accepted = target == isotp::target_type::functional && is_tester_present_without_answer(request);
  const bool refused = !accepted && !request.empty() && is_request_sid(request[0]);
  if (!refused || config().busy != when_busy::refuse) return;
  send(of.phase != request_phase::idle ? role::refusal : role::declined,
       negative(request[0], static_cast<std::uint8_t>(nrc::busy_repeat_request)), tester);
}

/// Does first what was due before `now`, should the host be late. What is due exactly now comes after
/// the input: hosts process deliveries before timers.
void server::catch_up(instant now) {
  if (deadline() < now) on_time(now);
  state_.now = now;
}

/// Hands out what no request asked for.
void server::announce(instant now) {
  if (!busy()) answer_events(state_, now, randomness_);
  if (state_.seldom.is_fresh()) return;
  if (!state_.seldom->shared.is_fresh()) {
    for (auto& [did, value] : std::exchange(state_.seldom.change().shared.change().to_tell, {}))
      outputs_.emplace_back(tell_other_owners{did, std::move(value), now});
  }
  if (state_.seldom->unrequested.is_fresh()) return;
  auto& waiting = state_.seldom.change().unrequested.change();
  for (auto& [tester, message] : std::exchange(waiting.announcements, {})) {
    ++waiting.unsent;
    send(role::announcement, std::move(message), tester);
  }
  for (auto& [id, data] : std::exchange(waiting.frames, {}))
    outputs_.emplace_back(send_frame{id, std::move(data)});
}

/// Answers behind the answer, which a fault has kept.
void server::answer_once_more(instant now) {
  if (state_.seldom.is_fresh() || state_.seldom->faults.is_fresh()) return;
  while (auto extra = state_.seldom.change().faults.change().take_extra(now))
    send(role::announcement, std::move(extra->message), extra->tester);
}

void server::begin(instant now, request_progress& of, answer_plan next) {
  s3_deadline_ = never;
  of.pending_count = 0;
  of.plan = std::move(next);
  of.phase = request_phase::working;
  of.ready_at = now + of.plan.delay;
  const duration p2 = state_.timing().p2;
  of.pending_at = never;
  if (of.plan.reports_pending && of.plan.delay > p2) {
    schedule_pending(of, now + config().response_pending.first.value_or(before_limit(p2)));
  }
  advance(now, of);
}

/// The next 0x78 for the present request, if there is to be one. Of a fixed number each one goes out, and
/// the answer after them.
void server::schedule_pending(request_progress& of, instant at) {
  const auto& wanted = config().response_pending.count;
  if (wanted && of.pending_count >= *wanted) return;
  of.pending_at = at;
  if (wanted) of.ready_at = std::max(of.ready_at, at + duration{1});
}

/// What `working` has to do by now.
void server::advance(instant now, request_progress& of) {
  if (of.phase != request_phase::working) return;
  // A 0x78 that was due before the work was done goes out also if the host is late: whether a
  // suppressed answer is sent must not hang on that.
  if (now >= of.pending_at && of.pending_at < of.ready_at) {
    ++of.pending_count;
    of.pending_at = never;
    of.phase = request_phase::sending_pending;
    send(role::of_present_request, negative(of.sid, static_cast<std::uint8_t>(nrc::response_pending)),
         of.tester);
  } else if (now >= of.ready_at) {
    answer(now, of);
  }
}

void server::answer(instant now, request_progress& of) {
  const bool due = !of.plan.answer.empty() && (of.pending_count > 0 || !of.plan.only_after_pending);
  if (!due) {
    finish_request(now, of);
    return;
  }
  of.phase = request_phase::sending_answer;
  send(role::of_present_request, std::move(of.plan.answer), of.tester);
}

void server::finish_request(instant now, request_progress& of) {
  const auto reset_type = of.plan.reset_type;
  if (!state_.seldom.is_fresh() && !state_.seldom->faults.is_fresh())
    state_.seldom.change().faults.change().on_request_ended(now, of.tester);
  of.phase = request_phase::idle;
  of.plan = {};
  if (!reset_type) {
    restart_s3(now);
  } else {
    power_off(now, *reset_type);
  }
}

/// Unless a request is being received, worked on or answered: then it waits for its end.
void server::restart_s3(instant now) {
  if (busy()) return;
  const bool runs = state_.diagnostic_session != default_diagnostic_session && receiving_ == 0;
  s3_deadline_ = runs ? now + config().timing.s3 : never;
}

void server::power_off(instant now, std::uint8_t reset_type, bool stays_off) {
  state_.power_off();
  receiving_ = 0;
  first_ = {};
  others_.forget();
  s3_deadline_ = never;
  unconfirmed_.clear();
  rule_uses_.forget();
  const duration away = config().reset.power_down.draw(randomness_);
  if (!stays_off && away <= duration::zero()) {
    power_on(now, reset_type);
    return;
  }
  first_.phase = request_phase::off;
  first_.sid = reset_type;
  first_.ready_at = stays_off ? never : now + away;
  outputs_.emplace_back(leave_bus{});
}

void server::power_on(instant now, std::uint8_t reset_type) {
  first_ = {};
  state_.power_on(now);
  if (state_.scripted) state_.scripted->power_on(state_.context());
  if (reset_type != soft_reset && config().dtcs.cycle_begins_at_power_on) begin_operation_cycle(state_);
  outputs_.emplace_back(restart{reset_type});
}

void server::send(role what, bytes message, tester_number tester) {
  unconfirmed_.push_back({what, tester});
  outputs_.emplace_back(respond{std::move(message), tester});
}

}  // namespace canstage::uds

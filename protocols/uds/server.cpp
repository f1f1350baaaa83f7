// One request at a time goes through these phases:
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

/// Response SIDs (bit 6) and 0x7F, which has it, too (UDS-007).
bool is_request_sid(std::uint8_t value) { return (value & positive_offset) == 0; }

}  // namespace

server::server(std::shared_ptr<const server_config> config, random_stream randomness)
    : state_{std::move(config)}, randomness_(randomness) {
  state_.power_on(instant{});
}

void server::follow(std::shared_ptr<script> what) {
  state_.scripted = std::move(what);
  if (state_.scripted) state_.scripted->power_on(state_.context(instant{}));
}

const server_config& server::config() const { return *state_.config; }

std::uint8_t server::diagnostic_session() const { return state_.diagnostic_session; }

bool server::busy() const { return phase_ != phase::idle; }

instant server::deadline() const {
  switch (phase_) {
    case phase::idle:
      return std::min(s3_deadline_, state_.deadline());
    case phase::working:
      return std::min({ready_at_, pending_at_, state_.deadline()});
    case phase::off:
      return ready_at_;
    default:
      return state_.deadline();
  }
}

void server::on_reception_started(instant now) {
  catch_up(now);
  if (phase_ == phase::off) return;
  receiving_ = true;
  s3_deadline_ = never;
}

void server::on_request(instant now, byte_view request, isotp::target_type target) {
  catch_up(now);
  const bool functional = target == isotp::target_type::functional;
  if (phase_ == phase::off || (functional && config().functional == functional_requests::ignore)) return;
  const bool was_receiving = std::exchange(receiving_, functional && receiving_);
  if (busy()) {
    // UDS-103; UDS-104: keeping S3 alive needs nothing here, it starts when the present request ends.
    const bool accepted = functional && is_tester_present_without_answer(request);
    const bool refused = !accepted && !request.empty() && is_request_sid(request[0]);
    if (refused && config().busy == when_busy::refuse) {
      send(role::refusal, negative(request[0], static_cast<std::uint8_t>(nrc::busy_repeat_request)));
    }
    return;
  }
  captures caught;
  if (request.empty()) {
    if (was_receiving) restart_s3(now);
  } else if (auto scripted = ask_script(now, request, target)) {
    sid_ = request[0];
    begin(now, *std::move(scripted));
  } else if (const rule* matched = match_rule(request, caught)) {
    sid_ = request[0];
    begin(now, plan_rule(*matched, request, target, caught));
  } else if (is_request_sid(request[0])) {
    sid_ = request[0];
    begin(now, plan_service(now, request, target));
  } else if (was_receiving) {
    // No request, so it prolongs nothing; but S3 stood still for its reception.
    restart_s3(now);
  }
  announce(now);
}

void server::on_reception_failed(instant now) {
  catch_up(now);
  if (phase_ == phase::off) return;
  receiving_ = false;
  if (!busy()) restart_s3(now);
}

void server::on_response_sent(instant now) {
  catch_up(now);
  if (unconfirmed_.empty()) return;
  const role what = unconfirmed_.front();
  unconfirmed_.erase(unconfirmed_.begin());
  if (what == role::refusal) {
    // The refused request was the latest one that ended.
    if (!busy()) restart_s3(now);
  } else if (what == role::of_present_request && phase_ == phase::sending_answer) {
    finish_request(now);
  } else if (what == role::of_present_request) {
    phase_ = phase::working;
    const auto usual = before_limit(state_.timing().p2_star);
    const auto gap = config().response_pending.every.value_or(usual);
    schedule_pending(now + std::max(gap, shortest_pending_gap));
    advance(now);
  } else if (what == role::announcement && state_.unrequested->unsent > 0) {
    --state_.unrequested.change().unsent;
  }
  announce(now);
}

void server::on_stimulus(instant now, const stimulus& what) {
  catch_up(now);
  apply(state_, what);
  announce(now);
}

void server::on_time(instant now) {
  if (phase_ == phase::off) {
    if (now >= ready_at_) power_on(now, sid_);
    return;
  }
  advance(now);
  if (now >= s3_deadline_) {
    state_.enter(default_diagnostic_session, now);
    s3_deadline_ = never;
  }
  if (now >= state_.deadline()) state_.on_time(now);
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

/// Does first what was due before `now`, should the host be late. What is due exactly now comes after
/// the input: hosts process deliveries before timers.
void server::catch_up(instant now) {
  if (deadline() < now) on_time(now);
}

/// Hands out what no request asked for.
void server::announce(instant now) {
  if (!busy()) answer_events(state_, now, randomness_);
  if (state_.unrequested.is_fresh()) return;
  auto& waiting = state_.unrequested.change();
  for (bytes& message : std::exchange(waiting.announcements, {})) {
    ++waiting.unsent;
    send(role::announcement, std::move(message));
  }
  for (auto& [id, data] : std::exchange(waiting.frames, {}))
    outputs_.emplace_back(send_frame{id, std::move(data)});
}

void server::begin(instant now, plan next) {
  s3_deadline_ = never;
  pending_count_ = 0;
  plan_ = std::move(next);
  phase_ = phase::working;
  ready_at_ = now + plan_.delay;
  const duration p2 = state_.timing().p2;
  pending_at_ = never;
  if (plan_.reports_pending && plan_.delay > p2) {
    schedule_pending(now + config().response_pending.first.value_or(before_limit(p2)));
  }
  advance(now);
}

/// The next 0x78 for the present request, if there is to be one. Of a fixed number each one goes out, and
/// the answer after them.
void server::schedule_pending(instant at) {
  const auto& wanted = config().response_pending.count;
  if (wanted && pending_count_ >= *wanted) return;
  pending_at_ = at;
  if (wanted) ready_at_ = std::max(ready_at_, at + duration{1});
}

/// What `working` has to do by now.
void server::advance(instant now) {
  if (phase_ != phase::working) return;
  // A 0x78 that was due before the work was done goes out also if the host is late: whether a
  // suppressed answer is sent must not hang on that.
  if (now >= pending_at_ && pending_at_ < ready_at_) {
    ++pending_count_;
    pending_at_ = never;
    phase_ = phase::sending_pending;
    send(role::of_present_request, negative(sid_, static_cast<std::uint8_t>(nrc::response_pending)));
  } else if (now >= ready_at_) {
    answer(now);
  }
}

void server::answer(instant now) {
  const bool due = !plan_.answer.empty() && (pending_count_ > 0 || !plan_.only_after_pending);
  if (!due) {
    finish_request(now);
    return;
  }
  phase_ = phase::sending_answer;
  send(role::of_present_request, std::move(plan_.answer));
}

void server::finish_request(instant now) {
  const auto reset_type = plan_.reset_type;
  phase_ = phase::idle;
  plan_ = {};
  if (!reset_type) {
    restart_s3(now);
  } else {
    power_off(now, *reset_type);
  }
}

void server::restart_s3(instant now) {
  const bool runs = state_.diagnostic_session != default_diagnostic_session && !receiving_;
  s3_deadline_ = runs ? now + config().timing.s3 : never;
}

void server::power_off(instant now, std::uint8_t reset_type, bool stays_off) {
  state_.power_off();
  receiving_ = false;
  plan_ = {};
  s3_deadline_ = never;
  unconfirmed_.clear();
  rule_uses_.forget();
  const duration away = draw(config().reset.power_down);
  if (!stays_off && away <= duration::zero()) {
    power_on(now, reset_type);
    return;
  }
  phase_ = phase::off;
  sid_ = reset_type;
  ready_at_ = stays_off ? never : now + away;
  outputs_.emplace_back(leave_bus{});
}

void server::power_on(instant now, std::uint8_t reset_type) {
  phase_ = phase::idle;
  state_.power_on(now);
  if (state_.scripted) state_.scripted->power_on(state_.context(now));
  if (reset_type != soft_reset && config().dtcs.cycle_begins_at_power_on) begin_operation_cycle(state_);
  outputs_.emplace_back(restart{reset_type});
}

void server::send(role what, bytes message) {
  unconfirmed_.push_back(what);
  outputs_.emplace_back(respond{std::move(message)});
}

/// A script answers as a rule does: bytes literally, an NRC unless it must not be sent.
std::optional<server::plan> server::ask_script(instant now, byte_view request, isotp::target_type target) {
  if (!state_.scripted) return std::nullopt;
  const bool functional = target == isotp::target_type::functional;
  auto answer = state_.scripted->on_request(request, state_.context(now, functional));
  if (!answer) return std::nullopt;
  plan next;
  if (answer->nrc_code != 0) {
    next.answer = negative(request[0], answer->nrc_code);
    next.only_after_pending = is_silent(answer->nrc_code, target);
  } else if (answer->reply.size() > config().max_response) {
    next.answer = negative(request[0], static_cast<std::uint8_t>(nrc::response_too_long));
  } else {
    next.answer = std::move(answer->reply);
  }
  if (!next.answer.empty() && !next.only_after_pending) next.delay = draw(config().response_time);
  return next;
}

const rule* server::match_rule(byte_view request, captures& caught) {
  const auto& rules = config().rules;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const bool used_up = rules[i].times != 0 && !rule_uses_->empty() && rule_uses_.get()[i] == rules[i].times;
    if (used_up || !rules[i].request.matches(request, &caught)) continue;
    if (rules[i].times != 0) {
      rule_uses_.change().resize(rules.size());
      ++rule_uses_.change()[i];
    }
    return &rules[i];
  }
  return nullptr;
}

server::plan server::plan_rule(const rule& matched, byte_view request, isotp::target_type target,
                               const captures& caught) {
  plan next;
  if (matched.action == rule::kind::reply) {
    next.answer = matched.reply.fill(request, caught);
    if (next.answer.size() > config().max_response) {
      next.answer = negative(request[0], static_cast<std::uint8_t>(nrc::response_too_long));
    }
  } else if (matched.action == rule::kind::nrc) {
    next.answer = negative(request[0], matched.nrc_code);
    next.only_after_pending = is_silent(matched.nrc_code, target);
  }
  if (matched.takes) {
    next.delay = draw(*matched.takes);
    next.reports_pending = true;
  } else if (!next.answer.empty() && !next.only_after_pending) {
    next.delay = draw(matched.after ? *matched.after : config().response_time);
  }
  return next;
}

server::plan server::plan_service(instant now, byte_view request, isotp::target_type target) {
  outcome result = execute(state_, request, now, randomness_);
  plan next;
  if (const auto code = result.nrc_code()) {
    next.only_after_pending = is_silent(*code, target);
  } else {
    next.only_after_pending = result.suppress_positive;
  }
  next.answer = std::move(result.answer);
  next.reset_type = result.reset_type;
  if (result.takes) {
    next.delay = draw(*result.takes);
    next.reports_pending = true;
  } else if (!next.only_after_pending) {
    // What is not answered is done at once and draws no number.
    next.delay = draw(config().response_time);
  }
  return next;
}

/// Whether an NRC must not be sent, unless after a 0x78.
bool server::is_silent(std::uint8_t nrc_code, isotp::target_type target) const {
  return target == isotp::target_type::functional &&
         config().functional != functional_requests::answer_always && is_suppressed_for_functional(nrc_code);
}

duration server::draw(const time_range& range) {
  if (range.low == range.high) return range.low;
  return duration{randomness_.between(range.low.count(), range.high.count())};
}

}  // namespace canstage::uds

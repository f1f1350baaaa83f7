// sending --request sent--> listening --nothing left to wait for--> finished
//
// A responder is `open` while a reaction of it may still begin in time: it has not answered finally and
// is not being received. The exchange is over when
//  - no reaction that began in time is still being received (its own N_Cr ends it, no timer here), and
//  - the latest deadline of the open responders has passed, and
//  - it has listened as long as it has to (`listen_until_`).
// The last two are one instant, `deadline()`, at which `on_time` ends it: hosts process deliveries
// before timers of one instant, so that a reaction that begins right then still counts.
#include "protocols/uds/exchange.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/service.hpp"

namespace canstage::uds {

exchange::exchange(exchange_spec spec) : spec_(std::move(spec)) {
  responders_.resize(spec_.responders.size());
  report_.responders.resize(spec_.responders.size());
  places_.reserve(spec_.responders.size());
  for (std::size_t i = 0; i < spec_.responders.size(); ++i) {
    report_.responders[i].key = spec_.responders[i].key;
    places_.push_back({spec_.responders[i].key, static_cast<std::uint32_t>(i)});
  }
  std::sort(places_.begin(), places_.end(), [](key_place a, key_place b) { return a.key < b.key; });
}

const exchange_spec& exchange::spec() const { return spec_; }

bool exchange::finished() const { return phase_ == phase::finished; }

instant exchange::deadline() const {
  // The connection confirms every request, so there is nothing to be woken for before that.
  if (phase_ != phase::listening || unfinished_ > 0) return never;
  return std::max(latest_, listen_until_);
}

void exchange::on_request_sent(instant now, isotp::n_result result) {
  if (phase_ != phase::sending) return;
  report_.request_result = result;
  report_.request_sent = now;
  if (result != isotp::n_result::n_ok) {
    finish(now);
    return;
  }
  phase_ = phase::listening;
  const bool whole = spec_.kind == exchange_kind::functional || spec_.whole_window || responders_.empty();
  if (whole) listen_until_ = now + spec_.window;
  for (std::size_t i = 0; i < responders_.size(); ++i) {
    responder& who = responders_[i];
    who.deadline = now + std::max(spec_.responders[i].deadline, spec_.window);
    // Outside of the process a reaction may be reported before this. One that began before the end of the
    // request answers something else.
    auto& early = report_.responders[i].reactions;
    std::erase_if(early, [now](const reaction& one) { return one.started < now; });
    who.answered = false;
    for (const reaction& one : early) {
      const bool final_answer = one.result == isotp::n_result::n_ok && !one.response_pending;
      who.answered = who.answered || final_answer;
      if (one.response_pending)
        who.deadline = std::max(who.deadline, one.finished + spec_.responders[i].p2_star);
    }
    if (who.started && *who.started < now) {
      who.started.reset();
      --unfinished_;
    }
  }
  recount();
  end_if_over(now);
}

void exchange::on_reaction_started(instant now, std::uint32_t key) {
  const auto place = find(key);
  if (finished() || !place) return;
  responder& who = responders_[*place];
  if (who.started) return;
  if (open(who)) close(who);
  who.started = now;
  // Also after a final answer: what began within the window is received to its end.
  who.in_time = now <= who.deadline;
  if (who.in_time) ++unfinished_;
}

void exchange::on_reaction(instant now, std::uint32_t key, byte_view message, isotp::n_result result) {
  const auto place = find(key);
  if (finished() || !place) return;
  on_reaction_started(now, key);  // does nothing if one is being received
  responder& who = responders_[*place];
  const reaction& what =
      report_.responders[*place].reactions.emplace_back(make_reaction(*who.started, now, message, result));

  if (who.in_time) --unfinished_;
  who.started.reset();
  if (what.response_pending && who.in_time && !who.answered) {
    // It may still go on answering for as long as the exchange listens, whatever its P2*.
    if (phase_ == phase::listening)
      who.deadline = std::max(now + spec_.responders[*place].p2_star, report_.request_sent + spec_.window);
  } else if (result == isotp::n_result::n_ok && !what.response_pending) {
    who.answered = true;
  }
  if (open(who)) reopen(who);
  end_if_over(now);
}

void exchange::on_reaction_elsewhere(instant now, std::uint32_t key) {
  const auto place = find(key);
  if (finished() || !place || !responders_[*place].started) return;
  responder& who = responders_[*place];
  if (who.in_time) --unfinished_;
  who.started.reset();
  if (open(who)) reopen(who);
  end_if_over(now);
}

void exchange::on_unknown_reaction(instant now, can::identifier id, byte_view message,
                                   isotp::n_result result) {
  if (finished()) return;
  report_.unknown.push_back({id, make_reaction(now, now, message, result)});
}

void exchange::on_time(instant now) {
  if (now >= deadline() && phase_ == phase::listening) finish(now);
}

void exchange::on_abort(instant now) {
  if (finished()) return;
  if (phase_ == phase::sending) {
    report_.request_result = isotp::n_result::n_error;
    report_.request_sent = now;
  }
  finish(now);
}

const exchange_report& exchange::report() const { return report_; }

std::optional<std::size_t> exchange::find(std::uint32_t key) const {
  const auto found = std::lower_bound(places_.begin(), places_.end(), key,
                                      [](key_place a, std::uint32_t wanted) { return a.key < wanted; });
  if (found == places_.end() || found->key != key) return std::nullopt;
  return found->place;
}

reaction exchange::make_reaction(instant started, instant now, byte_view message,
                                 isotp::n_result result) const {
  reaction what{started, now, {}, result, false};
  if (result == isotp::n_result::n_ok) {
    what.message.assign(message.begin(), message.end());
    what.response_pending = !spec_.request.empty() && is_response_pending(message, spec_.request[0]);
  }
  return what;
}

bool exchange::open(const responder& who) const {
  return phase_ == phase::listening && !who.answered && !who.started;
}

/// `who` is no longer open.
void exchange::close(const responder& who) {
  if (who.deadline == latest_ && latest_count_ > 0) --latest_count_;
}

/// `who` is open again, perhaps with another deadline.
void exchange::reopen(const responder& who) {
  if (who.deadline > latest_) {
    latest_ = who.deadline;
    latest_count_ = 1;
  } else if (who.deadline == latest_) {
    ++latest_count_;
  }
}

void exchange::recount() {
  latest_ = instant::min();
  latest_count_ = 0;
  for (const responder& who : responders_) {
    if (open(who)) reopen(who);
  }
}

/// Ends what has nothing left to wait for, once the instant at which something could still begin is over.
void exchange::end_if_over(instant now) {
  if (phase_ != phase::listening || unfinished_ > 0) return;
  if (latest_count_ == 0) recount();
  if (deadline() < now) finish(now);
}

void exchange::finish(instant now) {
  phase_ = phase::finished;
  report_.finished = now;
  for (std::size_t i = 0; i < responders_.size(); ++i) {
    report_.responders[i].unfinished_since = responders_[i].started;
  }
}

}  // namespace canstage::uds

#include "protocols/conformance/conformance_run.hpp"

#include <algorithm>
#include <utility>

namespace canstage::conformance {

namespace {

/// How many quiet times a stack gets to fall silent before nothing more is tried.
constexpr int patience_in_quiet_times = 10;

verdict failure_of(const statement& what) {
  return what.sure == certainty::certain ? verdict::failed : verdict::deviation;
}

}  // namespace

conformance_run::conformance_run(const setting& known, std::vector<const statement*> selection)
    : known_(known), selection_(std::move(selection)) {}

instant conformance_run::deadline() const {
  switch (stage_) {
    case stage::asking:
    case stage::playing:
      return player_->deadline();
    case stage::quieting:
      return std::min(quiet_at_, patience_);
    case stage::idle:
    case stage::over:
      break;
  }
  return never;
}

void conformance_run::start(instant now) {
  if (stage_ != stage::idle) return;
  if (known_.echoes) {
    begin_next(now);
  } else {
    ask_for_echo(now);
  }
}

void conformance_run::ask_for_echo(instant now) {
  stage_ = stage::asking;
  script question{known_};
  question.single(3).silent();
  player_.emplace(known_, std::move(question), now, next_token_);
}

bool conformance_run::is_of_stack(const can::frame& f) const {
  if (f.id != known_.address.rx || f.flags.remote) return false;
  if (!known_.address.rx_address_byte) return true;
  return f.length > 0 && f.data[0] == *known_.address.rx_address_byte;
}

void conformance_run::note_block_size(const can::frame& f) {
  const auto at = known_.address_bytes_in();
  if (!known_.bs && f.length >= at + 3 && f.data[at] == 0x30) known_.bs = f.data[at + 1];
}

void conformance_run::on_frame(instant now, const heard_frame& f) {
  if (!is_of_stack(f.content)) return;
  ++heard_;
  note_block_size(f.content);
  if (stage_ == stage::quieting) on_straggler(f);
  if (stage_ == stage::asking || stage_ == stage::playing) player_->on_frame(now, f);
  go_on(now);
}

void conformance_run::on_confirm(instant now, can::transmit_token token) {
  if (player_) player_->on_confirm(now, token);
  go_on(now);
}

void conformance_run::on_time(instant now) {
  if (stage_ == stage::quieting) {
    const bool asked_only = results_.empty() && now >= patience_;
    if (now >= quiet_at_ || asked_only) {
      begin_next(now);
    } else if (now >= patience_) {
      give_up();
    }
  } else if (player_) {
    player_->on_time(now);
  }
  go_on(now);
}

std::optional<request> conformance_run::poll() { return player_ ? player_->poll() : std::nullopt; }

void conformance_run::go_on(instant now) {
  if (!player_ || !player_->finished()) return;
  if (stage_ == stage::asking) {
    // Anything that came is an echo, or wants to be one.
    known_.echoes = player_->found().frames.received() > 0;
    quieten(now);
  } else if (stage_ == stage::playing) {
    end_statement();
    quieten(now);
  }
}

void conformance_run::begin_next(instant now) {
  for (; next_ < selection_.size(); ++next_) {
    const statement& what = *selection_[next_];
    const auto why_not = obstacle(what, known_);
    if (!why_not) {
      stage_ = stage::playing;
      player_.emplace(known_, what.play(known_), now, next_token_, said_);
      return;
    }
    results_.push_back({&what, verdict::not_observable, *why_not, {}});
  }
  stage_ = stage::over;
}

void conformance_run::end_statement() {
  const statement& what = *selection_[next_++];
  statement_result result{&what, verdict::passed, {}, player_->found()};
  if (!result.found.obstacle.empty()) {
    result.is = verdict::not_observable;
    result.reason = result.found.obstacle;
  } else if (!result.found.met) {
    result.is = failure_of(what);
  }
  said_.values |= player_->seen().values;
  said_.lengths |= player_->seen().lengths;
  passed_ = result.is == verdict::passed;
  results_.push_back(std::move(result));
}

void conformance_run::quieten(instant now) {
  next_token_ = player_->next_token();
  stage_ = stage::quieting;
  // The silence at the end of a script counts.
  quiet_at_ = std::max(now, player_->last_frame() + known_.quiet_time());
  patience_ = now + patience_in_quiet_times * known_.quiet_time();
}

void conformance_run::on_straggler(const heard_frame& f) {
  quiet_at_ = f.end + known_.quiet_time();
  if (!std::exchange(passed_, false)) return;
  auto& last = results_.back();
  last.is = failure_of(*last.what);
  last.found.met = false;
  last.found.expected = "nothing more for " + time_text(known_.quiet_time());
  last.found.got = to_hex(f.content.payload()) + " after " + time_text(f.end - last.found.ended);
  last.found.frames.add({f.end, true, f.content});
}

void conformance_run::give_up() {
  for (; next_ < selection_.size(); ++next_)
    results_.push_back({selection_[next_], verdict::not_observable, "the stack does not fall silent", {}});
  stage_ = stage::over;
}

}  // namespace canstage::conformance

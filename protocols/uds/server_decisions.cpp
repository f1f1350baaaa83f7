// What a server does with a request: script, rules and services, in this order; and what is wrong with it.
#include <utility>

#include "protocols/uds/execute.hpp"
#include "protocols/uds/server.hpp"

namespace canstage::uds {

/// Nothing: it is no request.
std::optional<answer_plan> server::decide(instant now, byte_view request, isotp::target_type target) {
  if (request.empty()) return std::nullopt;
  const bool has_faults = !state_.seldom.is_fresh() && !state_.seldom->faults.is_fresh();
  return has_faults ? decide_wrongly(now, request, target) : decide_well(now, request, target);
}

std::optional<answer_plan> server::decide_wrongly(instant now, byte_view request, isotp::target_type target) {
  auto& faults = state_.seldom.change().faults.change();
  const auto taken = faults.on_request(now, request);
  if (!taken) return decide_well(now, request, target);
  const answer_fault& fault = *taken->what;
  outputs_.emplace_back(fault_taken{fault.number, taken->occasion, now});
  if (fault.action == answer_action::silence) return answer_plan{};
  if (fault.action == answer_action::nrc)
    return answer_plan{.answer = negative(request[0], fault.nrc_code),
                       .delay = config().response_time.draw(randomness_)};
  auto next = decide_well(now, request, target);
  if (!next || next->answer.empty()) return next;
  if (fault.action == answer_action::late) next->delay += fault.by;
  spoil(fault, next->answer);
  if (fault.action == answer_action::extra_answer)
    faults.keep_extra(state_.tester, fault.extra.empty() ? next->answer : fault.extra, fault.by);
  return next;
}

std::optional<answer_plan> server::decide_well(instant now, byte_view request, isotp::target_type target) {
  if (auto scripted = ask_script(request, target)) return scripted;
  captures caught;
  if (const rule* matched = match_rule(request, caught)) return plan_rule(*matched, request, target, caught);
  if (is_request_sid(request[0])) return plan_service(now, request, target);
  return std::nullopt;
}

/// A script answers as a rule does: bytes literally, an NRC unless it must not be sent.
std::optional<answer_plan> server::ask_script(byte_view request, isotp::target_type target) {
  if (!state_.scripted) return std::nullopt;
  const bool functional = target == isotp::target_type::functional;
  auto answer = state_.scripted->on_request(request, state_.context(functional));
  if (!answer) return std::nullopt;
  answer_plan next;
  if (answer->nrc_code != 0) {
    next.answer = negative(request[0], answer->nrc_code);
    next.only_after_pending = is_silent(answer->nrc_code, target);
  } else if (answer->reply.size() > config().max_response) {
    next.answer = negative(request[0], static_cast<std::uint8_t>(nrc::response_too_long));
  } else {
    next.answer = std::move(answer->reply);
  }
  if (!next.answer.empty() && !next.only_after_pending) next.delay = config().response_time.draw(randomness_);
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

answer_plan server::plan_rule(const rule& matched, byte_view request, isotp::target_type target,
                              const captures& caught) {
  answer_plan next;
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
    next.delay = matched.takes->draw(randomness_);
    next.reports_pending = true;
  } else if (!next.answer.empty() && !next.only_after_pending) {
    next.delay = (matched.after ? *matched.after : config().response_time).draw(randomness_);
  }
  return next;
}

answer_plan server::plan_service(instant now, byte_view request, isotp::target_type target) {
  if (request[0] == static_cast<std::uint8_t>(sid::diagnostic_session_control))
    session_owner_ = state_.tester;
  outcome result = execute(state_, request, now, randomness_);
  answer_plan next;
  if (const auto code = result.nrc_code()) {
    next.only_after_pending = is_silent(*code, target);
  } else {
    next.only_after_pending = result.suppress_positive;
  }
  next.answer = std::move(result.answer);
  next.reset_type = result.reset_type;
  if (result.takes) {
    next.delay = result.takes->draw(randomness_);
    next.reports_pending = true;
  } else if (!next.only_after_pending) {
    // What is not answered is done at once and draws no number.
    next.delay = config().response_time.draw(randomness_);
  }
  return next;
}

/// Whether an NRC must not be sent, unless after a 0x78.
bool server::is_silent(std::uint8_t nrc_code, isotp::target_type target) const {
  return target == isotp::target_type::functional &&
         config().functional != functional_requests::answer_always && is_suppressed_for_functional(nrc_code);
}

}  // namespace canstage::uds

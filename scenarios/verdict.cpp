#include "scenarios/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "protocols/uds/describe.hpp"
#include "protocols/uds/names.hpp"
#include "protocols/uds/service.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

using expectation_kind = responder_expectation::kind;

constexpr std::size_t bytes_in_detail = 24;

/// What one participant did, sorted by what it means.
struct conduct {
  std::optional<instant> first_start;            ///< begin of whatever came first
  std::vector<const uds::reaction*> pendings;    ///< 0x78 before the final answer
  const uds::reaction* broken = nullptr;         ///< broke off before the final answer
  const uds::reaction* answer = nullptr;         ///< the final answer
  std::vector<const uds::reaction*> afterwards;  ///< whatever came after the final answer
  std::optional<instant> unfinished;
};

conduct sort_out(const uds::responder_report& found) {
  conduct result;
  result.unfinished = found.unfinished_since;
  result.first_start = found.unfinished_since;
  for (const uds::reaction& what : found.reactions) {
    if (!result.first_start || what.started < *result.first_start) result.first_start = what.started;
    if (result.answer != nullptr) {
      result.afterwards.push_back(&what);
    } else if (what.response_pending) {
      result.pendings.push_back(&what);
    } else if (what.result == isotp::n_result::n_ok) {
      result.answer = &what;
    } else if (result.broken == nullptr) {
      result.broken = &what;
    }
  }
  return result;
}

std::string named_hex(byte_view message) {
  const std::string name = negative_name(message);
  return cut_hex(message, bytes_in_detail) + (name.empty() ? "" : " (" + name + ")");
}

/// One participant against one expectation. Complaints are collected from the most telling to the
/// least; the first decides the outcome, the others become remarks.
class judge {
 public:
  judge(const std::string& who, const responder_expectation& expected, const uds::exchange_report& report,
        const uds::responder_report& found, byte_view request, const implied_limits& implied = {})
      : expected_(expected),
        implied_(expected.what == expectation_kind::anything ? implied_limits{} : implied),
        report_(report),
        found_(found),
        did_(sort_out(found)),
        request_(request) {
    result_.who = who;
    note_facts();
  }

  verdict sentence(uds::captures& caught) {
    result_.expected = expected_text();
    const bool breaks_off = expected_.what == expectation_kind::break_off;
    if (report_.request_result != isotp::n_result::n_ok) {
      check_request(breaks_off);
    } else if (expected_.what == expectation_kind::silence) {
      check_silence();
    } else {
      if (breaks_off) {
        check_break_off();
        check_completeness();
      } else if (expected_.what != expectation_kind::anything) {
        check_answer(caught);
        check_afterwards();
        check_completeness();
      }
      check_times();
      if (did_.first_start || expected_.what == expectation_kind::anything) check_pendings();
    }
    return conclude();
  }

  /// Nothing was expected: what came is only described.
  verdict description() {
    if (report_.request_result != isotp::n_result::n_ok) {
      complain(outcome::not_sent,
               fmt::format("the request ended with {}", isotp::to_string(report_.request_result)));
      return conclude();
    }
    check_completeness();
    check_afterwards();
    verdict result = conclude();
    result.what = outcome::not_judged;
    result.remarks.clear();
    return result;
  }

 private:
  void note_facts() {
    if (did_.first_start) result_.reacted_after = since_request(*did_.first_start);
    for (const uds::reaction* pending : did_.pendings) {
      result_.pendings.push_back(since_request(pending->started));
    }
    if (did_.answer == nullptr) return;
    result_.answer = did_.answer->message;
    result_.answered_after = since_request(did_.answer->finished);
  }

  std::string expected_text() const {
    switch (expected_.what) {
      case expectation_kind::reply:
        return expected_.reply.text();
      case expectation_kind::nrc:
        return fmt::format("NRC {:02X}", expected_.nrc_code);
      case expectation_kind::break_off:
        return fmt::format("{}{}", breaks_off_prefix, isotp::to_string(expected_.result));
      case expectation_kind::silence:
        return "silence";
      case expectation_kind::anything:
        return "anything";
    }
    return {};
  }

  /// The request did not get through.
  void check_request(bool breaks_off) {
    std::string text = fmt::format("the request ended with {}", isotp::to_string(report_.request_result));
    if (breaks_off && report_.request_result == expected_.result) {
      result_.detail = std::move(text);
      return;
    }
    if (breaks_off) text += fmt::format(", expected {}", isotp::to_string(expected_.result));
    complain(outcome::not_sent, std::move(text));
  }

  /// An answer that breaks off with the expected result is what is right, and nothing whole behind it.
  void check_break_off() {
    if (did_.answer != nullptr) {
      complain(
          did_.broken == nullptr ? outcome::wrong_answer : outcome::unexpected,
          fmt::format("expected to break off with {}, got {} after {}", isotp::to_string(expected_.result),
                      named_hex(did_.answer->message), time_text(since_request(did_.answer->started))));
    }
    if (did_.broken == nullptr) return;
    result_.detail = broken_text("an answer", *did_.broken);
    if (did_.broken->result == expected_.result) return;
    complain(outcome::incomplete,
             fmt::format("{}, expected {}", result_.detail, isotp::to_string(expected_.result)));
  }

  void check_silence() {
    if (!did_.first_start) return;
    std::vector<std::string> came;
    if (!did_.pendings.empty()) came.push_back(pendings_text(did_.pendings.size()));
    if (did_.answer != nullptr) came.push_back(named_hex(did_.answer->message));
    if (did_.broken != nullptr) came.push_back(broken_text("an answer", *did_.broken));
    if (did_.unfinished) came.push_back("an answer that had not ended");
    complain(outcome::unexpected, fmt::format("expected silence, got {} after {}", fmt::join(came, ", then "),
                                              time_text(*result_.reacted_after)));
    check_afterwards();
  }

  void check_answer(uds::captures& caught) {
    if (did_.answer == nullptr) return;
    const bytes& got = did_.answer->message;
    const uds::pattern pattern = wanted();
    if (pattern.matches(got, &caught)) return;
    if (!expected_.in_words.empty()) {
      complain(outcome::wrong_answer,
               fmt::format("expected {}, got {}", expected_.in_words, value_text(got)));
      return;
    }
    result_.first_difference = pattern.first_difference(got);
    const std::string wanted_bytes = expected_pattern(result_, request_);
    const comparison shown =
        compare(wanted_bytes, got, result_.first_difference.value_or(0), bytes_in_detail, true);
    const std::string name = negative_name(got);
    std::string text = "expected ";
    if (expected_.what == expectation_kind::nrc) {
      text += fmt::format("{} ({})", wanted_bytes, uds::nrc_name(expected_.nrc_code));
    } else {
      text += wanted_bytes.size() > 3 * bytes_in_detail ? shown.expected : wanted_bytes;
    }
    text += ", got " + shown.got + (name.empty() ? "" : " (" + name + ")");
    complain(outcome::wrong_answer, std::move(text));
  }

  /// An answer to ReadDataByIdentifier without the name of the service, anything else with it.
  std::string value_text(byte_view got) const {
    const std::string text = uds::describe_answer(got, request_);
    const std::string positive = uds::service_name(0x22) + " answered: ";
    return text.starts_with(positive) ? text.substr(positive.size()) : text;
  }

  uds::pattern wanted() const {
    if (expected_.what != expectation_kind::nrc) return expected_.reply;
    const std::uint8_t sid = request_.empty() ? std::uint8_t{0} : request_.front();
    return uds::pattern::exactly(uds::negative(sid, expected_.nrc_code));
  }

  /// One request, one final answer: anything after it is a mistake of the responder.
  void check_afterwards() {
    if (did_.answer == nullptr) return;
    for (const uds::reaction* extra : did_.afterwards) {
      const std::string when = time_text(since_request(extra->started));
      if (extra->result != isotp::n_result::n_ok) {
        complain(outcome::unexpected, broken_text("a second answer", *extra));
      } else if (extra->response_pending) {
        complain(outcome::unexpected, fmt::format("a 0x78 after the final answer, after {}", when));
      } else {
        complain(outcome::unexpected,
                 fmt::format("a second final answer {} after {}", named_hex(extra->message), when));
      }
    }
    if (did_.unfinished) {
      complain(outcome::unexpected, fmt::format("a second answer began after {} and had not ended at the end",
                                                time_text(since_request(*did_.unfinished))));
    }
  }

  void check_completeness() {
    if (!did_.first_start) {
      complain(outcome::silent, fmt::format("no reaction in {}", time_text(since_request(report_.finished))));
      return;
    }
    if (expected_.what == expectation_kind::break_off && did_.broken != nullptr) return;
    if (did_.broken != nullptr) {
      complain(outcome::incomplete, broken_text("an answer", *did_.broken) +
                                        (did_.answer != nullptr ? ", a whole one came afterwards" : ""));
    }
    if (did_.answer != nullptr) return;
    if (did_.unfinished) {
      complain(outcome::incomplete, fmt::format("an answer began after {} and had not ended at the end",
                                                time_text(since_request(*did_.unfinished))));
    } else if (did_.broken == nullptr) {
      const instant last = did_.pendings.back()->finished;
      complain(outcome::incomplete,
               fmt::format("{}, then nothing for {}", pendings_text(did_.pendings.size()),
                           time_text(report_.finished - last)));
    }
  }

  void check_times() {
    const std::optional<duration> within = expected_.within ? expected_.within : implied_.window;
    if (within && result_.reacted_after && *result_.reacted_after > *within) {
      const bool pending_first =
          !result_.pendings.empty() && result_.pendings.front() == *result_.reacted_after;
      late(pending_first ? "first 0x78" : "began", *result_.reacted_after, *within);
    }
    if (expected_.final_within && result_.answered_after &&
        *result_.answered_after > *expected_.final_within) {
      late("final answer whole", *result_.answered_after, *expected_.final_within);
    }
    const bool distances_named = expected_.pending && expected_.pending->each_within;
    if (implied_.p2_star && !distances_named) check_p2_star(*implied_.p2_star);
  }

  /// A 0x78 promises the next reaction within P2*, or as long as the window is open.
  void check_p2_star(duration p2_star) {
    for (const uds::reaction* pending : did_.pendings) {
      const std::optional<instant> next = begin_after(*pending);
      if (!next) continue;
      const duration limit =
          std::max(since_request(pending->finished) + p2_star, implied_.window.value_or(duration{0}));
      if (since_request(*next) > limit) late("what followed a 0x78 began", since_request(*next), limit);
    }
  }

  void late(std::string_view what, duration after, duration limit) {
    if (!result_.late_by) result_.late_by = after - limit;
    complain(outcome::late, fmt::format("{} late: {} after {}, expected within {}", time_text(after - limit),
                                        what, time_text(after), time_text(limit)));
  }

  void check_pendings() {
    if (!expected_.pending) return;
    const pending_expectation& wanted = *expected_.pending;
    const std::size_t count = did_.pendings.size();
    if (count < wanted.at_least || (wanted.at_most && count > *wanted.at_most)) {
      complain(outcome::wrong_pending,
               fmt::format("expected {}, got {}", wanted_pendings(wanted), pendings_text(count)));
    }
    if (wanted.first_within && count > 0 && result_.pendings.front() > *wanted.first_within) {
      const duration after = result_.pendings.front();
      complain(outcome::wrong_pending,
               fmt::format("first 0x78 after {}, expected within {}: {} late", time_text(after),
                           time_text(*wanted.first_within), time_text(after - *wanted.first_within)));
    }
    if (wanted.each_within) check_distances(*wanted.each_within);
  }

  static std::string wanted_pendings(const pending_expectation& wanted) {
    if (wanted.at_most == wanted.at_least) return pendings_text(wanted.at_least);
    if (!wanted.at_most) return fmt::format("at least {}", pendings_text(wanted.at_least));
    if (wanted.at_least == 0) return fmt::format("at most {}", pendings_text(*wanted.at_most));
    return fmt::format("{} to {} 0x78", wanted.at_least, *wanted.at_most);
  }

  /// From the end of each 0x78 to the begin of what came next: a 0x78, the final answer or one that
  /// broke off.
  void check_distances(duration limit) {
    for (std::size_t i = 0; i < did_.pendings.size(); ++i) {
      const std::optional<instant> next = begin_after(*did_.pendings[i]);
      if (!next) continue;
      const duration distance = *next - did_.pendings[i]->finished;
      if (distance <= limit) continue;
      const std::string what =
          i + 1 == did_.pendings.size() ? "the answer" : fmt::format("0x78 number {}", i + 2);
      complain(outcome::wrong_pending, fmt::format("{} began {} after the 0x78 before it, expected within {}",
                                                   what, time_text(distance), time_text(limit)));
    }
  }

  std::optional<instant> begin_after(const uds::reaction& pending) const {
    const uds::reaction* next = &pending + 1;
    if (next != found_.reactions.data() + found_.reactions.size()) return next->started;
    return did_.unfinished;
  }

  std::string broken_text(std::string_view what, const uds::reaction& broken) const {
    return fmt::format("{} began after {} and broke off with {} after {}", what,
                       time_text(since_request(broken.started)), isotp::to_string(broken.result),
                       time_text(since_request(broken.finished)));
  }

  duration since_request(instant time) const { return time - report_.request_sent; }

  void complain(outcome what, std::string text) {
    if (complaints_.empty()) result_.what = what;
    complaints_.push_back(std::move(text));
  }

  verdict conclude() {
    // What is as expected may have a detail, too.
    if (!complaints_.empty()) result_.detail = fmt::format("{}", fmt::join(complaints_, "; "));
    if (complaints_.size() > 1) result_.remarks.assign(complaints_.begin() + 1, complaints_.end());
    return result_;
  }

  const responder_expectation& expected_;
  implied_limits implied_;
  const uds::exchange_report& report_;
  const uds::responder_report& found_;
  conduct did_;
  byte_view request_;
  verdict result_;
  std::vector<std::string> complaints_;
};

}  // namespace

verdict judge_responder(const std::string& who, const responder_expectation& expected,
                        const uds::exchange_report& report, const uds::responder_report& found,
                        byte_view request, uds::captures& caught, const implied_limits& implied) {
  return judge(who, expected, report, found, request, implied).sentence(caught);
}

verdict describe_responder(const std::string& who, const uds::exchange_report& report,
                           const uds::responder_report& found, byte_view request) {
  return judge(who, responder_expectation{}, report, found, request).description();
}

}  // namespace canstage::scenarios

// Who is judged by what in a step; how one participant is judged is in verdict.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "scenarios/verdict.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t bytes_in_detail = 24;

/// Answers of one ECU that come while the exchange waits for another one can be too late for their own.
implied_limits limits_of(const functional_step& step, const ecu& who) {
  implied_limits limits;
  if (step.window > duration{0}) limits.window = step.window;
  if (who.uds != nullptr) limits.p2_star = who.uds->timing.p2_star;
  return limits;
}

/// The reports of a functional step by the ECU they are about.
class reports_by_ecu {
 public:
  reports_by_ecu(const tester& from, const uds::exchange_report& report) {
    for (const uds::responder_report& found : report.responders) found_.emplace(found.key, &found);
    for (std::uint32_t key = 0; key < from.ecus.size(); ++key) keys_.emplace(from.ecus[key], key);
  }

  /// An ECU that the exchange says nothing about did nothing.
  const uds::responder_report& of(ecu_index ecu) const {
    static const uds::responder_report nothing;
    const auto key = keys_.find(ecu);
    if (key == keys_.end()) return nothing;
    const auto found = found_.find(key->second);
    return found == found_.end() ? nothing : *found->second;
  }

 private:
  std::unordered_map<std::uint32_t, const uds::responder_report*> found_;
  std::unordered_map<ecu_index, std::uint32_t> keys_;
};

std::optional<instant> begin_of_final_answer(const uds::responder_report& found) {
  for (const uds::reaction& what : found.reactions) {
    if (!what.response_pending && what.result == isotp::n_result::n_ok) return what.started;
  }
  return std::nullopt;
}

void complain_about_order(verdict& judged, const std::string& text) {
  if (is_failure(judged.what)) {
    judged.remarks.push_back(text);
  } else {
    judged.what = outcome::out_of_order;
    judged.detail.clear();
  }
  judged.detail += (judged.detail.empty() ? "" : "; ") + text;
}

/// Blames who answered before somebody that had to answer earlier. Who never answered is silent, which
/// is judged elsewhere, and holds up nobody.
void judge_order(const scenario& play, const std::vector<ecu_index>& order, const reports_by_ecu& reports,
                 const std::map<ecu_index, std::size_t>& place, std::vector<verdict>& verdicts) {
  std::optional<instant> latest;
  ecu_index latest_ecu = 0;
  for (const ecu_index ecu : order) {
    const std::optional<instant> began = begin_of_final_answer(reports.of(ecu));
    if (!began) continue;
    if (latest && *began < *latest) {
      const auto at = place.find(ecu);
      if (at != place.end()) {
        complain_about_order(verdicts[at->second],
                             fmt::format("began to answer {} before {}, expected after it",
                                         time_text(*latest - *began), play.ecus[latest_ecu].name));
      }
    } else {
      latest = began;
      latest_ecu = ecu;
    }
  }
}

/// One verdict per identifier that nobody owns, in the order in which they first answered.
void add_unknown(const uds::exchange_report& report, std::vector<verdict>& verdicts) {
  const std::size_t first = verdicts.size();
  for (const uds::unknown_responder& unknown : report.unknown) {
    const std::string who = id_text(unknown.id);
    const auto known = std::find_if(verdicts.begin() + static_cast<std::ptrdiff_t>(first), verdicts.end(),
                                    [&](const verdict& v) { return v.who == who; });
    verdict& judged = known != verdicts.end() ? *known : verdicts.emplace_back();
    const duration after = unknown.what.started - report.request_sent;
    judged.who = who;
    judged.what = outcome::unknown_responder;
    if (!judged.reacted_after || after < *judged.reacted_after) judged.reacted_after = after;
    std::string text;
    if (unknown.what.result != isotp::n_result::n_ok) {
      text = fmt::format("an answer broke off with {}", isotp::to_string(unknown.what.result));
    } else if (unknown.what.response_pending) {
      judged.pendings.push_back(after);
      text = "one 0x78";
    } else {
      text = cut_hex(unknown.what.message, bytes_in_detail);
      if (judged.answer.empty()) {
        judged.answer = unknown.what.message;
        judged.answered_after = unknown.what.finished - report.request_sent;
      }
    }
    text += " after " + time_text(after);
    if (judged.detail.empty()) {
      judged.detail = "nobody owns this identifier: " + text;
    } else {
      judged.detail += "; " + text;
      judged.remarks.push_back(text);
    }
  }
}

}  // namespace

std::vector<verdict> judge_functional(const scenario& play, const functional_step& step, byte_view request,
                                      const uds::exchange_report& report, uds::captures& caught) {
  const tester& from = play.testers[step.from];
  const reports_by_ecu reports(from, report);
  std::vector<verdict> verdicts;
  std::map<ecu_index, std::size_t> place;
  for (const named_expectation& named : step.expect.ecus) {
    place.emplace(named.ecu, verdicts.size());
    const ecu& who = play.ecus[named.ecu];
    verdicts.push_back(judge_responder(who.name, named.what, report, reports.of(named.ecu), request, caught,
                                       limits_of(step, who)));
  }
  for (const ecu_index index : from.ecus) {
    if (!place.emplace(index, verdicts.size()).second) continue;
    const ecu& who = play.ecus[index];
    const uds::responder_report& found = reports.of(index);
    verdicts.push_back(step.expect.others ? judge_responder(who.name, *step.expect.others, report, found,
                                                            request, caught, limits_of(step, who))
                                          : describe_responder(who.name, report, found, request));
    verdicts.back().other = true;
  }
  judge_order(play, step.expect.order, reports, place, verdicts);
  add_unknown(report, verdicts);
  return verdicts;
}

std::vector<verdict> judge_request(const scenario& play, const request_step& step, byte_view request,
                                   const uds::exchange_report& report, uds::captures& caught) {
  const std::string& who =
      step.to.what == party::kind::ecu ? play.ecus[step.to.index].name : play.endpoints[step.to.index].name;
  const uds::responder_report nothing;
  const uds::responder_report& found = report.responders.empty() ? nothing : report.responders.front();
  std::vector<verdict> verdicts;
  verdicts.push_back(step.expect ? judge_responder(who, *step.expect, report, found, request, caught)
                                 : describe_responder(who, report, found, request));
  add_unknown(report, verdicts);
  return verdicts;
}

}  // namespace canstage::scenarios

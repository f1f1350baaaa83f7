#include <algorithm>
#include <chrono>
#include <cstdio>
#include <set>

#include "protocols/learn/casting.hpp"
#include "protocols/learn/lesson.hpp"
#include "protocols/learn/rules.hpp"
#include "protocols/learn/steps.hpp"

namespace canstage::learn {

namespace {

std::string seconds_text(instant at) {
  const auto us = std::chrono::floor<std::chrono::microseconds>(at.time_since_epoch()).count();
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%06lld s", static_cast<long long>(us / 1'000'000),
                static_cast<long long>(us % 1'000'000));
  return text;
}

std::string identifier_text(const stream& one) {
  char text[16];
  std::snprintf(text, sizeof text, one.id.is_extended() ? "%08X" : "%03X",
                static_cast<unsigned>(one.id.value()));
  return text + (" on " + one.bus);
}

/// "1 message", "2 messages".
std::string counted(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string first_text(const overheard& all, std::size_t message) {
  constexpr std::size_t shown = 8;
  const auto& one = all.messages[message];
  const byte_view content = one.content;
  return "the first at " + seconds_text(one.begin) + " from " + identifier_text(all.streams[one.stream]) +
         ": " + to_hex(content.first(std::min(shown, content.size()))) +
         (content.size() > shown ? " .." : "");
}

/// What could not be used.
std::vector<std::string> remarks_on(const overheard& all, const pairing& who,
                                    const std::vector<ecu_exchanges>& exchanges, const casting& cast) {
  std::vector<std::string> remarks;
  std::vector<std::size_t> unasked;
  for (const auto& one : exchanges)
    unasked.insert(unasked.end(), one.without_request.begin(), one.without_request.end());
  if (!unasked.empty())
    remarks.push_back(counted(unasked.size(), "message") + " of ECUs that no request was found for; " +
                      first_text(all, *std::min_element(unasked.begin(), unasked.end())));
  std::set<std::size_t> nobodys{who.unpaired.begin(), who.unpaired.end()};
  for (const auto stream : who.functional)
    if (std::none_of(cast.functional.begin(), cast.functional.end(),
                     [&](const auto& used) { return used.stream == stream; }))
      nobodys.insert(stream);
  std::vector<std::size_t> lonely;
  for (std::size_t i = 0; i < all.messages.size(); ++i)
    if (nobodys.contains(all.messages[i].stream)) lonely.push_back(i);
  if (!lonely.empty())
    remarks.push_back(counted(lonely.size(), "message") + " on " + counted(nobodys.size(), "identifier") +
                      " without a partner; " + first_text(all, lonely.front()));
  for (const auto& one : who.connections)
    if (one.request_is_made_up)
      remarks.push_back("the ECU that answers on " + identifier_text(all.streams[*one.response_stream]) +
                        " was never asked alone: its request identifier is made up");
  if (all.broken_off > 0)
    remarks.push_back(counted(all.broken_off, "message") + " not whole; the first at " +
                      seconds_text(*all.first_broken_off));
  if (all.other_frames > 0)
    remarks.push_back(counted(all.other_frames, "frame") + " left out: no diagnostics");
  if (all.error_messages > 0) remarks.push_back(counted(all.error_messages, "error message") + " left out");
  return remarks;
}

}  // namespace

lesson learn(const overheard& all) {
  const auto who = pair_up(all);
  std::vector<ecu_exchanges> exchanges;
  for (const auto& one : who.connections) exchanges.push_back(exchanges_of(all, who, one));
  auto cast = cast_of(all, who, exchanges);
  lesson learnt;
  std::set<std::string> buses;
  for (std::size_t i = 0; i < cast.ecus.size(); ++i) {
    auto& one = cast.ecus[i];
    one.rules = rules_of(all, exchanges[i].list);
    one.response_time = response_time_of(all, exchanges[i].list);
    one.pendings = pending_times_of(all, exchanges[i].list);
    learnt.requests += exchanges[i].list.size();
    learnt.fd = learnt.fd || one.sends.fd;
    buses.insert(one.addresses.bus);
  }
  for (const auto& one : cast.testers) learnt.fd = learnt.fd || one.sends.fd;
  learnt.buses.assign(buses.begin(), buses.end());
  learnt.steps = steps_of(all, who, exchanges, cast);
  learnt.remarks = remarks_on(all, who, exchanges, cast);
  learnt.ecus = std::move(cast.ecus);
  learnt.testers = std::move(cast.testers);
  return learnt;
}

}  // namespace canstage::learn

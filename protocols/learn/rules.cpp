#include "protocols/learn/rules.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "protocols/learn/time_shape.hpp"
#include "protocols/uds/execute.hpp"
#include "protocols/uds/names.hpp"

namespace canstage::learn {

namespace {

using std::chrono::milliseconds;

constexpr duration usual_p2 = milliseconds{50};
constexpr duration usual_p2_star = std::chrono::seconds{5};
/// What a server does by itself: 0x78 after 80 % of P2*.
constexpr duration usual_gap = milliseconds{4000};

using exchanges = std::vector<const exchange*>;

byte_view answer_of(const overheard& all, const exchange& one) {
  return one.answer ? byte_view{all.messages[*one.answer].content} : byte_view{};
}

bool is_nrc(byte_view answer, byte_view request) {
  return answer.size() == 3 && answer[0] == uds::negative_response && answer[1] == request[0] &&
         answer[2] != 0;
}

/// A request that nobody answered because it was functional and the answer would have been this one.
bool is_left_out(const overheard& all, const exchange& one, byte_view nrc) {
  return one.functional && answer_of(all, one).empty() && one.pendings.empty() &&
         uds::is_suppressed_for_functional(nrc[2]);
}

/// Whether all of it is one negative answer, left out where the standard says so.
bool is_one_nrc(const overheard& all, const exchanges& list, byte_view request) {
  const auto first =
      std::find_if(list.begin(), list.end(), [](const auto* one) { return one->answer.has_value(); });
  if (first == list.end()) return false;
  const auto nrc = answer_of(all, **first);
  return is_nrc(nrc, request) && std::all_of(list.begin(), list.end(), [&](const exchange* one) {
           if (is_left_out(all, *one, nrc)) return true;
           const bool would_be =
               one->functional && one->pendings.empty() && uds::is_suppressed_for_functional(nrc[2]);
           return std::ranges::equal(answer_of(all, *one), nrc) && !would_be &&
                  one->pendings.empty() == (*first)->pendings.empty();
         });
}

rule rule_of(const overheard& all, const exchanges& run, const bytes& request) {
  rule made;
  made.request = request;
  std::vector<duration> times;
  for (const auto* one : run) {
    // After a 0x78 that nothing followed, that one was the answer.
    const auto last =
        one->answer || one->pendings.empty() ? one->answer : std::optional{one->pendings.front()};
    if (!last) continue;
    made.answer = all.messages[*last].content;
    made.pending = one->answer && !one->pendings.empty();
    times.push_back(delay_of(all.messages[one->request], all.messages[*last]));
  }
  made.as_nrc = is_nrc(made.answer, request) && !is_pending(made.answer) && is_one_nrc(all, run, request);
  if (!times.empty()) made.time = shape_of(std::move(times));
  return made;
}

/// Exchanges that follow each other and are alike.
std::vector<exchanges> runs_of(const overheard& all, const exchanges& list, byte_view request) {
  if (is_one_nrc(all, list, request)) return {list};
  std::vector<exchanges> runs;
  for (const auto* one : list) {
    const auto alike = [&](const exchange* other) {
      return one->pendings.empty() == other->pendings.empty() &&
             std::ranges::equal(answer_of(all, *one), answer_of(all, *other));
    };
    if (runs.empty() || !alike(runs.back().back())) runs.emplace_back();
    runs.back().push_back(one);
  }
  return runs;
}

duration middle_of(std::vector<duration> times) {
  std::sort(times.begin(), times.end());
  return times[(times.size() - 1) / 2];
}

duration whole_milliseconds_above(duration time) {
  return std::chrono::floor<milliseconds>(time) + milliseconds{1};
}

/// How many 0x78 a server sends by itself.
std::size_t natural_count(duration works, duration first, duration every) {
  if (works <= first) return 0;
  return 1 + static_cast<std::size_t>((works - first - duration{1}) / every);
}

}  // namespace

duration delay_of(const message& request, const message& answer) {
  return std::max(answer.begin - request.end - answer.first_frame, duration{0});
}

std::vector<rule> rules_of(const overheard& all, const std::vector<exchange>& list) {
  std::map<bytes, exchanges> by_request;
  for (const auto& one : list) by_request[all.messages[one.request].content].push_back(&one);
  std::vector<rule> rules;
  for (const auto& [request, same] : by_request) {
    const auto runs = runs_of(all, same, request);
    for (const auto& run : runs) {
      rules.push_back(rule_of(all, run, request));
      // The last answer stays.
      if (&run != &runs.back()) rules.back().times = static_cast<std::uint32_t>(run.size());
    }
  }
  return rules;
}

std::optional<uds::varying_time> response_time_of(const overheard& all, const std::vector<exchange>& list) {
  std::vector<duration> times;
  for (const auto& one : list)
    if (one.answer && one.pendings.empty())
      times.push_back(delay_of(all.messages[one.request], all.messages[*one.answer]));
  if (times.empty()) return std::nullopt;
  return shape_of(std::move(times));
}

pending_times pending_times_of(const overheard& all, const std::vector<exchange>& list) {
  std::vector<duration> first, every;
  std::vector<std::pair<duration, std::size_t>> works;  // and the number of 0x78
  duration longest_gap{0};
  for (const auto& one : list) {
    if (one.pendings.empty() || !one.answer) continue;
    const auto& request = all.messages[one.request];
    const auto& answer = all.messages[*one.answer];
    first.push_back(delay_of(request, all.messages[one.pendings.front()]));
    for (std::size_t i = 1; i < one.pendings.size(); ++i)
      every.push_back(delay_of(all.messages[one.pendings[i - 1]], all.messages[one.pendings[i]]));
    works.emplace_back(delay_of(request, answer), one.pendings.size());
    longest_gap = std::max(longest_gap, delay_of(all.messages[one.pendings.back()], answer));
  }
  pending_times found;
  if (first.empty()) return found;
  for (const auto gap : every) longest_gap = std::max(longest_gap, gap);
  found.first = middle_of(first);
  if (!every.empty()) found.every = std::max<duration>(middle_of(every), milliseconds{1});
  // Only what outlasts P2 has 0x78.
  const duration shortest = std::min_element(works.begin(), works.end())->first;
  if (shortest <= usual_p2)
    found.p2 = std::max(whole_milliseconds_above(shortest) - milliseconds{2}, duration{0});
  if (longest_gap > usual_p2_star) found.p2_star = whole_milliseconds_above(longest_gap);
  const bool natural = std::all_of(works.begin(), works.end(), [&](const auto& one) {
    return natural_count(one.first, *found.first, found.every.value_or(usual_gap)) == one.second;
  });
  const bool same = std::all_of(works.begin(), works.end(),
                                [&](const auto& one) { return one.second == works.front().second; });
  if (!natural && same) found.count = static_cast<std::uint32_t>(works.front().second);
  return found;
}

}  // namespace canstage::learn

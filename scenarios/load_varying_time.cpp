#include "scenarios/load_varying_time.hpp"

#include <algorithm>
#include <array>

#include "fmt/format.h"

namespace canstage::scenarios {

namespace {

/// Where no bound is given.
constexpr int most_deviations = 4;
constexpr int most_means = 10;
constexpr std::uint64_t million = 1'000'000;

struct outlier_draft {
  std::optional<std::uint64_t> one_in;
  std::optional<uds::time_range> time;
};

constexpr std::array outlier_fields = std::to_array<field<outlier_draft>>({
    {{"one_in", "count", "One of so many is an outlier, on the average; up to a million.", required},
     [](reader& in, const node& value, outlier_draft& out) { out.one_in = in.count(value, 1, million); }},
    {{"time", "time | time range", "How long an outlier takes.", required},
     [](reader& in, const node& value, outlier_draft& out) { out.time = in.time_range(value); }},
});

struct time_draft {
  std::optional<std::size_t> distribution = 0;
  std::optional<duration> mean;
  std::optional<duration> jitter;
  std::optional<duration> deviation;
  std::optional<duration> min;
  std::optional<duration> max;
  outlier_draft outliers;
  bool with_outliers = false;
};

constexpr std::array time_fields = std::to_array<field<time_draft>>({
    {{"distribution", "uniform | normal | exponential", "Which times come how often.", "uniform"},
     [](reader& in, const node& value, time_draft& out) {
       out.distribution = in.word(value, {"uniform", "normal", "exponential"});
     }},
    {{"mean", "time", "The time in the middle; of an exponential one the average.", required},
     [](reader& in, const node& value, time_draft& out) { out.mean = in.time(value); }},
    {{"jitter", "time", "Uniform: up to so much earlier or later than 'mean'.", "0ms"},
     [](reader& in, const node& value, time_draft& out) { out.jitter = in.time(value); }},
    {{"deviation", "time", "Normal: the standard deviation.", "needed with normal"},
     [](reader& in, const node& value, time_draft& out) { out.deviation = in.time_above_zero(value); }},
    {{"min", "time", "No time is shorter, but an outlier.", "0ms"},
     [](reader& in, const node& value, time_draft& out) { out.min = in.time(value); }},
    {{"max", "time", "No time is longer, but an outlier.",
      "uniform: mean and jitter, normal: mean and 4 deviations, exponential: 10 means"},
     [](reader& in, const node& value, time_draft& out) { out.max = in.time(value); }},
    {{"outliers", "<outliers>", "Now and then it takes another time.", "none"},
     [](reader& in, const node& value, time_draft& out) {
       out.with_outliers = read_fields(in, value, value.where, "outliers", outlier_fields, out.outliers);
     }},
});

/// What belongs to another distribution. True after a refusal.
bool refuse_strange_keys(reader& in, const node& value, uds::spread how) {
  const auto refuse = [&](std::string_view key, std::string_view of) {
    const node_ptr* there = value.find(key);
    if (there != nullptr) in.refuse((*there)->where, fmt::format("'{}' is for a {} distribution", key, of));
    return there != nullptr;
  };
  const bool jitter = how != uds::spread::uniform && refuse("jitter", "uniform");
  const bool deviation = how != uds::spread::normal && refuse("deviation", "normal");
  return jitter || deviation;
}

duration usual_max(const time_draft& draft, uds::spread how) {
  switch (how) {
    case uds::spread::uniform:
      return *draft.mean + draft.jitter.value_or(duration{0});
    case uds::spread::normal:
      return *draft.mean + most_deviations * *draft.deviation;
    case uds::spread::exponential:
      break;
  }
  return most_means * *draft.mean;
}

std::optional<uds::varying_time> make(reader& in, const node& value, const time_draft& draft) {
  uds::varying_time made;
  made.how = static_cast<uds::spread>(*draft.distribution);
  if (refuse_strange_keys(in, value, made.how)) return std::nullopt;
  if (made.how == uds::spread::normal && !draft.deviation) {
    if (value.find("deviation") == nullptr) in.refuse(value.where, "a normal distribution needs 'deviation'");
    return std::nullopt;
  }
  made.mean = *draft.mean;
  made.deviation = draft.deviation.value_or(duration{0});
  made.bounds = {draft.min.value_or(duration{0}), draft.max.value_or(usual_max(draft, made.how))};
  if (made.bounds.low > made.mean || made.bounds.high < made.mean) {
    in.refuse(value.where, "'mean' does not lie between 'min' and 'max'");
    return std::nullopt;
  }
  if (made.how == uds::spread::uniform) {
    // Cut off at the bounds: every time within both comes as often.
    const duration jitter = draft.jitter.value_or(duration{0});
    made.bounds.low = std::max(made.bounds.low, made.mean - jitter);
    made.bounds.high = std::min(made.bounds.high, made.mean + jitter);
  }
  if (draft.with_outliers && draft.outliers.one_in && draft.outliers.time) {
    made.outliers_per_million = static_cast<std::uint32_t>(million / *draft.outliers.one_in);
    made.outliers = *draft.outliers.time;
  }
  return made;
}

}  // namespace

std::optional<uds::varying_time> read_varying_time(reader& in, const node& value) {
  if (value.what != node::kind::map) {
    const auto range = in.time_range(value);
    return range ? std::optional<uds::varying_time>{*range} : std::nullopt;
  }
  time_draft draft;
  const bool complete = read_fields(in, value, value.where, "a varying time", time_fields, draft);
  const auto broken = [&](std::string_view key, const auto& read) { return value.find(key) && !read; };
  if (!complete || !draft.distribution || !draft.mean || broken("jitter", draft.jitter) ||
      broken("deviation", draft.deviation) || broken("min", draft.min) || broken("max", draft.max))
    return std::nullopt;
  return make(in, value, draft);
}

void describe_varying_time(std::vector<map_doc>& maps) {
  maps.push_back(describe("varying_time", time_fields));
  maps.push_back(describe("outliers", outlier_fields));
}

}  // namespace canstage::scenarios

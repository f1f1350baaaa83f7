#include "scenarios/report_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

std::string when_text(const fired_fault& fired) {
  const std::string at = fmt::format("at {} s", fixed_s(fired.at.time_since_epoch()));
  return fired.detail.empty() ? at : at + ": " + style::plain(fired.detail);
}

/// In per cent.
double share(duration part, duration whole) {
  constexpr double hundred = 100.0;
  return whole == duration{0}
             ? 0.0
             : hundred * static_cast<double>(part.count()) / static_cast<double>(whole.count());
}

std::string load_text(const can::traffic_figures& figures, duration ran) {
  if (figures.busy.empty()) return "no load";
  const duration all = std::accumulate(figures.busy.begin(), figures.busy.end(), duration{0});
  const duration most = *std::max_element(figures.busy.begin(), figures.busy.end());
  return fmt::format("load {:.1f} %, {:.1f} % in its busiest 100 ms", share(all, std::max(ran, all)),
                     share(most, can::traffic_figures::window));
}

}  // namespace

void write_faults(std::ostream& out, const style& paint, const text_options& options, const run_result& run) {
  if (run.known_faults.empty()) return;
  std::vector<std::vector<const fired_fault*>> fired(run.known_faults.size());
  for (const fired_fault& one : run.faults) fired.at(one.fault).push_back(&one);
  std::size_t widest = 0;
  for (const known_fault& one : run.known_faults)
    widest = std::max(widest, style::width(style::plain(one.text)));
  out << '\n';
  for (std::size_t i = 0; i < fired.size(); ++i) {
    const known_fault& what = run.known_faults[i];
    const std::string name = style::padded(style::plain(what.text), widest);
    const std::string place = paint.dim(fmt::format("{}:{}", style::plain(run.file), what.line));
    if (fired[i].empty()) {
      style::line(out, fmt::format("fault  {}  {}  {}", name, paint.strange("never happened"), place));
      continue;
    }
    const auto times = fired[i].size();
    style::line(out,
                fmt::format("fault  {}  {}{}", name, times == 1 ? "" : fmt::format("{} times, first ", times),
                            when_text(*fired[i].front())));
    if (!options.verbose) continue;
    for (std::size_t k = 1; k < times; ++k)
      style::line(out, fmt::format("       {}  {}", style::padded("", widest), when_text(*fired[i][k])));
  }
}

void write_buses(std::ostream& out, const style& paint, const run_result& run) {
  bool first = true;
  for (const bus_summary& bus : run.buses) {
    if (!bus.figures) continue;
    if (first) out << '\n';
    first = false;
    std::string text =
        fmt::format("bus {}: {}, {}", paint.bold(style::plain(bus.name)), counted(bus.frames, "frame"),
                    load_text(*bus.figures, run.ended.time_since_epoch()));
    if (bus.error_frames > 0) text += ", " + counted(bus.error_frames, "error frame");
    const auto& ids = bus.figures->identifiers;
    const auto slowest = std::max_element(ids.begin(), ids.end(), [](const auto& a, const auto& b) {
      return a.second.longest_wait < b.second.longest_wait;
    });
    if (slowest != ids.end() && slowest->second.longest_wait > duration{0})
      text += fmt::format(", {} waited longest: {}", id_text(slowest->first),
                          time_text(slowest->second.longest_wait));
    style::line(out, text);
  }
}

}  // namespace canstage::scenarios

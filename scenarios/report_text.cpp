// The report for a terminal. What failed has to be found at a glance, what passed is folded: a reader
// comes with one question, "what went wrong, and where do I look next?".
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <string>
#include <utility>

#include "scenarios/report_style.hpp"
#include "scenarios/reports.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t failures_shown = 10;  ///< repetitions of one step
constexpr std::size_t verdicts_shown = 20;  ///< of one kind in one step
constexpr std::size_t bytes_shown = 16;
constexpr std::size_t pendings_shown = 4;

/// Silent, and nobody asked for it by name: said once for all of them.
bool is_quiet_other(const verdict& judged) {
  return judged.other && !is_failure(judged.what) && !judged.reacted_after;
}

class step_writer {
 public:
  step_writer(std::ostream& out, const style& paint, const text_options& options, const std::string& file,
              const step_result& step)
      : out_(out), paint_(paint), options_(options), file_(file), step_(step) {}

  /// The verdicts of the step, one line each, and whatever explains them.
  void write() {
    if (step_.status != step_status::passed) {
      const std::string why = step_.why.empty() ? "" : fmt::format("   {}", paint_.plain(step_.why));
      out_ << paint_.dim(fmt::format("     {}:{}", paint_.plain(file_), step_.where.line)) << why << '\n';
    }
    std::vector<const verdict*> failed, passed;
    std::size_t quiet_others = 0;
    for (const verdict& judged : step_.verdicts) {
      if (is_failure(judged.what)) {
        failed.push_back(&judged);
      } else if (options_.quiet) {
        continue;
      } else if (is_quiet_other(judged) && !options_.verbose) {
        ++quiet_others;
      } else {
        passed.push_back(&judged);
      }
    }
    const std::size_t shown_failed = shown(failed);
    const std::size_t shown_passed = shown(passed);
    measure(failed, shown_failed);
    measure(passed, shown_passed);
    // In the order of the file, so that two runs can be compared line by line.
    std::size_t f = 0, p = 0;
    for (const verdict& judged : step_.verdicts) {
      if (f < shown_failed && failed[f] == &judged) {
        ++f;
        write_verdict(judged);
      } else if (p < shown_passed && passed[p] == &judged) {
        ++p;
        write_verdict(judged);
      }
    }
    if (shown_failed < failed.size()) {
      out_ << "     " << paint_.bad(fmt::format("and {} more that failed", failed.size() - shown_failed))
           << paint_.dim("   (-v shows them)") << '\n';
    }
    if (shown_passed < passed.size()) write_folded(passed, shown_passed);
    if (quiet_others > 0) write_quiet_others(quiet_others);
  }

 private:
  std::size_t shown(const std::vector<const verdict*>& verdicts) const {
    return options_.verbose ? verdicts.size() : std::min(verdicts.size(), verdicts_shown);
  }

  void measure(const std::vector<const verdict*>& verdicts, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      who_width_ = std::max(who_width_, style::width(paint_.plain(verdicts[i]->who)));
      outcome_width_ = std::max(outcome_width_, to_string(verdicts[i]->what).size());
      time_width_ = std::max(time_width_, times(*verdicts[i]).size());
    }
  }

  /// "2.246 ms", or "2.246 .. 14.520 ms" from the begin of the first reaction to the end of the answer.
  static std::string times(const verdict& judged) {
    if (!judged.reacted_after) return {};
    const std::string begin = fixed_ms(*judged.reacted_after);
    const std::string end = judged.answered_after ? fixed_ms(*judged.answered_after) : begin;
    return begin == end ? begin + " ms" : fmt::format("{} .. {} ms", begin, end);
  }

  void write_verdict(const verdict& judged) {
    const bool bad = is_failure(judged.what);
    const bool stranger = judged.what == outcome::unknown_responder;
    std::string what(to_string(judged.what));
    if (bad) std::transform(what.begin(), what.end(), what.begin(), style::upper);
    what = style::padded(what, outcome_width_);
    const std::string time = fmt::format("{:>{}}", times(judged), time_width_);
    std::string line = fmt::format("   {} {}  {}", bad ? paint_.bad("!") : " ",
                                   style::padded(paint_.plain(judged.who), who_width_),
                                   stranger ? paint_.strange(what)
                                   : bad    ? paint_.bad(what)
                                            : paint_.good(what));
    if (time_width_ > 0) line += "  " + time;
    if (!judged.answer.empty() && !judged.first_difference) line += "  " + bytes_of(judged);
    paint_.line(out_, line);
    write_explanation(judged);
  }

  std::string bytes_of(const verdict& judged) const {
    const std::string name = negative_name(judged.answer);
    return cut_hex(judged.answer, options_.verbose ? judged.answer.size() : bytes_shown) +
           (name.empty() ? "" : "  " + name);
  }

  void write_explanation(const verdict& judged) {
    const std::string pattern = expected_pattern(judged, step_.request);
    if (judged.first_difference && !pattern.empty()) {
      write_comparison(judged, pattern);
      for (const std::string& remark : judged.remarks) note("also      " + remark);
    } else if (is_failure(judged.what)) {
      note(judged.detail);
    }
    if (judged.pendings.empty()) return;
    std::string text = fmt::format(
        "{} after ", judged.pendings.size() == 1 ? "0x78" : pendings_text(judged.pendings.size()));
    const std::size_t count =
        options_.verbose ? judged.pendings.size() : std::min(judged.pendings.size(), pendings_shown);
    for (std::size_t i = 0; i < count; ++i) {
      text += (i == 0 ? "" : ", ") + time_text(judged.pendings[i]);
    }
    if (count < judged.pendings.size()) {
      text += fmt::format(" .. {}", time_text(judged.pendings.back()));
    }
    paint_.line(out_, indent() + paint_.dim(text));
  }

  void write_comparison(const verdict& judged, const std::string& pattern) {
    const std::size_t room = options_.verbose ? std::max(judged.answer.size(), pattern.size()) : bytes_shown;
    const comparison shown = compare(pattern, judged.answer, *judged.first_difference, room);
    const std::string expected_name =
        judged.expected == pattern ? "" : "   " + negative_name(negative_bytes(pattern));
    const std::string got_name = negative_name(judged.answer);
    note("expected  " + shown.expected + expected_name);
    note("got       " + shown.got + (got_name.empty() ? "" : "   " + got_name));
    note("          " + std::string(shown.column, ' ') + paint_.bad("^^"));
  }

  static bytes negative_bytes(const std::string& pattern) {
    text_error error;
    return parse_hex(pattern, error).value_or(bytes{});
  }

  void note(const std::string& text) { paint_.line(out_, indent() + text); }

  std::string indent() const { return std::string(5 + who_width_ + 2, ' '); }

  void write_folded(const std::vector<const verdict*>& passed, std::size_t first) {
    duration fastest = duration::max(), slowest{0};
    for (std::size_t i = first; i < passed.size(); ++i) {
      const duration time = passed[i]->reacted_after.value_or(duration{0});
      fastest = std::min(fastest, time);
      slowest = std::max(slowest, time);
    }
    paint_.line(out_, paint_.dim(fmt::format("     and {} more as expected, after {} to {}",
                                             passed.size() - first, time_text(fastest), time_text(slowest))));
  }

  void write_quiet_others(std::size_t count) {
    const bool judged = std::any_of(step_.verdicts.begin(), step_.verdicts.end(), [](const verdict& v) {
      return is_quiet_other(v) && v.what == outcome::as_expected;
    });
    paint_.line(out_, paint_.dim(fmt::format("     {}: silent{}", counted(count, "other"),
                                             judged ? " as expected" : ", not judged")));
  }

  std::ostream& out_;
  const style& paint_;
  const text_options& options_;
  const std::string& file_;
  const step_result& step_;
  std::size_t who_width_ = 0;
  std::size_t outcome_width_ = 0;
  std::size_t time_width_ = 0;
};

/// Steps that are repetitions of one step of the file.
struct repetitions {
  std::vector<const step_result*> steps;
};

/// "8.1" for the repetition "8.1#15".
std::string without_repetition(const std::string& path) {
  std::string result;
  bool counting = false;
  for (const char c : path) {
    if (c == '#') counting = true;
    if (c == '.') counting = false;
    if (!counting) result += c;
  }
  return result;
}

class run_writer {
 public:
  run_writer(std::ostream& out, const run_result& run, const text_options& options)
      : out_(out), run_(run), options_(options), paint_(options.colour) {}

  void write() {
    std::vector<std::pair<std::string, repetitions>> groups;
    std::map<std::string, std::size_t> places;
    for (const step_result& step : run_.steps) {
      // Outside of `verbose` the repetitions of a step stand where its first one ended.
      const std::string key = options_.verbose ? step.path : without_repetition(step.path);
      const auto [at, added] = places.emplace(key, groups.size());
      if (added) groups.emplace_back(key, repetitions{});
      groups[at->second].second.steps.push_back(&step);
      path_width_ = std::max(path_width_, step.status == step_status::passed ? key.size() : step.path.size());
      name_width_ = std::max(name_width_, std::min<std::size_t>(style::width(paint_.plain(step.name)), 60));
    }
    if (!options_.quiet) write_title();
    for (const auto& [key, group] : groups) write_group(key, group);
    write_end();
  }

 private:
  void write_title() {
    paint_.line(out_,
                fmt::format("{}   {}", paint_.bold(paint_.plain(run_.scenario)),
                            paint_.dim(fmt::format("{}, seed {}, {} time", paint_.plain(run_.file), run_.seed,
                                                   run_.time == time_mode::real_time ? "real" : "virtual"))));
    out_ << '\n';
  }

  void write_group(const std::string& key, const repetitions& group) {
    if (group.steps.size() == 1) {
      write_step(*group.steps.front());
      return;
    }
    std::vector<const step_result*> others;
    std::copy_if(group.steps.begin(), group.steps.end(), std::back_inserter(others),
                 [](const step_result* step) { return step->status != step_status::passed; });
    if (!options_.quiet) write_fold(key, group, others.size());
    const std::size_t shown = std::min(others.size(), failures_shown);
    for (std::size_t i = 0; i < shown; ++i) write_step(*others[i]);
    if (shown < others.size()) {
      paint_.line(out_, "     " + paint_.bad(fmt::format("and {} more", others.size() - shown)) +
                            paint_.dim("   (-v shows them)"));
    }
  }

  void write_fold(const std::string& key, const repetitions& group, std::size_t not_passed) {
    const step_result& first = *group.steps.front();
    const std::size_t count = group.steps.size();
    const std::string status = not_passed == 0 ? fmt::format("{} x passed", count)
                                               : fmt::format("{} of {} passed", count - not_passed, count);
    write_heading(key, first.name, not_passed == 0 ? paint_.good(status) : paint_.bad(status), first.began,
                  group.steps.back()->ended);
  }

  void write_step(const step_result& step) {
    const bool passed = step.status == step_status::passed;
    if (passed && options_.quiet) return;
    std::string status(to_string(step.status));
    if (!passed) std::transform(status.begin(), status.end(), status.begin(), style::upper);
    write_heading(step.path, step.name, passed ? paint_.good(status) : paint_.bad(status), step.began,
                  step.ended);
    step_writer(out_, paint_, options_, run_.file, step).write();
  }

  void write_heading(const std::string& path, const std::string& name, const std::string& status,
                     instant began, instant ended) {
    const std::string when =
        fmt::format("at {} s, took {}", fixed_s(began.time_since_epoch()), time_text(ended - began));
    paint_.line(out_, fmt::format("{:>{}}  {}  {}  {}", path, path_width_,
                                  paint_.bold(style::padded(paint_.plain(name), name_width_)),
                                  style::padded(status, status_width), paint_.dim(when)));
  }

  void write_end();
  std::string count_text() const;

  static constexpr std::size_t status_width = 9;

  std::ostream& out_;
  const run_result& run_;
  const text_options& options_;
  style paint_;
  std::size_t path_width_ = 1;
  std::size_t name_width_ = 0;
};

struct tally {
  std::map<outcome, std::size_t> failures;
  std::size_t failed = 0;
  std::size_t judged = 0;
  std::map<step_status, std::size_t> steps;
};

tally count(const run_result& run) {
  tally result;
  for (const step_result& step : run.steps) {
    ++result.steps[step.status];
    for (const verdict& judged : step.verdicts) {
      if (judged.what != outcome::not_judged) ++result.judged;
      if (!is_failure(judged.what)) continue;
      ++result.failed;
      ++result.failures[judged.what];
    }
  }
  return result;
}

/// "FAILED: 5 of 14 not as expected (1 answered otherwise, 1 late), 2 steps failed, 1 step not run".
std::string run_writer::count_text() const {
  const tally sum = count(run_);
  std::vector<std::string> parts;
  if (sum.failed > 0) {
    std::vector<std::string> kinds;
    for (const auto& [what, number] : sum.failures)
      kinds.push_back(fmt::format("{} {}", number, to_string(what)));
    parts.push_back(
        fmt::format("{} of {} not as expected ({})", sum.failed, sum.judged, fmt::join(kinds, ", ")));
  } else if (sum.judged > 0) {
    parts.push_back(fmt::format("{} of {} as expected", sum.judged, sum.judged));
  }
  for (const auto& [status, number] : sum.steps) {
    parts.push_back(fmt::format("{} {}", counted(number, "step"), to_string(status)));
  }
  if (parts.empty()) parts.push_back("no steps");
  return fmt::format("{}", fmt::join(parts, ", "));
}

void run_writer::write_end() {
  if (!options_.quiet) out_ << '\n';
  if (!run_.internal_error.empty()) {
    paint_.line(out_, paint_.bad("INTERNAL ERROR: " + paint_.plain(run_.internal_error)));
    out_ << "This is a mistake in canstage, not in your ECUs; the verdicts above are not complete.\n";
  }
  std::string state;
  if (run_.interrupted) {
    state = "INTERRUPTED: ";
  } else if (!run_.internal_error.empty()) {
    state = "BROKEN OFF: ";
  } else if (!run_.passed()) {
    state = "FAILED: ";
  }
  const std::string counts = state + count_text();
  paint_.line(out_, fmt::format("{}: {}{}", paint_.bold(paint_.plain(run_.scenario)),
                                run_.passed() ? paint_.good(counts) : paint_.bad(counts),
                                paint_.dim(fmt::format(" — {} s of stage time, {}",
                                                       fixed_s(run_.ended.time_since_epoch()),
                                                       counted(run_.frames, "frame")))));
  if (run_.passed() || options_.quiet) return;
  paint_.line(out_, paint_.dim(fmt::format("Look closer: the same command with --seed {} -v --trace run.log",
                                           run_.seed)));
}

}  // namespace

void write_text(std::ostream& out, const run_result& result, const text_options& options) {
  run_writer(out, result, options).write();
}

}  // namespace canstage::scenarios

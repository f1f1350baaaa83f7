// The report for a terminal. What failed has to be found at a glance, what passed is folded: a reader
// comes with one question, "what went wrong, and where do I look next?".
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "protocols/uds/describe.hpp"
#include "scenarios/report_faults.hpp"
#include "scenarios/report_step.hpp"
#include "scenarios/reports.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t failures_shown = 10;  ///< repetitions of one step

/// The repetitions of one step of the file, or just the step.
struct group {
  std::string path;
  std::vector<const step_result*> steps;
  std::vector<const step_result*> not_passed;

  bool repeated() const { return steps.size() > 1; }
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

/// In the order in which their first ones ended. With `verbose` nothing is grouped.
std::vector<group> grouped(const run_result& run, bool verbose) {
  std::vector<group> groups;
  std::map<std::string, std::size_t> places;
  for (const step_result& step : run.steps) {
    const std::string path = verbose ? step.path : without_repetition(step.path);
    const auto [at, added] = places.emplace(path, groups.size());
    if (added) groups.push_back({path, {}, {}});
    group& its = groups[at->second];
    its.steps.push_back(&step);
    if (step.status != step_status::passed) its.not_passed.push_back(&step);
  }
  for (group& its : groups) {
    if (!its.repeated()) its.path = its.steps.front()->path;
  }
  return groups;
}

class run_writer {
 public:
  run_writer(std::ostream& out, const run_result& run, const text_options& options)
      : out_(out), run_(run), options_(options), paint_(options.colour) {}

  void write() {
    const std::vector<group> groups = grouped(run_, options_.verbose);
    for (const group& its : groups) measure(its);
    if (!options_.quiet) write_title();
    for (const group& its : groups) {
      if (its.repeated()) {
        write_repetitions(its);
      } else {
        write_step(*its.steps.front());
      }
    }
    write_end();
  }

 private:
  void measure(const group& its) {
    path_width_ = std::max(path_width_, its.path.size());
    if (its.repeated()) status_width_ = std::max(status_width_, status_of(its).size());
    for (const step_result* step : its.repeated() ? its.not_passed : its.steps) {
      path_width_ = std::max(path_width_, step->path.size());
      status_width_ = std::max(status_width_, to_string(step->status).size());
    }
    const std::size_t name = style::width(paint_.plain(its.steps.front()->name));
    name_width_ = std::max(name_width_, std::min(name, widest_name));
  }

  void write_title() {
    const std::string about = fmt::format("{}, seed {}, {} time", paint_.plain(run_.file), run_.seed,
                                          run_.time == time_mode::real_time ? "real" : "virtual");
    paint_.line(out_, paint_.bold(paint_.plain(run_.scenario)) + "   " + paint_.dim(about));
    out_ << '\n';
  }

  static std::string status_of(const group& its) {
    const std::size_t count = its.steps.size();
    const std::size_t bad = its.not_passed.size();
    return bad == 0 ? fmt::format("{} x passed", count) : fmt::format("{} of {} passed", count - bad, count);
  }

  void write_repetitions(const group& its) {
    const bool passed = its.not_passed.empty();
    if (passed && options_.quiet) return;
    const step_result& first = *its.steps.front();
    write_heading({its.path, first.name, status_of(its), passed, first.began, its.steps.back()->ended,
                   first.where.line});
    if (!passed) write_request(first);
    const std::size_t shown = std::min(its.not_passed.size(), failures_shown);
    for (std::size_t i = 0; i < shown; ++i) {
      const step_result& step = *its.not_passed[i];
      write_heading({step.path, step.name, shouted(step.status), false, step.began, step.ended, 0});
      write_body(step);
    }
    if (shown == its.not_passed.size()) return;
    paint_.line(out_, "    " + paint_.bad(fmt::format("and {} more", its.not_passed.size() - shown)) +
                          paint_.dim("   (-v shows them)"));
  }

  void write_step(const step_result& step) {
    const bool passed = step.status == step_status::passed;
    if (passed && options_.quiet) return;
    write_heading({step.path, step.name, passed ? std::string(to_string(step.status)) : shouted(step.status),
                   passed, step.began, step.ended, step.where.line});
    if (!passed || options_.verbose) write_request(step);
    write_body(step);
  }

  void write_body(const step_result& step) {
    if (!step.why.empty()) paint_.line(out_, "    " + paint_.plain(step.why));
    write_verdicts(out_, paint_, options_, step);
  }

  /// The bytes are left out if the name already says them, as names that were made from the step do.
  void write_request(const step_result& step) {
    const std::string request = cut_hex(step.request, bytes_of_request);
    if (request.empty()) return;
    const bool said = step.name.find(request) != std::string::npos;
    paint_.line(out_,
                paint_.dim("    request " + (said ? "" : request + "   ") + uds::describe(step.request)));
  }

  static std::string shouted(step_status status) {
    std::string text(to_string(status));
    std::transform(text.begin(), text.end(), text.begin(), style::upper);
    return text;
  }

  struct heading {
    const std::string& path;
    const std::string& name;
    std::string status;
    bool passed = true;
    instant began;
    instant ended;
    int line = 0;  ///< of the file, to look at what failed; 0: has been said
  };

  void write_heading(const heading& what) {
    std::string when = fmt::format("at {} s", fixed_s(what.began.time_since_epoch()));
    if (what.ended > what.began) when += ", took " + time_text(what.ended - what.began);
    if (!what.passed && what.line > 0) when += fmt::format("   {}:{}", paint_.plain(run_.file), what.line);
    const std::string status = style::padded(what.status, status_width_);
    paint_.line(out_, fmt::format("{}  {}  {}  {}", style::padded(what.path, path_width_),
                                  paint_.bold(style::padded(paint_.plain(what.name), name_width_)),
                                  what.passed ? paint_.good(status) : paint_.bad(status), paint_.dim(when)));
  }

  void write_end();
  std::string count_text() const;

  static constexpr std::size_t failures_shown = 10;  ///< repetitions of one step
  static constexpr std::size_t widest_name = 60;
  static constexpr std::size_t bytes_of_request = 24;

  std::ostream& out_;
  const run_result& run_;
  const text_options& options_;
  style paint_;
  std::size_t path_width_ = 1;
  std::size_t status_width_ = 1;
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
  const auto steps = [&](step_status status) {
    const auto found = sum.steps.find(status);
    return found == sum.steps.end() ? 0 : found->second;
  };
  if (const std::size_t failed = steps(step_status::failed); failed > 0) {
    parts.push_back(fmt::format("{} of {} failed", failed, counted(run_.steps.size(), "step")));
  } else if (const std::size_t passed = steps(step_status::passed); passed > 0) {
    parts.push_back(fmt::format("{} passed", counted(passed, "step")));
  }
  for (const step_status status : {step_status::not_run, step_status::interrupted}) {
    if (steps(status) > 0) parts.push_back(fmt::format("{} {}", steps(status), to_string(status)));
  }
  if (parts.empty()) parts.push_back("no steps");
  if (run_.left_out > 0) parts.push_back(fmt::format("{} left out", counted(run_.left_out, "step")));
  return fmt::format("{}", fmt::join(parts, ", "));
}

void run_writer::write_end() {
  if (!options_.quiet) {
    write_faults(out_, paint_, options_, run_);
    if (options_.verbose) write_buses(out_, paint_, run_);
    out_ << '\n';
  }
  if (!run_.internal_error.empty()) {
    paint_.line(out_, paint_.bad("INTERNAL ERROR: " + paint_.plain(run_.internal_error)));
    out_ << "This is a mistake in canstage, not in your ECUs; the verdicts above are not complete.\n";
  }
  if (!run_.no_progress.empty()) {
    paint_.line(out_, paint_.bad("NO PROGRESS: " + paint_.plain(run_.no_progress)));
    out_ << "The run was given up; the verdicts above are not complete.\n";
  }
  std::string state;
  if (run_.interrupted) {
    state = "INTERRUPTED: ";
  } else if (!run_.internal_error.empty() || !run_.no_progress.empty()) {
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
  const bool failed = std::any_of(run_.steps.begin(), run_.steps.end(),
                                  [](const step_result& step) { return step.status == step_status::failed; });
  if (!failed || options_.quiet) return;
  paint_.line(out_, paint_.dim(fmt::format("Look closer: the same command with --seed {} --report run.html",
                                           run_.seed)));
}

}  // namespace

void write_text(std::ostream& out, const run_result& result, const text_options& options) {
  run_writer(out, result, options).write();
}

}  // namespace canstage::scenarios

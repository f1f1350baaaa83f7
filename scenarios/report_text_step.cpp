// The verdicts of one step for a terminal: a line each, and below it what explains a failure.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "protocols/uds/describe.hpp"
#include "scenarios/report_step.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t verdicts_shown = 20;  ///< of one kind in one step
constexpr std::size_t bytes_shown = 16;
constexpr std::size_t pendings_shown = 4;

/// Silent, and nobody asked for it by name: said once for all of them.
bool is_quiet_other(const verdict& judged) {
  const bool told = judged.what == outcome::as_expected && !judged.detail.empty();
  return judged.other && !is_failure(judged.what) && !judged.reacted_after && !told;
}

class step_writer {
 public:
  step_writer(std::ostream& out, const style& paint, const text_options& options, const step_result& step)
      : out_(out), paint_(paint), options_(options), step_(step) {}

  /// The verdicts of the step, one line each, and whatever explains them.
  void write() {
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
      out_ << "    " << paint_.bad(fmt::format("and {} more that failed", failed.size() - shown_failed))
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
    std::string what(to_string(judged.what));
    if (bad) std::transform(what.begin(), what.end(), what.begin(), style::upper);
    what = style::padded(what, outcome_width_);
    const bool stranger = judged.what == outcome::unknown_responder;
    what = stranger ? paint_.strange(what) : bad ? paint_.bad(what) : paint_.good(what);
    std::string line = fmt::format("  {} {}  {}", bad ? paint_.bad("!") : " ",
                                   style::padded(paint_.plain(judged.who), who_width_), what);
    if (time_width_ > 0) line += fmt::format("  {:>{}}", times(judged), time_width_);

    std::vector<std::string> notes = explanation(judged);
    if (!judged.answer.empty() && !judged.first_difference) {
      line += "  " + bytes_of(judged);
    } else if (!judged.reacted_after && !bad && notes.empty()) {
      line += "  " + paint_.dim("silent");
    } else if (!judged.first_difference && !notes.empty()) {
      line += "  " + notes.front();
      notes.erase(notes.begin());
    }
    paint_.line(out_, line);
    for (const std::string& note : notes) paint_.line(out_, std::string(4 + who_width_ + 2, ' ') + note);
  }

  std::string bytes_of(const verdict& judged) const {
    const std::string name = negative_name(judged.answer);
    return cut_hex(judged.answer, options_.verbose ? judged.answer.size() : bytes_shown) +
           (name.empty() ? "" : "  " + name);
  }

  /// What a reader has to know beside the line itself, a line each.
  std::vector<std::string> explanation(const verdict& judged) const {
    std::vector<std::string> notes;
    const std::string pattern = expected_pattern(judged, step_.request);
    bool remarks_said = false;
    if (judged.first_difference && !pattern.empty()) {
      notes = comparison_of(judged, pattern);
    } else if (judged.what == outcome::unexpected && judged.expected == "silence" && !judged.answer.empty()) {
      notes.emplace_back("expected silence");
    } else if (is_failure(judged.what) &&
               (judged.what != outcome::unknown_responder || judged.answer.empty())) {
      notes.push_back(paint_.plain(judged.detail));
      remarks_said = true;
    } else if (judged.what == outcome::as_expected && !judged.detail.empty()) {
      notes.push_back(paint_.plain(judged.detail));
    }
    if (!remarks_said) {
      for (const std::string& remark : judged.remarks) notes.push_back("also " + paint_.plain(remark));
    }
    if (says_more(judged)) notes.push_back(paint_.dim(uds::describe_answer(judged.answer, step_.request)));
    if (!judged.pendings.empty()) notes.push_back(paint_.dim(pendings_of(judged)));
    return notes;
  }

  /// Whether an answer is put into words: where somebody looks closely. NRCs have their names anyway.
  bool says_more(const verdict& judged) const {
    const bool looked_at = options_.verbose || judged.first_difference;
    return looked_at && !step_.request.empty() && !judged.answer.empty() &&
           negative_name(judged.answer).empty();
  }

  std::string pendings_of(const verdict& judged) const {
    const std::size_t all = judged.pendings.size();
    const std::size_t count = options_.verbose ? all : std::min(all, pendings_shown);
    std::string text = "0x78 after ";
    for (std::size_t i = 0; i < count; ++i) {
      text += (i == 0 ? "" : ", ") + time_text(judged.pendings[i]);
    }
    if (count < all) text += fmt::format(" .. {} ({} in all)", time_text(judged.pendings.back()), all);
    return text;
  }

  std::vector<std::string> comparison_of(const verdict& judged, const std::string& pattern) const {
    const std::size_t room = options_.verbose ? std::max(judged.answer.size(), pattern.size()) : bytes_shown;
    const comparison shown = compare(pattern, judged.answer, *judged.first_difference, room);
    const std::string wanted_name = judged.expected == pattern ? "" : negative_name(negative_bytes(pattern));
    const std::string got_name = negative_name(judged.answer);
    return {"expected  " + shown.expected + (wanted_name.empty() ? "" : "   " + wanted_name),
            "got       " + shown.got + (got_name.empty() ? "" : "   " + got_name),
            "          " + std::string(shown.column, ' ') + paint_.bad("^^")};
  }

  static bytes negative_bytes(const std::string& pattern) {
    text_error error;
    return parse_hex(pattern, error).value_or(bytes{});
  }

  void write_folded(const std::vector<const verdict*>& passed, std::size_t first) {
    duration fastest = duration::max(), slowest{0};
    for (std::size_t i = first; i < passed.size(); ++i) {
      const duration time = passed[i]->reacted_after.value_or(duration{0});
      fastest = std::min(fastest, time);
      slowest = std::max(slowest, time);
    }
    paint_.line(out_, paint_.dim(fmt::format("    and {} more as expected, after {} to {}",
                                             passed.size() - first, time_text(fastest), time_text(slowest))));
  }

  void write_quiet_others(std::size_t count) {
    const bool judged = std::any_of(step_.verdicts.begin(), step_.verdicts.end(), [](const verdict& v) {
      return is_quiet_other(v) && v.what == outcome::as_expected;
    });
    paint_.line(out_, paint_.dim(fmt::format("    {}: silent{}", counted(count, "other"),
                                             judged ? " as expected" : ", not judged")));
  }

  std::ostream& out_;
  const style& paint_;
  const text_options& options_;
  const step_result& step_;
  std::size_t who_width_ = 0;
  std::size_t outcome_width_ = 0;
  std::size_t time_width_ = 0;
};

}  // namespace

void write_verdicts(std::ostream& out, const style& paint, const text_options& options,
                    const step_result& step) {
  step_writer(out, paint, options, step).write();
}

}  // namespace canstage::scenarios

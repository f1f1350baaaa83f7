#include "scenarios/frame_watch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/can/wire_time.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t bytes_in_detail = 16;

std::string range_text(const identifier_range& range) {
  return range.first == range.last ? id_text(range.first)
                                   : fmt::format("{}-{}", id_text(range.first), id_text(range.last));
}

bool contains(const std::vector<identifier_range>& ranges, can::identifier id) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const identifier_range& range) {
    return range.first.is_extended() == id.is_extended() && !(id < range.first) && !(range.last < id);
  });
}

bool is_meant(const frame_choice& which, can::identifier id) {
  return which.ids.empty() || contains(which.ids, id);
}

/// Of whom a verdict is: the identifiers, or the bus.
std::string subject(const scenario& play, const frame_choice& which) {
  std::string text;
  for (const identifier_range& range : which.ids) text += (text.empty() ? "" : ", ") + range_text(range);
  return text.empty() ? play.buses[which.bus].name : text;
}

bytes data_of(const can::sent_frame& heard) {
  const auto data = heard.content.payload();
  return {data.begin(), data.end()};
}

class single_frame final : public frame_watch {
 public:
  single_frame(const scenario& play, const expect_frame_step& step, instant began)
      : play_(play), step_(step), began_(began) {}

  void on_frame(const can::sent_frame& heard) override {
    if (found_ || heard.end < began_ || heard.end > deadline() || !is_meant(step_.which, heard.content.id))
      return;
    const bool fits = step_.data.matches(data_of(heard));
    if (!fits) ++others_;
    if (fits || !step_.passes_others) found_ = heard;
    last_ = heard;
  }

  bool finished() const override { return found_.has_value(); }
  instant deadline() const override { return began_ + step_.within; }

  std::vector<verdict> judge(uds::captures& caught) const override {
    verdict result;
    result.who = found_ ? id_text(found_->content.id) : subject(play_, step_.which);
    result.expected = step_.data.text();
    if (!found_) {
      result.what = outcome::silent;
      result.detail =
          fmt::format("no {}frame within {}", others_ > 0 ? "such " : "", time_text(step_.within));
      if (others_ > 0)
        result.detail += fmt::format("; {} with other data, the last one {}", counted(others_, "frame"),
                                     cut_hex(data_of(*last_), bytes_in_detail));
      return {result};
    }
    result.answer = data_of(*found_);
    result.reacted_after = found_->end - began_;
    result.answered_after = result.reacted_after;
    if (!step_.data.matches(result.answer, &caught)) {
      result.what = outcome::wrong_answer;
      result.first_difference = step_.data.first_difference(result.answer);
      result.detail =
          fmt::format("expected {}, got {}", step_.data.text(), cut_hex(result.answer, bytes_in_detail));
    }
    return {result};
  }

 private:
  const scenario& play_;
  const expect_frame_step& step_;
  instant began_;
  std::optional<can::sent_frame> found_;
  std::optional<can::sent_frame> last_;
  std::size_t others_ = 0;  ///< frames with other data
};

class silence final : public frame_watch {
 public:
  silence(const scenario& play, const expect_silence_step& step, instant began)
      : play_(play), step_(step), began_(began) {}

  void on_frame(const can::sent_frame& heard) override {
    const can::identifier id = heard.content.id;
    if (heard.end < began_ || heard.end > deadline()) return;
    if (!is_meant(step_.which, id) || contains(step_.except, id)) return;
    auto& known = heard_[id];
    if (known.count++ == 0) known.first = heard;
  }

  bool finished() const override { return false; }
  instant deadline() const override { return began_ + step_.time; }

  std::vector<verdict> judge(uds::captures& /*caught*/) const override {
    std::vector<verdict> verdicts;
    for (const auto& [id, known] : heard_) {
      verdict& one = verdicts.emplace_back();
      one.who = id_text(id);
      one.what = outcome::unexpected;
      one.expected = "silence";
      one.answer = data_of(known.first);
      one.reacted_after = known.first.end - began_;
      one.detail = fmt::format("{}, the first one after {}", counted(known.count, "frame"),
                               time_text(*one.reacted_after));
    }
    if (verdicts.empty()) {
      verdict& one = verdicts.emplace_back();
      one.who = subject(play_, step_.which);
      one.expected = "silence";
    }
    return verdicts;
  }

 private:
  struct heard_frames {
    can::sent_frame first;
    std::size_t count = 0;
  };

  const scenario& play_;
  const expect_silence_step& step_;
  instant began_;
  std::map<can::identifier, heard_frames> heard_;
};

class measurement final : public frame_watch {
 public:
  measurement(const scenario& play, const expect_bus_step& step, instant began)
      : play_(play), step_(step), began_(began) {}

  void on_frame(const can::sent_frame& heard) override {
    if (heard.end <= began_ || heard.end > deadline()) return;
    const auto& rates = play_.buses[step_.which.bus].rates;
    if (rates) {
      // What of it lies in the window, and the intermission that belongs to it.
      const duration on_wire = can::wire_time(heard.content, *rates);
      busy_ += std::min(on_wire, heard.end - began_) + can::intermission_time(*rates);
    }
    if (!is_meant(step_.which, heard.content.id)) return;
    if (count_++ > 0) {
      const duration gap = heard.end - last_;
      shortest_ = std::min(shortest_, gap);
      longest_ = std::max(longest_, gap);
    }
    last_ = heard.end;
  }

  bool finished() const override { return false; }
  instant deadline() const override { return began_ + step_.time; }

  std::vector<verdict> judge(uds::captures& /*caught*/) const override {
    std::vector<verdict> verdicts;
    if (step_.load) verdicts.push_back(judge_load());
    if (step_.frames) verdicts.push_back(judge_count());
    if (step_.gap) verdicts.push_back(judge_gap());
    return verdicts;
  }

 private:
  verdict opened(std::string_view what, bool good, std::string expected, const std::string& found) const {
    verdict result;
    result.who = fmt::format("{} {}", subject(play_, step_.which), what);
    result.expected = std::move(expected);
    result.what = good ? outcome::as_expected : outcome::out_of_limits;
    result.detail = good ? found : fmt::format("{}, expected {}", found, result.expected);
    return result;
  }

  static std::string percent(double millionths) { return fmt::format("{:.4g}%", millionths / 10'000.0); }

  verdict judge_load() const {
    // Millionths in whole numbers, so that every machine counts alike.
    const auto share = static_cast<std::uint64_t>(busy_.count()) * 1'000 /
                       std::max<std::uint64_t>(1, static_cast<std::uint64_t>(step_.time.count()) / 1'000);
    const bool good = share >= step_.load->least && share <= step_.load->most;
    verdict result =
        opened("load", good, fmt::format("{}..{}", percent(step_.load->least), percent(step_.load->most)),
               percent(static_cast<double>(share)));
    result.who = play_.buses[step_.which.bus].name + " load";
    return result;
  }

  verdict judge_count() const {
    const bool good = count_ >= step_.frames->least && (!step_.frames->most || count_ <= *step_.frames->most);
    std::string expected = fmt::format("{}", step_.frames->least);
    if (!step_.frames->most) {
      expected += " or more";
    } else if (*step_.frames->most != step_.frames->least) {
      expected += fmt::format("..{}", *step_.frames->most);
    }
    return opened("frames", good, std::move(expected), counted(count_, "frame"));
  }

  verdict judge_gap() const {
    std::string expected = fmt::format("{} .. {}", time_text(step_.gap->least), time_text(step_.gap->most));
    if (count_ < 2)
      return opened("gap", false, std::move(expected), counted(count_, "frame") + ", and so no gap");
    const bool good = shortest_ >= step_.gap->least && longest_ <= step_.gap->most;
    return opened("gap", good, std::move(expected),
                  fmt::format("{} .. {}", time_text(shortest_), time_text(longest_)));
  }

  const scenario& play_;
  const expect_bus_step& step_;
  instant began_;
  instant last_;
  std::size_t count_ = 0;
  duration busy_{0};
  duration shortest_ = duration::max();
  duration longest_{0};
};

bool listens_on(const step& one, bus_index bus) {
  const auto any = [&](const std::vector<step_list>& lists) {
    return std::any_of(lists.begin(), lists.end(),
                       [&](const step_list& list) { return listens_on(list, bus); });
  };
  return std::visit(
      [&](const auto& what) {
        using type = std::decay_t<decltype(what)>;
        if constexpr (requires { what.which; }) return what.which.bus == bus;
        if constexpr (std::is_same_v<type, repeat_step>) return listens_on(what.steps, bus);
        if constexpr (std::is_same_v<type, parallel_step>) return any(what.branches);
        if constexpr (std::is_same_v<type, for_each_step>) return any(what.rounds);
        return false;
      },
      one.what);
}

}  // namespace

std::unique_ptr<frame_watch> watch_frames(const scenario& play, const expect_frame_step& step,
                                          instant began) {
  return std::make_unique<single_frame>(play, step, began);
}
std::unique_ptr<frame_watch> watch_frames(const scenario& play, const expect_silence_step& step,
                                          instant began) {
  return std::make_unique<silence>(play, step, began);
}
std::unique_ptr<frame_watch> watch_frames(const scenario& play, const expect_bus_step& step, instant began) {
  return std::make_unique<measurement>(play, step, began);
}

bool listens_on(const step_list& steps, bus_index bus) {
  return std::any_of(steps.begin(), steps.end(), [&](const step& one) { return listens_on(one, bus); });
}

}  // namespace canstage::scenarios

#include "scenarios/html/page_data.hpp"

#include <optional>
#include <ostream>
#include <string>

#include "protocols/can/wire_time.hpp"
#include "protocols/uds/describe.hpp"
#include "scenarios/html/json_columns.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios::html {

namespace {

constexpr std::size_t bytes_shown = 64;
constexpr std::size_t bytes_compared = 12;  ///< around the first difference, in a narrow column
constexpr int last_outcome = static_cast<int>(outcome::not_judged);

std::int64_t ns(duration time) { return time.count(); }
std::int64_t ns(instant time) { return time.time_since_epoch().count(); }

std::string ns(const std::optional<duration>& time) { return time ? std::to_string(time->count()) : "null"; }

/// An index; -1 for none, which is shorter than the number.
std::int64_t place(std::uint32_t index) { return index == none ? -1 : std::int64_t{index}; }

class run_writer {
 public:
  run_writer(std::ostream& out, const run_result& run, bus_log& log) : out_(out), run_(run), log_(log) {}

  void write() {
    out_ << '{';
    write_facts();
    write_buses();
    write_participants();
    write_steps();
    write_frames();
    write_messages();
    write_remarks();
    // At the end: what is above adds to them.
    out_ << ",\n\"texts\":[";
    const char* comma = "";
    for (const std::string& text : log_.texts().texts()) {
      out_ << comma << json_text(text);
      comma = ",";
    }
    out_ << "]}";
  }

 private:
  std::uint32_t text(std::string_view what) { return log_.texts().number_of(what); }

  void write_facts() {
    out_ << "\"file\":" << json_text(run_.file) << ",\"scenario\":"
         << json_text(run_.scenario)
         // A seed may need more digits than the numbers of a script have.
         << ",\"seed\":\"" << run_.seed << "\",\"time\":\""
         << (run_.time == time_mode::real_time ? "real" : "virtual")
         << "\",\"passed\":" << bool_text(run_.passed()) << ",\"interrupted\":" << bool_text(run_.interrupted)
         << ",\"internal_error\":" << json_text(run_.internal_error)
         << ",\"no_progress\":" << json_text(run_.no_progress) << ",\"ended\":" << ns(run_.ended)
         << ",\"sent\":" << run_.frames << ",\"heard\":" << log_.heard() << ",\"left_out\":" << run_.left_out;
  }

  static const char* bool_text(bool value) { return value ? "true" : "false"; }

  void write_buses() {
    out_ << ",\n\"buses\":[";
    const char* comma = "";
    for (const bus& one : log_.play().buses) {
      out_ << comma << "{\"name\":" << json_text(one.name)
           << ",\"nominal\":" << (one.rates ? one.rates->nominal : 0)
           << ",\"data\":" << (one.rates ? one.rates->data : 0)
           << ",\"intermission\":" << (one.rates ? ns(can::intermission_time(*one.rates)) : 0) << '}';
      comma = ",";
    }
    out_ << ']';
  }

  void write_participants() {
    const auto& all = log_.participants();
    out_ << ",\n\"participants\":{";
    write_column(out_, "kind", all, [](const participant& one) { return static_cast<int>(one.what); });
    out_ << ',';
    write_column(out_, "name", all, [](const participant& one) { return one.name; });
    out_ << ',';
    write_column(out_, "bus", all, [](const participant& one) { return one.bus; });
    out_ << ',';
    write_column(out_, "p2", all, [](const participant& one) { return ns(one.p2); });
    out_ << ',';
    write_column(out_, "p2_star", all, [](const participant& one) { return ns(one.p2_star); });
    out_ << '}';
  }

  void write_steps() {
    out_ << ",\n\"steps\":[";
    const char* comma = "";
    for (const step_result& step : run_.steps) {
      out_ << comma;
      write_step(step);
      comma = ",\n";
    }
    out_ << ']';
  }

  void write_step(const step_result& step) {
    const std::string said = step.request.empty() ? "" : uds::describe(step.request);
    out_ << "{\"path\":" << json_text(step.path) << ",\"name\":" << text(step.name)
         << ",\"file\":" << text(step.file.empty() ? run_.file : step.file) << ",\"line\":" << step.where.line
         << ",\"status\":\"" << machine_name(step.status) << "\",\"why\":" << text(step.why)
         << ",\"began\":" << ns(step.began) << ",\"ended\":" << ns(step.ended)
         << ",\"request\":" << text(cut_hex(step.request, bytes_shown)) << ",\"request_text\":" << text(said)
         << ",\"verdicts\":[";
    const char* comma = "";
    for (const verdict& judged : step.verdicts) {
      out_ << comma;
      write_verdict(judged, step.request);
      comma = ",";
    }
    out_ << "]}";
  }

  /// A row: a key each would be half of the file.
  void write_verdict(const verdict& judged, const bytes& request) {
    const std::string said =
        judged.answer.empty() || request.empty() ? "" : uds::describe_answer(judged.answer, request);
    out_ << '[' << text(judged.who) << ',' << static_cast<int>(judged.what) << ',' << text(judged.detail)
         << ',' << text(judged.expected) << ',' << text(cut_hex(judged.answer, bytes_shown)) << ','
         << text(said) << ',' << ns(judged.reacted_after) << ',' << ns(judged.answered_after) << ','
         << ns(judged.late_by) << ',' << (judged.other ? 1 : 0) << ",[";
    const char* comma = "";
    for (const duration time : judged.pendings) {
      out_ << comma << ns(time);
      comma = ",";
    }
    out_ << "],";
    write_comparison(judged, request);
    out_ << ']';
  }

  void write_comparison(const verdict& judged, const bytes& request) {
    const std::string pattern = expected_pattern(judged, request);
    if (!judged.first_difference || pattern.empty()) {
      out_ << "null";
      return;
    }
    const comparison shown = compare(pattern, judged.answer, *judged.first_difference, bytes_compared);
    out_ << '[' << text(shown.expected) << ',' << text(shown.got) << ',' << shown.column << ']';
  }

  void write_frames() {
    const auto& all = log_.frames();
    const auto number = [&](std::string_view name, auto of) {
      out_ << ',';
      write_column(out_, name, all, of);
    };
    std::int64_t before = 0;
    out_ << ",\n\"frames\":{";
    write_column(out_, "end_delta", all, [&](const logged_frame& one) {
      const std::int64_t delta = ns(one.end) - before;
      before = ns(one.end);
      return delta;
    });
    number("wire", [](const logged_frame& one) { return ns(one.on_wire); });
    number("id", [](const logged_frame& one) { return one.id.raw(); });
    number("bus", [](const logged_frame& one) { return one.bus; });
    number("length", [](const logged_frame& one) { return one.length; });
    number("flags", [](const logged_frame& one) { return one.flags; });
    number("message", [](const logged_frame& one) { return place(one.message); });
    number("text", [](const logged_frame& one) { return one.text; });
    number("from", [](const logged_frame& one) { return place(one.from); });
    number("to", [](const logged_frame& one) { return place(one.to); });
    out_ << ",\"data\":\"" << base64(log_.data()) << "\"}";
  }

  void write_messages() {
    const auto& all = log_.messages();
    const auto number = [&](std::string_view name, auto of) {
      out_ << ',';
      write_column(out_, name, all, of);
    };
    out_ << ",\n\"messages\":{";
    write_column(out_, "kind", all, [](const logged_message& one) { return static_cast<int>(one.what); });
    number("whole", [](const logged_message& one) { return one.whole ? 1 : 0; });
    number("first", [](const logged_message& one) { return one.first; });
    number("last", [](const logged_message& one) { return one.last; });
    number("from", [](const logged_message& one) { return place(one.from); });
    number("to", [](const logged_message& one) { return place(one.to); });
    number("text", [](const logged_message& one) { return one.text; });
    number("data", [](const logged_message& one) { return one.data; });
    number("length", [](const logged_message& one) { return one.length; });
    number("request", [](const logged_message& one) { return place(one.request); });
    number("since", [](const logged_message& one) { return place(one.since); });
    out_ << '}';
  }

  void write_remarks() {
    out_ << ",\n\"remarks\":[";
    const char* comma = "";
    for (const logged_remark& one : log_.remarks()) {
      out_ << comma << '[' << ns(one.at) << ',' << one.text << ']';
      comma = ",";
    }
    for (const bus_event& one : run_.bus_events) {
      if (one.in_trace) continue;
      out_ << comma << '[' << ns(one.at) << ',' << text(one.text) << ']';
      comma = ",";
    }
    out_ << ']';
  }

  std::ostream& out_;
  const run_result& run_;
  bus_log& log_;
};

}  // namespace

void write_run(std::ostream& out, const run_result& run, bus_log& log) { run_writer{out, run, log}.write(); }

void write_outcomes(std::ostream& out) {
  out << '[';
  for (int i = 0; i <= last_outcome; ++i) {
    const auto what = static_cast<outcome>(i);
    out << (i == 0 ? "" : ",") << '[' << json_text(machine_name(what)) << ',' << json_text(to_string(what))
        << ',' << (is_failure(what) ? 1 : 0) << ']';
  }
  out << ']';
}

}  // namespace canstage::scenarios::html

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "scenarios/conformance_reports.hpp"
#include "scenarios/report_style.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

using conformance::logged_frame;
using conformance::statement_result;
using conformance::verdict;

/// Of what failed, the last frames say most.
constexpr std::size_t frames_of_failure = 16;
constexpr std::size_t bytes_of_frame = 24;

class table_writer {
 public:
  table_writer(std::ostream& out, const conformance_result& result, const text_options& options)
      : out_(out), result_(result), options_(options), paint_(options.colour) {}

  void write() {
    if (!options_.quiet) write_head();
    for (const auto& one : result_.statements)
      if (one.is != verdict::not_observable) write_played(one);
    if (!options_.quiet) write_hidden();
    write_end();
  }

 private:
  void write_head();
  void write_played(const statement_result& one);
  void write_frames(const statement_result& one);
  void write_hidden();
  void write_end();
  std::string stack_text() const;

  void field(std::string_view name, std::string_view text) {
    paint_.line(out_, fmt::format("  {:<12}{}", name, text));
  }

  std::ostream& out_;
  const conformance_result& result_;
  const text_options& options_;
  style paint_;
};

std::string format_text(const conformance::setting& known) {
  const auto& address = known.address;
  if (!address.tx_address_byte && !address.rx_address_byte) return "no address byte";
  const auto byte = [](const std::optional<std::uint8_t>& value) {
    return value ? fmt::format("{:02X}", *value) : std::string{"none"};
  };
  return fmt::format("address byte {} to it, {} from it", byte(address.tx_address_byte),
                     byte(address.rx_address_byte));
}

std::string table_writer::stack_text() const {
  const auto& known = result_.known;
  std::vector<std::string> parts{
      fmt::format("receives {}, sends {}", id_text(known.address.tx), id_text(known.address.rx))};
  if (known.address.functional_tx) parts.push_back("functional " + id_text(*known.address.functional_tx));
  parts.push_back(format_text(known));
  parts.push_back(fmt::format("{}, TX_DL {}", known.fd() ? "CAN FD" : "classic frames", known.tx_dl));
  if (known.echoes) parts.emplace_back(*known.echoes ? "echoes" : "echoes nothing");
  if (known.half_duplex) parts.emplace_back("half duplex");
  return fmt::format("{}", fmt::join(parts, "; "));
}

void table_writer::write_head() {
  const auto& known = result_.known;
  paint_.line(out_, paint_.bold("ISO-TP conformance of " + paint_.plain(result_.stack)));
  out_ << '\n';
  field("stack", stack_text());
  field("answers", fmt::format("within {}; as long nothing comes where nothing may",
                               conformance::time_text(known.allowed.response)));
  field("timers",
        fmt::format("N_Bs {}, N_Cr {}; up to {} early or late", conformance::time_text(known.n_bs),
                    conformance::time_text(known.n_cr), conformance::time_text(known.allowed.tolerance)));
  field("gaps", fmt::format("at least STmin, less {}", conformance::time_text(known.allowed.resolution)));
  field("time", result_.time == time_mode::real_time ? "real" : "virtual");
  out_ << '\n';
  paint_.line(out_, paint_.dim(fmt::format("{:<11} {:<10} {:>6} {:>6} {:>12}   {}", "statement", "verdict",
                                           "sent", "back", "took", "title")));
}

void table_writer::write_played(const statement_result& one) {
  const bool passed = one.is == verdict::passed;
  if (passed && options_.quiet) return;
  std::string mark = fmt::format("{:<10}", passed                      ? "pass"
                                           : one.is == verdict::failed ? "FAIL"
                                                                       : "deviation");
  mark = passed ? paint_.good(mark) : one.is == verdict::failed ? paint_.bad(mark) : paint_.strange(mark);
  const auto& found = one.found;
  paint_.line(out_, fmt::format("{:<11} {} {:>6} {:>6} {:>9} ms   {}", conformance::name_of(*one.what), mark,
                                found.frames.sent(), found.frames.received(),
                                fixed_ms(found.ended - found.began), one.what->title));
  if (!passed) {
    paint_.line(out_, fmt::format("    expected  {}", found.expected));
    paint_.line(out_, fmt::format("    got       {}", found.got));
    if (one.is == verdict::deviation)
      paint_.line(out_,
                  paint_.dim("    the standard is not certain to demand this: not counted as a failure"));
  }
  if (!passed || options_.verbose) write_frames(one);
}

std::string frame_line(const logged_frame& f, instant began) {
  const auto& content = f.content;
  const std::string data = content.flags.remote ? "remote" : cut_hex(content.payload(), bytes_of_frame);
  return fmt::format("{:>12} ms  {}  {}  {}", fixed_ms(f.at - began), f.of_stack ? "back" : "sent",
                     id_text(content.id), data.empty() ? "no data" : data);
}

void table_writer::write_frames(const statement_result& one) {
  const auto& log = one.found.frames;
  std::vector<logged_frame> shown = log.tail();
  std::size_t left_out = log.left_out();
  const auto& head = log.head();
  if (options_.verbose || left_out == 0) {
    if (left_out == 0) {
      shown.insert(shown.begin(), head.begin(), head.end());
    } else {
      for (const auto& f : head) paint_.line(out_, paint_.dim(frame_line(f, one.found.began)));
    }
  } else {
    left_out += head.size();
  }
  if (!options_.verbose && shown.size() > frames_of_failure) {
    left_out += shown.size() - frames_of_failure;
    shown.erase(shown.begin(), shown.end() - static_cast<std::ptrdiff_t>(frames_of_failure));
  }
  if (left_out > 0)
    paint_.line(out_, paint_.dim(fmt::format("{:>12}     {}{}", "..", counted(left_out, "frame"),
                                             options_.verbose ? "" : " before (-v shows more)")));
  for (const auto& f : shown) paint_.line(out_, paint_.dim(frame_line(f, one.found.began)));
}

void table_writer::write_hidden() {
  if (result_.count(verdict::not_observable) == 0) return;
  out_ << "\nNot observable:\n";
  for (const auto& one : result_.statements) {
    if (one.is != verdict::not_observable) continue;
    paint_.line(out_, paint_.dim(fmt::format("{:<11} {}: {}", conformance::name_of(*one.what),
                                             one.what->title, one.reason)));
  }
}

void table_writer::write_end() {
  if (!options_.quiet) out_ << '\n';
  if (!result_.internal_error.empty())
    paint_.line(out_, paint_.bad("INTERNAL ERROR: " + paint_.plain(result_.internal_error)));
  if (!result_.no_progress.empty())
    paint_.line(out_, paint_.bad("NO PROGRESS: " + paint_.plain(result_.no_progress)));
  if (result_.heard == 0 && result_.count(verdict::failed) > 0)
    out_ << "Nothing at all came from " << id_text(result_.known.address.rx)
         << ": is the stack there, and are these its identifiers?\n";
  std::vector<std::string> parts;
  const auto add = [&](verdict what, std::string_view name) {
    if (const auto number = result_.count(what); number > 0)
      parts.push_back(fmt::format("{} {}", number, name));
  };
  add(verdict::failed, "failed");
  add(verdict::passed, "passed");
  if (const auto number = result_.count(verdict::deviation); number > 0)
    parts.push_back(counted(number, "deviation"));
  add(verdict::not_observable, "not observable");
  if (result_.statements.size() < result_.selected)
    parts.push_back(fmt::format("{} not run", result_.selected - result_.statements.size()));
  std::string text = fmt::format("{}", fmt::join(parts, ", "));
  if (result_.interrupted) text = "INTERRUPTED: " + text;
  paint_.line(out_, result_.passed() ? paint_.good(text) : paint_.bad(text));
}

}  // namespace

void write_text(std::ostream& out, const conformance_result& result, const text_options& options) {
  table_writer{out, result, options}.write();
}

}  // namespace canstage::scenarios

// canstage record LINK OUT: what is on a bus, as a trace.
#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <iostream>
#include <limits>
#include <mutex>

#include "protocols/trace/record.hpp"
#include "protocols/trace/writer.hpp"
#include "scenarios/watch.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/option_reader.hpp"
#include "tools/cli/outside_bus.hpp"
#include "tools/cli/progress_line.hpp"
#include "tools/cli/report_output.hpp"
#include "tools/cli/signals.hpp"
#include "tools/cli/trace_files.hpp"
#include "transports/unix_time.hpp"

namespace canstage::tools {

namespace {

struct record_options {
  scenarios::link carrier;
  std::string out;
  std::optional<std::uint64_t> most;
  std::optional<duration> time;
  bool help = false;
};

po::options_description description() {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  po::options_description options{"Options"};
  options.add_options()                                        //
      ("for", text("TIME"), "end after so long")               //
      ("frames,n", text("COUNT"), "end after so many frames")  //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

record_options parse_record(const std::vector<std::string>& words) {
  const auto values = parse(description(), words, "record");
  record_options options;
  options.help = values["help"].as<bool>();
  if (options.help) return options;
  const auto names =
      values.count("file") == 0 ? std::vector<std::string>{} : values["file"].as<std::vector<std::string>>();
  if (names.size() != 2)
    throw usage_error{
        "record takes a link and a file, as in canstage record socketcan:vcan0 bus.log; "
        "canstage record --help says more"};
  options.carrier = outside_bus(names[0]);
  options.out = names[1];
  trace_format(options.out, options.out);
  if (values.count("frames") != 0)
    options.most = count_of(values, "frames", 1, std::numeric_limits<std::uint64_t>::max());
  if (values.count("for") != 0) options.time = positive_time_of(values, "for");
  return options;
}

/// The trace's time at the stage's begin: the time of day, but for ASC, which counts from the begin of a
/// measurement.
duration clock_at_begin(trace::file_format format) {
  return format == trace::file_format::asc ? trace::clock_at_start : transports::since_1970();
}

/// Frames as a trace, which is complete up to the last one at any time.
class trace_of_bus {
 public:
  trace_of_bus(const record_options& options, trace::file_format format)
      : begin_(clock_at_begin(format)), writer_(trace::make_writer(format)), out_(open_trace(options.out)) {
    writer_->begin(text_);
    writer_->add_bus(text_, name_of(options.carrier));
    write();
  }

  /// False: nothing can be written any more.
  bool add(std::span<const can::sent_frame> frames) {
    const std::lock_guard lock{mutex_};
    for (const auto& one : frames)
      writer_->add(text_, {.time = latest_ = one.end + begin_, .bus = 0, .content = one.content});
    frames_ += frames.size();
    return write();
  }

  void remark(const std::string& sentence) {
    const std::lock_guard lock{mutex_};
    writer_->remark(text_, std::max(latest_, instant{begin_}), sentence);
    write();
  }

  bool end() {
    const std::lock_guard lock{mutex_};
    writer_->end(text_);
    return write();
  }

  std::uint64_t frames() const { return frames_; }
  int problem() const { return problem_; }

 private:
  bool write() {
    if (problem_ == 0 && !text_.empty()) {
      errno = 0;
      out_->write(text_.data(), static_cast<std::streamsize>(text_.size()));
      if (!out_->flush()) problem_ = errno == 0 ? EIO : errno;
    }
    text_.clear();
    return problem_ == 0;
  }

  duration begin_;
  std::unique_ptr<trace::writer> writer_;
  std::shared_ptr<std::ostream> out_;
  std::mutex mutex_;  ///< frames and what happens to the bus come from different threads
  std::string text_;
  instant latest_;
  std::atomic<std::uint64_t> frames_ = 0;
  std::atomic<int> problem_ = 0;
};

std::string frames_text(std::uint64_t frames) {
  return fmt::format("{} frame{}", frames, frames == 1 ? "" : "s");
}

exit_status record(const record_options& options) {
  // Never destroyed: the thread that waits for signals refers to it.
  static auto& breaker = *new scenarios::interruption;
  trace_of_bus trace{options, trace_format(options.out, options.out)};
  route_signals(breaker);
  scenarios::watch_options how;
  how.name = name_of(options.carrier);
  how.most = options.most;
  how.time = options.time;
  how.hears = [&](std::span<const can::sent_frame> frames) {
    if (!trace.add(frames)) breaker.raise();
  };
  how.on_bus_event = [&](const std::string& sentence) {
    print_bus_event(sentence);
    trace.remark(sentence);
  };
  scenarios::watch_result result;
  {
    const status_line line{[&] { return options.out + ": " + frames_text(trace.frames()); }};
    result = scenarios::watch(options.carrier, how, breaker);
  }
  if (!trace.end()) throw output_error{options.out, trace.problem()};
  std::cout << frames_text(trace.frames()) << " of " << how.name << " in " << options.out << '\n';
  if (!result.internal_error.empty()) {
    std::cerr << "canstage: internal error: " + result.internal_error + '\n';
    return exit_status::internal_error;
  }
  return result.interrupted ? exit_status::interrupted : exit_status::passed;
}

}  // namespace

exit_status record_command(const std::vector<std::string>& words) {
  const auto options = parse_record(words);
  if (options.help) {
    std::cout << help_text(
        "canstage record [OPTION...] LINK OUT\n\nWrites what is on a bus to a trace until it is interrupted; "
        "nothing is sent. The file's ending\nsays the format: .log (candump), .asc (Vector), .pcapng "
        "(Wireshark).\nExit status: 0 after --frames or --for, 130 interrupted; the trace is whole in any "
        "case.\n",
        description());
    return exit_status::passed;
  }
  if (const auto missing = missing_for_bus(options.carrier)) {
    std::cerr << "canstage: " << *missing << '\n';
    return exit_status::machine_lacks;
  }
  try {
    return record(options);
  } catch (const output_error& problem) {
    std::cerr << "canstage: " << problem.what() << '\n';
    return exit_status::machine_lacks;
  }
}

}  // namespace canstage::tools

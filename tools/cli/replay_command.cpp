// canstage replay LOG LINK: the frames of a trace on a bus, at their distances.
#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <limits>

#include "protocols/trace/survey.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/replay.hpp"
#include "scenarios/wording.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/option_reader.hpp"
#include "tools/cli/outside_bus.hpp"
#include "tools/cli/progress_line.hpp"
#include "tools/cli/signals.hpp"
#include "tools/cli/trace_files.hpp"
#include "transports/can_socket.hpp"

namespace canstage::tools {

namespace {

struct replay_options {
  std::string log;
  scenarios::link carrier;
  trace::replay_settings how;  ///< the bus is empty if it was not said
  bool help = false;
};

po::options_description description() {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  po::options_description options{"Options"};
  options.add_options()                                                                   //
      ("interface", text("NAME"), "whose frames, if the log has those of several buses")  //
      ("speed", text("FACTOR"), "so many times as fast: 2, 0.5 (default 1)")              //
      ("loop", text("N"), "so many times, one after the other (default 1)")               //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

/// A factor has as many decimals as a time.
std::uint64_t speed_of(const po::variables_map& values) {
  std::string problem;
  const auto time = scenarios::parse_time(text_of(values, "speed") + "ms", problem);
  if (!time || *time < std::chrono::microseconds{1} || *time > std::chrono::seconds{1000})
    refuse(values, "speed", "a factor from 0.001 to 1000000 was expected, as in 2 or 0.5");
  static_assert(duration{std::chrono::milliseconds{1}}.count() == trace::original_speed);
  return static_cast<std::uint64_t>(time->count());
}

replay_options parse_replay(const std::vector<std::string>& words) {
  const auto values = parse(description(), words, "replay");
  replay_options options;
  options.help = values["help"].as<bool>();
  if (options.help) return options;
  const auto names =
      values.count("file") == 0 ? std::vector<std::string>{} : values["file"].as<std::vector<std::string>>();
  if (names.size() != 2)
    throw usage_error{
        "replay takes a log and a link, as in canstage replay bus.log socketcan:vcan0; "
        "canstage replay --help says more"};
  options.log = names[0];
  options.carrier = outside_bus(names[1]);
  options.how.bus = text_of(values, "interface");
  if (values.count("speed") != 0) options.how.speed = speed_of(values);
  if (values.count("loop") != 0)
    options.how.passes = count_of(values, "loop", 1, std::numeric_limits<std::uint64_t>::max());
  return options;
}

/// The bus whose frames are meant.
std::string bus_of(const replay_options& options, const trace::survey& found) {
  std::string known;
  for (const auto& [name, bus] : found.buses) known += (known.empty() ? "" : ", ") + name;
  if (found.buses.empty()) throw usage_error{options.log + " has no frames"};
  if (options.how.bus.empty()) {
    if (found.buses.size() == 1) return known;
    throw usage_error{options.log + " has frames of " + known + "; --interface NAME says whose are sent"};
  }
  if (found.buses.contains(options.how.bus)) return options.how.bus;
  throw usage_error{"--interface " + options.how.bus + ": " + options.log + " has only frames of " + known};
}

bool carries_fd(const scenarios::link& carrier) {
  if (!carrier.carries_all_frames()) return false;
  transports::can_socket probe;
  return probe.open(carrier.where) == transports::can_problem::none && probe.carries_fd();
}

std::string counted(std::uint64_t number, const std::string& what) {
  return fmt::format("{} {}frame{}", number, what, number == 1 ? "" : "s");
}

/// What was not sent, a line each; true if any of it could have been.
bool tell_gaps(const trace::replay_report& report, const scenarios::link& carrier) {
  const auto left_out = [&](std::uint64_t number, const char* what, std::optional<can::identifier> first) {
    if (!first) return;
    print_bus_event(
        fmt::format("{} left out, which {} does not carry; the first one has the identifier {:0{}X}",
                    counted(number, what), to_string(carrier), first->value(), first->is_extended() ? 8 : 3));
  };
  left_out(report.left_out_fd, "CAN FD ", report.first_fd);
  left_out(report.left_out_remote, "remote ", report.first_remote);
  if (report.lost != 0)
    print_bus_event(counted(report.lost, "") + " did not get onto " + to_string(carrier) + " within " +
                    scenarios::time_text(trace::replay::patience));
  return report.lost != 0;
}

exit_status send(const replay_options& options, const trace::replay::opener& open) {
  // Never destroyed: the thread that waits for signals refers to it.
  static auto& breaker = *new scenarios::interruption;
  route_signals(breaker);
  std::atomic<std::uint64_t> sent = 0;
  scenarios::replay_options how;
  how.name = name_of(options.carrier);
  how.how = options.how;
  how.open = open;
  how.on_progress = [&](const trace::replay_report& report) { sent = report.sent; };
  how.on_bus_event = print_bus_event;
  scenarios::replay_result result;
  {
    const status_line line{[&] { return options.log + ": " + counted(sent, "") + " sent"; }};
    result = scenarios::replay(options.carrier, how, breaker);
  }
  const auto& report = result.report;
  std::cout << counted(report.sent, "") << " of " << options.how.bus << " sent on "
            << to_string(options.carrier) << ", at worst " << scenarios::time_text(report.latest)
            << " late\n";
  const bool gaps = tell_gaps(report, options.carrier);
  if (!result.internal_error.empty()) {
    print_bus_event("internal error: " + result.internal_error);
    return exit_status::internal_error;
  }
  if (result.interrupted) return exit_status::interrupted;
  return gaps ? exit_status::verdict_failed : exit_status::passed;
}

}  // namespace

exit_status replay_command(const std::vector<std::string>& words) {
  auto options = parse_replay(words);
  if (options.help) {
    std::cout << help_text(
        "canstage replay [OPTION...] LOG LINK\n\nSends the frames of a trace (candump log, .asc, .pcapng), "
        "each "
        "as long after the first one as it\ncame then. One that is late makes no other one late.\n"
        "Exit status: 0 all were sent that the link can carry, 1 some were lost, 130 interrupted.\n",
        description());
    return exit_status::passed;
  }
  const auto content = content_of(options.log);
  if (!content) throw usage_error{options.log + ": cannot be read: " + std::strerror(errno)};
  // A log of candump may have any name.
  const auto format = trace::format_of(options.log).value_or(trace::file_format::candump_log);
  const trace::replay::opener open = [&] { return trace::make_reader(format, *content); };
  const auto whole = open();
  const auto found = trace::survey_of(*whole);
  // Nothing is sent of a trace that is broken somewhere.
  if (!whole->problem().empty()) throw usage_error{options.log + ": " + whole->problem()};
  options.how.bus = bus_of(options, found);
  if (const auto missing = missing_for_bus(options.carrier)) {
    std::cerr << "canstage: " << *missing << '\n';
    return exit_status::machine_lacks;
  }
  options.how.remote = options.carrier.carries_all_frames();
  options.how.fd = found.buses.at(options.how.bus).fd_frames == 0 || carries_fd(options.carrier);
  return send(options, open);
}

}  // namespace canstage::tools

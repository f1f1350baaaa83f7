#include <unistd.h>

#include <chrono>
#include <iostream>
#include <limits>

#include "protocols/trace/candump_log.hpp"
#include "protocols/trace/candump_screen.hpp"
#include "scenarios/model.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/watch.hpp"
#include "tools/cli/bus_links.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/option_reader.hpp"
#include "tools/cli/signals.hpp"

namespace canstage::tools {

namespace {

struct monitor_options {
  scenarios::link carrier;
  std::optional<std::uint64_t> most;
  std::optional<duration> time;
  bool log = false;
  bool help = false;
};

po::options_description monitor_description() {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  po::options_description options{"Options"};
  options.add_options()                                                                            //
      ("count,n", text("COUNT"), "end after so many frames")                                       //
      ("for", text("TIME"), "end after so long")                                                   //
      ("log,L", po::bool_switch(), "a candump log, with the time of day, for files and programs")  //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

std::string monitor_help() {
  return help_text(
      "canstage monitor [OPTION...] LINK\n\n"
      "Prints what is on a bus, as candump does, until it is interrupted. Nothing is sent.\n"
      "Exit status: 0 after --count or --for, 130 interrupted.\n",
      monitor_description());
}

monitor_options parse_monitor(const std::vector<std::string>& words) {
  const auto values = parse(monitor_description(), words, "monitor");
  monitor_options options;
  options.help = values["help"].as<bool>();
  if (options.help) return options;
  const auto links =
      values.count("file") == 0 ? std::vector<std::string>{} : values["file"].as<std::vector<std::string>>();
  if (links.size() != 1)
    throw usage_error{links.empty() ? "canstage monitor needs a link, as in canstage monitor socketcan:vcan0"
                                    : "one link is enough, '" + links[1] + "' is another"};
  std::string problem;
  const auto found = scenarios::parse_link(links.front(), problem);
  if (!found)
    throw usage_error{links.front() + ": " + std::string{scenarios::link_wish} + " was expected" +
                      (problem.empty() ? "" : "; " + problem)};
  if (found->is_virtual()) throw usage_error{"a virtual bus is inside a process, and nobody else is there"};
  options.carrier = *found;
  if (values.count("count") != 0)
    options.most = count_of(values, "count", 1, std::numeric_limits<std::uint64_t>::max());
  if (values.count("for") != 0) options.time = positive_time_of(values, "for");
  options.log = values["log"].as<bool>();
  return options;
}

/// The stage's time 0 as time of day.
instant beginning_of_stage() {
  return instant{std::chrono::duration_cast<duration>(std::chrono::system_clock::now().time_since_epoch())};
}

exit_status listen(const monitor_options& options) {
  // Never destroyed: the thread that waits for signals refers to it.
  static auto& breaker = *new scenarios::interruption;
  route_signals(breaker);
  const auto& name = options.carrier.where;
  const auto begin = beginning_of_stage().time_since_epoch();
  std::string lines;
  scenarios::watch_options how;
  how.name = name;
  how.most = options.most;
  how.time = options.time;
  how.hears = [&](std::span<const can::sent_frame> frames) {
    lines.clear();
    for (const auto& one : frames) {
      if (options.log) {
        trace::append_line(lines, one.end + begin, name, one.content);
      } else {
        trace::append_screen_line(lines, one.end.time_since_epoch(), name, one.content);
      }
      lines += '\n';
    }
    // At once: who looks at a bus wants to see what happens now.
    std::cout << lines << std::flush;
  };
  how.on_bus_event = [](const std::string& sentence) {
    std::cerr << "canstage: " + sentence + '\n' << std::flush;
  };
  const auto result = scenarios::watch(options.carrier, how, breaker);
  if (!result.internal_error.empty()) {
    std::cerr << "canstage: internal error: " + result.internal_error + '\n';
    return exit_status::internal_error;
  }
  return result.interrupted ? exit_status::interrupted : exit_status::passed;
}

}  // namespace

exit_status monitor_command(const std::vector<std::string>& words) {
  const auto options = parse_monitor(words);
  if (options.help) {
    std::cout << monitor_help();
    return exit_status::passed;
  }
  scenarios::scenario nobody;
  nobody.buses.push_back({options.carrier.where, std::nullopt, {}, options.carrier});
  if (const auto missing = missing_for_links({nobody})) {
    std::cerr << "canstage: " << *missing << '\n';
    return exit_status::machine_lacks;
  }
  return listen(options);
}

}  // namespace canstage::tools

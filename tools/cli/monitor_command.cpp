#include <unistd.h>

#include <chrono>
#include <iostream>
#include <limits>

#include "protocols/dissect/dissector.hpp"
#include "protocols/trace/candump_log.hpp"
#include "protocols/trace/candump_screen.hpp"
#include "scenarios/address_book.hpp"
#include "scenarios/watch.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/files.hpp"
#include "tools/cli/option_reader.hpp"
#include "tools/cli/outside_bus.hpp"
#include "tools/cli/signals.hpp"

namespace canstage::tools {

namespace {

struct monitor_options {
  scenarios::link carrier;
  std::optional<std::uint64_t> most;
  std::optional<duration> time;
  bool log = false;
  bool decode = false;
  std::vector<dissect::way> known;  ///< names for `decode`
  bool help = false;
};

po::options_description monitor_description() {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  po::options_description options{"Options"};
  options.add_options()                                                                            //
      ("count,n", text("COUNT"), "end after so many frames")                                       //
      ("for", text("TIME"), "end after so long")                                                   //
      ("log,L", po::bool_switch(), "a candump log, with the time of day, for files and programs")  //
      ("decode,d", po::bool_switch(), "what the frames say: ISO-TP, and the UDS messages in it")   //
      ("scenario", text("FILE"), "with -d: names the ECUs, and knows their address formats")       //
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
  options.carrier = outside_bus(links.front());
  if (values.count("count") != 0)
    options.most = count_of(values, "count", 1, std::numeric_limits<std::uint64_t>::max());
  if (values.count("for") != 0) options.time = positive_time_of(values, "for");
  options.log = values["log"].as<bool>();
  options.decode = values["decode"].as<bool>();
  if (options.log && options.decode) throw usage_error{"-L and -d exclude each other: a log has only frames"};
  const auto file = text_of(values, "scenario");
  if (file.empty()) return options;
  if (!options.decode) refuse(values, "scenario", "it names who speaks in what -d prints");
  const auto files = load_all({file});
  if (!files.problems.empty()) throw usage_error{to_string(files.problems.front())};
  options.known = scenarios::address_book(files.scenarios.front());
  // The bus has its own name there.
  for (auto& one : options.known) one.bus.clear();
  return options;
}

/// The stage's time 0 as time of day.
instant beginning_of_stage() {
  return instant{std::chrono::duration_cast<duration>(std::chrono::system_clock::now().time_since_epoch())};
}

/// Frames as lines.
class printer {
 public:
  explicit printer(const monitor_options& options) : options_(options), decoder_(options.known) {}

  void append(std::string& lines, const can::sent_frame& one) {
    const auto& name = name_of(options_.carrier);
    if (options_.log) {
      trace::append_line(lines, one.end + begin_, name, one.content);
    } else {
      const auto line = lines.size();
      trace::append_screen_line(lines, one.end.time_since_epoch(), name, one.content);
      if (options_.decode) append_words(lines, lines.size() - line, decoder_.explain(name, one.content));
    }
    lines += '\n';
  }

 private:
  /// Behind the longest classic frame.
  static void append_words(std::string& lines, std::size_t used, const std::string& words) {
    constexpr std::size_t column = 64;
    if (!words.empty()) lines += std::string(used < column ? column - used : 0, ' ') + "  " + words;
  }

  const monitor_options& options_;
  duration begin_ = beginning_of_stage().time_since_epoch();
  dissect::dissector decoder_;
};

exit_status listen(const monitor_options& options) {
  // Never destroyed: the thread that waits for signals refers to it.
  static auto& breaker = *new scenarios::interruption;
  route_signals(breaker);
  printer print{options};
  std::string lines;
  scenarios::watch_options how;
  how.name = name_of(options.carrier);
  how.most = options.most;
  how.time = options.time;
  how.hears = [&](std::span<const can::sent_frame> frames) {
    lines.clear();
    for (const auto& one : frames) print.append(lines, one);
    // At once: who looks at a bus wants to see what happens now.
    std::cout << lines << std::flush;
  };
  how.on_bus_event = print_bus_event;
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
  if (const auto missing = missing_for_bus(options.carrier)) {
    std::cerr << "canstage: " << *missing << '\n';
    return exit_status::machine_lacks;
  }
  return listen(options);
}

}  // namespace canstage::tools

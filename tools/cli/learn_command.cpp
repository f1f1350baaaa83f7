// canstage learn LOG: from a recording to a scenario whose ECUs answer as in it.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <iostream>

#include "protocols/learn/lesson.hpp"
#include "protocols/trace/reader.hpp"
#include "scenarios/address_book.hpp"
#include "scenarios/learnt_scenario.hpp"
#include "scenarios/quantity.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/files.hpp"
#include "tools/cli/option_reader.hpp"
#include "tools/cli/report_output.hpp"
#include "tools/cli/trace_files.hpp"

namespace canstage::tools {

namespace {

struct learn_options {
  std::string log;
  std::string out;  ///< "-": stdout
  std::string scenario;
  std::string bus;
  std::optional<can::bit_rates> rates;
  bool steps = false;
  bool help = false;
};

po::options_description description() {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  po::options_description options{"Options"};
  options.add_options()                                                                          //
      ("output,o", text("FILE"), "the scenario (default: stdout)")                               //
      ("bus", text("NAME"), "learn from the frames of this bus only (default: of all)")          //
      ("scenario", text("FILE"), "names the ECUs and testers, and knows their address formats")  //
      ("bitrate", text("RATE"),
       "that of the buses, as in 500k: the time of frames on the wire is "
       "taken off the delays (default: buses without one)")                                          //
      ("data-bitrate", text("RATE"), "with --bitrate: that of the data of CAN FD frames")            //
      ("steps", po::bool_switch(), "also what the testers asked, with the answers as expectations")  //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

std::uint32_t rate_of(const po::variables_map& values, const char* name) {
  std::string problem;
  const auto rate = scenarios::parse_rate(text_of(values, name), problem);
  if (!rate || *rate == 0)
    refuse(values, name, problem.empty() ? "a bit rate was expected, as in 500k" : problem);
  return *rate;
}

learn_options parse_learn(const std::vector<std::string>& words) {
  const auto values = parse(description(), words, "learn");
  learn_options options;
  options.help = values["help"].as<bool>();
  if (options.help) return options;
  const auto names =
      values.count("file") == 0 ? std::vector<std::string>{} : values["file"].as<std::vector<std::string>>();
  if (names.size() != 1)
    throw usage_error{
        "learn takes one log, as in canstage learn bus.log -o ecus.yaml; canstage learn --help "
        "says more"};
  options.log = names.front();
  options.out = values.count("output") == 0 ? "-" : text_of(values, "output");
  options.scenario = text_of(values, "scenario");
  options.bus = text_of(values, "bus");
  options.steps = values["steps"].as<bool>();
  if (values.count("bitrate") != 0) options.rates = can::bit_rates{rate_of(values, "bitrate"), 0};
  if (values.count("data-bitrate") != 0) {
    if (!options.rates) refuse(values, "data-bitrate", "it goes with --bitrate");
    options.rates->data = rate_of(values, "data-bitrate");
  }
  return options;
}

std::string counted(std::size_t number, const std::string& what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

learn::lesson learn_from(const learn_options& options, std::vector<dissect::way> known) {
  const auto content = content_of(options.log);
  if (!content) throw usage_error{options.log + ": cannot be read: " + std::strerror(errno)};
  // A log of candump may have any name.
  const auto format = trace::format_of(options.log).value_or(trace::file_format::candump_log);
  const auto from = trace::make_reader(format, *content);
  learn::ear ear{{std::move(known), options.bus, options.rates}};
  while (const auto one = from->next()) ear.hear(*one);
  if (!from->problem().empty()) throw usage_error{options.log + ": " + from->problem()};
  auto learnt = learn::learn(ear.take());
  if (learnt.ecus.empty())
    throw usage_error{options.log + " has no requests with answers" +
                      (options.bus.empty() ? "" : " on the bus " + options.bus)};
  if (options.rates && learnt.fd && options.rates->data == 0)
    throw usage_error{options.log + " has CAN FD frames: --data-bitrate RATE is needed beside --bitrate"};
  return learnt;
}

}  // namespace

exit_status learn_command(const std::vector<std::string>& words) {
  const auto options = parse_learn(words);
  if (options.help) {
    std::cout << help_text(
        "canstage learn [OPTION...] LOG\n\nMakes a scenario of a trace (candump log, .asc, .pcapng): ECUs "
        "that "
        "answer as those in it, after\nas long. What could not be used is said.\n",
        description());
    return exit_status::passed;
  }
  std::vector<dissect::way> known;
  if (!options.scenario.empty()) {
    const auto files = load_all({options.scenario});
    print(std::cerr, files.problems);
    if (!files.problems.empty()) return exit_status::wrong_input;
    known = scenarios::address_book(files.scenarios.front());
  }
  const auto learnt = learn_from(options, std::move(known));
  try {
    report_output out{options.out};
    out.write([&](std::ostream& to) {
      scenarios::write_learnt(to, learnt, {options.log, options.rates, options.steps});
    });
    auto& told = out.is_stdout() ? std::cerr : std::cout;
    std::size_t rules = 0;
    for (const auto& one : learnt.ecus) rules += one.rules.size();
    told << fmt::format("{}, {} of {}\n", counted(learnt.ecus.size(), "ECU"), counted(rules, "rule"),
                        counted(learnt.requests, "request"));
    for (const auto& one : learnt.remarks) told << one << '\n';
  } catch (const output_error& problem) {
    std::cerr << "canstage: " << problem.what() << '\n';
    return exit_status::machine_lacks;
  }
  return exit_status::passed;
}

}  // namespace canstage::tools

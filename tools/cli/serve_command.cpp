#include "tools/cli/serve_command.hpp"

#include <cerrno>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "scenarios/serve.hpp"
#include "tools/cli/bus_links.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/exposures.hpp"
#include "tools/cli/files.hpp"
#include "tools/cli/option_reader.hpp"
#include "tools/cli/report_output.hpp"
#include "tools/cli/signals.hpp"
#include "tools/cli/trace_files.hpp"

namespace canstage::tools {

namespace {

using text_list = std::vector<std::string>;

po::options_description description() {
  po::options_description options{"Options"};
  options.add_options()  //
      ("expose", po::value<text_list>()->value_name("NAME=WHERE"),
       "lets other programs join: BUS=socketcand:HOST:PORT or ECU_OR_ENDPOINT=isotpserver:HOST:PORT "
       "(repeatable)")  //
      ("bus", po::value<text_list>()->value_name("NAME=LINK"),
       "what carries a bus, instead of the file's (repeatable)")  //
      ("link", po::value<text_list>()->value_name("ECU=LINK"),
       "what carries the connection of one ECU or endpoint, instead of its bus (repeatable)")  //
      ("seed", po::value<std::string>()->value_name("N"), "the seed, instead of the file's")   //
      ("cast", po::value<std::string>()->value_name("normal|ensemble"),
       "an actor per node, or one per bus (default: by the number of nodes)")  //
      ("trace", po::value<std::string>()->value_name("FILE"),
       "write all frames: *.log candump, *.asc, *.pcapng")  //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

/// What `run` has, too, is read as `run` reads it.
run_options read_common(const po::variables_map& values) {
  text_list words = {"--time", "real"};
  for (const auto* name : {"seed", "cast", "trace"}) {
    if (values.count(name) != 0) words.insert(words.end(), {"--" + std::string{name}, text_of(values, name)});
  }
  for (const auto* name : {"bus", "link", "expose"})
    if (values.count(name) != 0)
      for (const auto& word : values[name].as<text_list>())
        words.insert(words.end(), {"--" + std::string{name}, word});
  const auto files = values.count("file") == 0 ? text_list{} : values["file"].as<text_list>();
  if (files.size() != 1) throw usage_error{"serve takes one scenario file; canstage serve --help says more"};
  words.push_back(files.front());
  return parse_run(words);
}

/// One write, because buses and servers call this from their own threads.
void print_event(const std::string& sentence) { std::cerr << "canstage: " + sentence + '\n' << std::flush; }

/// What is open, as `--bus` of another canstage wants it.
void print_ready(const scenarios::scenario& play, const scenarios::serve_options& options) {
  std::string line = "ready";
  for (const auto& one : names_of_open(play, options.listeners)) line += ' ' + one;
  std::cout << line << std::endl;
}

exit_status serve_until_interrupted(const scenarios::scenario& play, scenarios::serve_options options,
                                    const std::string& trace_path) {
  // Never destroyed: the thread that waits for signals refers to it.
  static auto& breaker = *new scenarios::interruption;
  if (!trace_path.empty()) options.trace_format = trace_format("--trace", trace_path);
  options.trace = open_trace(trace_path);
  options.listeners = open_exposures(play);
  route_signals(breaker);
  options.on_bus_event = print_event;
  options.on_ready = [&] { print_ready(play, options); };
  const auto failure = serve(play, options, breaker);
  if (options.trace && !*options.trace) throw output_error{trace_path, errno};
  if (failure.empty()) return exit_status::interrupted;
  print_event("internal error: " + failure);
  return exit_status::internal_error;
}

}  // namespace

exit_status serve_command(const std::vector<std::string>& words) {
  const auto values = parse(description(), words, "serve");
  if (values["help"].as<bool>()) {
    std::cout << help_text(
        "canstage serve [OPTION...] FILE\n\nKeeps the ECUs of a scenario alive until it is interrupted; "
        "steps "
        "are ignored.\nPrints 'ready' and what is open as soon as other programs can come.\n",
        description());
    return exit_status::passed;
  }
  const auto common = read_common(values);
  auto files = load_all(common.files);
  if (!files.problems.empty()) {
    print(std::cerr, files.problems);
    return exit_status::wrong_input;
  }
  auto& play = files.scenarios.front();
  if (play.time == scenarios::time_mode::virtual_time)
    throw usage_error{play.file +
                      " says 'time: virtual', but serve is for other programs, which live in real time"};
  play.steps.clear();  // so that they use no endpoint that is exposed
  apply_exposures(common.exposed, files.scenarios);
  apply_links(common, files.scenarios);
  check_exposures(files.scenarios);
  const scenarios::link_purpose purpose{.steps = false, .trace = !common.trace.empty()};
  check_links(files.scenarios, purpose);
  for (const auto& remark : take_detours(purpose, files.scenarios)) print_event(remark);
  if (const auto missing = missing_for_links(files.scenarios)) {
    print_event(*missing);
    return exit_status::machine_lacks;
  }
  if (const auto missing = missing_for_servers(play, play.exposures.size())) {
    print_event(*missing);
    return exit_status::machine_lacks;
  }
  for (const auto& remark : remarks_on_cast(common, files.scenarios)) print_event(remark);
  try {
    scenarios::serve_options options;
    options.seed = common.seed;
    options.kind = common.cast;
    return serve_until_interrupted(play, std::move(options), common.trace);
  } catch (const output_error& problem) {
    print_event(problem.what());
  } catch (const listen_error& problem) {
    print_event(problem.what());
  }
  return exit_status::machine_lacks;
}

}  // namespace canstage::tools

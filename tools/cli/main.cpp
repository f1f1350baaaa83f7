// canstage: puts simulated ECUs on a stage and lets a scenario tell them what to play.
#include <exception>
#include <iostream>
#include <string>
#include <system_error>
#include <vector>

#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/explain_command.hpp"
#include "tools/cli/serve_command.hpp"

namespace canstage::tools {

namespace {

struct command {
  const char* name;
  const char* summary;
  exit_status (*run)(const std::vector<std::string>&);
};

constexpr command commands[] = {
    {"run", "runs scenarios; a verdict per step and ECU", run_command},
    {"serve", "keeps the ECUs of a scenario alive for other programs", serve_command},
    {"explore", "plays a scenario under many seeds, and finds the faults that make it fail", explore_command},
    {"check", "says what is wrong with scenarios, and runs nothing", check_command},
    {"conformance", "plays the statements of ISO-TP against a stack; a verdict per statement",
     conformance_command},
    {"explain", "puts UDS into words: hex, or a candump log", explain_command},
    {"request", "sends one request to real ECUs, and prints the answers", request_command},
    {"monitor", "prints what is on a bus", monitor_command},
    {"record", "writes what is on a bus to a trace", record_command},
    {"replay", "sends the frames of a trace, at their distances", replay_command},
    {"learn", "makes a scenario of a trace: ECUs that answer as those in it", learn_command},
    {"convert", "turns a trace into another format: candump log, ASC, pcapng", convert_command},
    {"links", "lists the links that this machine can open, and why not the others", links_command},
    {"schema", "prints the JSON Schema of scenarios, for editors", schema_command},
    {"version", "prints the versions of canstage and of what it is built of", version_command},
};

void print_help(std::ostream& out) {
  out << "canstage puts simulated ECUs on CAN buses and lets a scenario tell them what to play.\n\n"
         "usage: canstage COMMAND [OPTION...] [FILE...]\n\n";
  for (const auto& known : commands) {
    std::string name = known.name;
    name.resize(13, ' ');
    out << "  " << name << known.summary << '\n';
  }
  out << "\ncanstage COMMAND --help lists the options of a command.\n";
}

exit_status dispatch(const std::vector<std::string>& words) {
  if (words.empty()) {
    print_help(std::cerr);
    return exit_status::wrong_input;
  }
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print_help(std::cout);
    return exit_status::passed;
  }
  for (const auto& known : commands)
    if (words[0] == known.name) return known.run({words.begin() + 1, words.end()});
  throw usage_error{"unknown command '" + words[0] + "'; canstage --help lists the commands"};
}

/// Whether the operating system had no more of something.
bool is_shortage(const std::error_code& code) {
  return code == std::errc::too_many_files_open || code == std::errc::too_many_files_open_in_system ||
         code == std::errc::not_enough_memory || code == std::errc::resource_unavailable_try_again;
}

}  // namespace

}  // namespace canstage::tools

int main(int argc, char** argv) {
  using canstage::tools::exit_status;
  auto status = exit_status::internal_error;
  try {
    status = canstage::tools::dispatch({argv + 1, argv + argc});
  } catch (const canstage::tools::usage_error& problem) {
    std::cerr << "canstage: " << problem.what() << '\n';
    status = exit_status::wrong_input;
  } catch (const std::system_error& problem) {
    const bool shortage = canstage::tools::is_shortage(problem.code());
    std::cerr << "canstage: " << (shortage ? "" : "internal error: ") << problem.what() << '\n';
    if (shortage) status = exit_status::machine_lacks;
  } catch (const std::exception& problem) {
    std::cerr << "canstage: internal error: " << problem.what() << '\n';
  }
  return static_cast<int>(status);
}

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/files.hpp"

namespace canstage::tools {

namespace {

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

void print_json(std::ostream& out, const std::vector<scenarios::diagnostic>& problems) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& problem : problems)
    list.push_back({{"file", problem.file},
                    {"line", problem.where.line},
                    {"column", problem.where.column},
                    {"message", problem.message}});
  const nlohmann::ordered_json report{{"canstage_check", 1}, {"problems", std::move(list)}};
  out << report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

}  // namespace

exit_status check_command(const std::vector<std::string>& words) {
  const auto options = parse_check(words);
  if (options.help) {
    std::cout << check_help();
    return exit_status::passed;
  }
  const auto files = load_all(options.files);
  if (options.json) {
    print_json(std::cout, files.problems);
  } else {
    print(std::cerr, files.problems);
    for (const auto& good : files.scenarios)
      std::cout << good.file << ": ok, " << counted(good.buses.size(), "bus", "buses") << ", "
                << counted(good.ecus.size(), "ECU", "ECUs") << ", "
                << counted(good.steps.size(), "step", "steps") << '\n';
  }
  return files.problems.empty() ? exit_status::passed : exit_status::wrong_input;
}

}  // namespace canstage::tools

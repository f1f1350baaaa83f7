#include "scenarios/schema.hpp"

#include <iostream>

#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"

namespace canstage::tools {

exit_status schema_command(const std::vector<std::string>& words) {
  if (!words.empty()) throw usage_error{"canstage schema takes no arguments"};
  std::cout << scenarios::schema_text();
  return exit_status::passed;
}

}  // namespace canstage::tools

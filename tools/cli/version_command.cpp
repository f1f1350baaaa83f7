#include <caf/config.hpp>
#include <iostream>

#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"

namespace canstage::tools {

namespace {

constexpr auto version = "0.1.0";

}  // namespace

exit_status version_command(const std::vector<std::string>& words) {
  if (!words.empty()) throw usage_error{"canstage version takes no arguments"};
  std::cout << "canstage " << version << '\n'
            << "CAF " << CAF_VERSION / 10000 << '.' << CAF_VERSION / 100 % 100 << '.' << CAF_VERSION % 100
            << '\n'
            << "links: virtual, socketcan\n";
  return exit_status::passed;
}

}  // namespace canstage::tools

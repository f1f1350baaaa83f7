// The commands. Each returns the program's exit status; a wrong command line throws `usage_error`.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/exit_status.hpp"

namespace canstage::tools {

/// `words`: what stands behind the command.
exit_status run_command(const std::vector<std::string>& words);
exit_status check_command(const std::vector<std::string>& words);
exit_status conformance_command(const std::vector<std::string>& words);
exit_status convert_command(const std::vector<std::string>& words);
exit_status explore_command(const std::vector<std::string>& words);
exit_status learn_command(const std::vector<std::string>& words);
exit_status links_command(const std::vector<std::string>& words);
exit_status schema_command(const std::vector<std::string>& words);
exit_status monitor_command(const std::vector<std::string>& words);
exit_status record_command(const std::vector<std::string>& words);
exit_status replay_command(const std::vector<std::string>& words);
exit_status request_command(const std::vector<std::string>& words);
exit_status version_command(const std::vector<std::string>& words);

}  // namespace canstage::tools

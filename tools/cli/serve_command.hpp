// `canstage serve`.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/exit_status.hpp"

namespace canstage::tools {

/// As the commands of commands.hpp.
exit_status serve_command(const std::vector<std::string>& words);

}  // namespace canstage::tools

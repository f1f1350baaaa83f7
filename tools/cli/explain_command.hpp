// canstage explain: UDS in words.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/exit_status.hpp"

namespace canstage::tools {

/// `words`: what stands behind the command. A wrong command line throws `usage_error`.
exit_status explain_command(const std::vector<std::string>& words);

}  // namespace canstage::tools

// What the program's exit status means: part of its contract.
#pragma once

namespace canstage::tools {

enum class exit_status : int {
  passed = 0,
  verdict_failed = 1,
  wrong_input = 2,     ///< the command line or a file
  machine_lacks = 3,   ///< no permission, no such interface, ...
  internal_error = 4,  ///< or no progress within --limit
  interrupted = 130,
};

/// Of several, the one that counts: interrupted, then 4, 3, 2, 1.
constexpr exit_status worse(exit_status a, exit_status b) {
  return static_cast<int>(a) > static_cast<int>(b) ? a : b;
}

}  // namespace canstage::tools

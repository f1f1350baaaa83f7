// The text of an ECU's script.
#pragma once

#include <string>

namespace canstage::scenarios {

struct lua_source {
  std::string text;
  std::string file;   ///< for messages
  unsigned line = 1;  ///< of the file, where the text begins
  friend bool operator==(const lua_source&, const lua_source&) = default;
};

}  // namespace canstage::scenarios

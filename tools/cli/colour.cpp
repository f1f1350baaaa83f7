#include "tools/cli/colour.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace canstage::tools {

namespace {

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

bool wants_colour() {
  return isatty(STDOUT_FILENO) != 0 && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

}  // namespace canstage::tools

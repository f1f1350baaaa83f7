// How a number is written into a text: {n:02X}, ${base + 8:03X}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace canstage::scenarios {

struct number_format {
  bool zeros = false;  ///< filled up with zeros, not with blanks
  std::size_t width = 0;
  char style = 'd';  ///< d, x or X
};

/// What stands behind the colon: "02X", "04", "x". False: it makes no sense.
bool parse_number_format(std::string_view text, number_format& format);

std::string spelled(const number_format& format, std::uint64_t number);

}  // namespace canstage::scenarios

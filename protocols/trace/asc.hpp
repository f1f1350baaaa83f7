// What canstage's ASC files have of their own: comments that keep the names of the buses.
#pragma once

#include <string_view>

namespace canstage::trace {

/// "// channel 1 is powertrain"
inline constexpr std::string_view asc_channel_comment = "// channel ";
inline constexpr std::string_view asc_channel_is = " is ";

}  // namespace canstage::trace

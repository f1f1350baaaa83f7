// What candump prints on a terminal, with times from the begin (candump -tz):
//
//   (000.012345)  vcan0       7E0   [8]  02 10 03 00 00 00 00 00
//   (000.014002)  vcan0  18DAF110  [12]  62 F1 90 57 56 57 5A 5A 5A 31 4A 5A
#pragma once

#include <string>
#include <string_view>

#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"

namespace canstage::trace {

/// Appends a line without its line end. `time` is not negative; it is rounded down to microseconds.
void append_screen_line(std::string& text, duration time, std::string_view bus, const can::frame& f);

}  // namespace canstage::trace

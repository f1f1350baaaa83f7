// The log format of can-utils' candump: one line per frame, read by canplayer, log2asc, python-can.
//
//   (0000000000.000230) can0 7E0#0210030000000000
//
//   123#DEADBEEF          base format: exactly 3 digits
//   18DA10F1#             extended format: exactly 8 digits; no data
//   123#R, 123#R8         remote, with its length unless that is 0
//   123#1122334455667788_B, 123#R8_B   raw DLC 9-F of a classic frame of 8 bytes
//   123##5112233          FD: a digit of flags (1 BRS, 2 ESI, 4 FDF), then the data
//   20000080#0000000000000000   an error message: bit 29, its classes, its 8 bytes of details
//
// Times have ten digits of seconds, as candump pads them, and six of a second. They are rounded down,
// as the kernel does when it turns its nanoseconds into candump's timeval: so a simulated and a real
// trace read alike, and no frame appears later than a deadline that it met.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/bytes.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"
#include "protocols/trace/record.hpp"

namespace canstage::trace {

/// Appends a line without its line end. `time` is not before the start of the run. `bus` is a name
/// without blanks.
void append_line(std::string& text, instant time, std::string_view bus, const can::frame& f);

std::string format_line(instant time, std::string_view bus, const can::frame& f);

/// Appends the line of an error message; `details` has its 8 bytes.
void append_error_line(std::string& text, instant time, std::string_view bus, std::uint32_t classes,
                       const can::frame& details);

/// Reads a line, with or without its line end: seconds of any number of digits, a fraction of 6 or 9
/// digits, data with or without points between the bytes, and candump -x's direction, which is dropped.
/// FD data of a length that no frame has is padded with zeros, as cansend does. Returns nothing and
/// fills `error` for anything else; that includes CAN XL, which a frame cannot hold.
std::optional<record> parse_line(std::string_view line, text_error& error);

}  // namespace canstage::trace

// How verdicts and reports write times, counts and bytes, so that all of them write them alike.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "protocols/bytes.hpp"
#include "protocols/can/identifier.hpp"
#include "protocols/time.hpp"
#include "scenarios/result.hpp"

namespace canstage::scenarios {

/// "400 ns", "2.246 ms", "50 ms", "12.5 s": at most three decimals, no needless zeros.
std::string time_text(duration time);

/// Milliseconds with exactly three decimals and without a unit, for columns: "2.246".
std::string fixed_ms(duration time);

/// Seconds with exactly three decimals and without a unit: "12.345".
std::string fixed_s(duration time);

/// "one 0x78", "two 0x78", "12 0x78".
std::string pendings_text(std::size_t count);

/// "1 step", "2 steps".
std::string counted(std::size_t count, std::string_view noun);

/// As candump writes it: three digits for 11 bits, eight for 29.
std::string id_text(can::identifier id);

/// The first `max_bytes` bytes as hex, then " .. (4095 bytes)" if there are more.
std::string cut_hex(byte_view data, std::size_t max_bytes);

/// "requestOutOfRange" for 7F .. 31, empty for anything else.
std::string negative_name(byte_view answer);

/// "breaks off with N_WRONG_SN": how an expectation of that begins.
inline constexpr std::string_view breaks_off_prefix = "breaks off with ";

/// What was expected of an answer to `request` as a pattern, an NRC spelled out as its three bytes;
/// empty if that was no bytes at all ("silence").
std::string expected_pattern(const verdict& judged, byte_view request);

/// Expected and found bytes, column by column. A long answer is cut to what surrounds the difference.
struct comparison {
  std::string expected;
  std::string got;
  std::size_t column = 0;  ///< of the first difference, in both texts
};

/// `difference` is an offset in `answer`, or its length if bytes are missing. With `marked` the byte
/// that differs is put into brackets in `got`.
comparison compare(std::string_view pattern, byte_view answer, std::size_t difference, std::size_t max_bytes,
                   bool marked = false);

}  // namespace canstage::scenarios

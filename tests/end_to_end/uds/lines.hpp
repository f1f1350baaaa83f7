// Conversations as text, one line per turn, and what was on the bus:
//
//   22 F1 90 -> 62 F1 90 *            asked alone; what has to be answered is a pattern, or "silence"
//   all 22 F1 90 -> silence           asked functionally
//   wait 5s
//   reset                             power cycle
//   set dtc: P0123-17, test: failed   the step `set` for this ECU
//   frame 7DF 02 01 0C                one frame as it is
//
// What follows a # is a remark. Where silence is expected, 100 ms are listened.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tests/end_to_end/uds/conversation.hpp"

namespace canstage::conversation {

std::vector<turn> lines(std::string_view text);

/// What stands below `uds:` as keys of an ECU.
std::string of_uds(std::string_view keys);

/// A candump log.
class bus_log {
 public:
  explicit bus_log(const std::string& candump);

  /// How many frames begin like this: "7E8 04 6A 01".
  std::size_t count(std::string_view begin) const;
  /// When they ended, in microseconds.
  std::vector<long long> times(std::string_view begin) const;

 private:
  struct entry {
    long long microseconds = 0;
    std::string frame;
  };
  std::vector<entry> entries_;
};

}  // namespace canstage::conversation

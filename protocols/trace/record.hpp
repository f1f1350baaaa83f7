// What a trace holds, whatever the file format.
#pragma once

#include <cstdint>
#include <string>

#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"

namespace canstage::trace {

/// The clock of every trace reads this at the start of a run, so that a run's traces agree with each
/// other. log2asc takes seconds of 0 for "no frame yet": it prints a new header and the time 0 for every
/// frame of a log's first second if that log begins at 0.
inline constexpr duration clock_at_start = std::chrono::seconds{1};

/// One entry of a trace: a frame, or what a controller said of an error.
struct record {
  instant time;  ///< by the trace's own clock; never negative
  std::string bus;
  can::frame content;
  /// Classes of an error message as Linux has them (linux/can/error.h); `content` is then its 8 bytes of
  /// details, without an identifier. 0: a frame.
  std::uint32_t error_classes = 0;
  std::string comment{};  ///< who sent it, what was done to it; only pcapng keeps it

  friend bool operator==(const record&, const record&) = default;
};

}  // namespace canstage::trace

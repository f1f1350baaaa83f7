// Steps about frames: what is heard on a bus is judged, whoever sends it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocols/can/identifier.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/pattern.hpp"
#include "scenarios/position.hpp"

namespace canstage::scenarios {

/// Identifiers from one to another, of one format.
struct identifier_range {
  can::identifier first;
  can::identifier last;
};

/// Which frames of a bus are meant.
struct frame_choice {
  bus_index bus = 0;
  std::vector<identifier_range> ids;  ///< empty: all
};

/// A frame has to come.
struct expect_frame_step {
  frame_choice which;
  uds::pattern data;
  duration within{0};
  bool passes_others = false;  ///< `wait_for`: frames of these identifiers with other data are passed over
};

/// No such frame may come.
struct expect_silence_step {
  frame_choice which;
  std::vector<identifier_range> except;
  duration time{0};
};

/// Times from the end of one frame to the end of the next.
struct gap_limits {
  duration least{0};
  duration most{0};
};

/// In millionths of the time.
struct load_limits {
  std::uint32_t least = 0;
  std::uint32_t most = 1'000'000;
};

struct frame_count_limits {
  std::uint32_t least = 0;
  std::optional<std::uint32_t> most;
};

/// What a bus does in a while.
struct expect_bus_step {
  frame_choice which;  ///< for `frames` and `gap`; the load is that of all frames
  duration time{0};
  std::optional<load_limits> load;
  std::optional<frame_count_limits> frames;
  std::optional<gap_limits> gap;
};

}  // namespace canstage::scenarios

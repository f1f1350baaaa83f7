// What was learnt from a recording as a scenario file.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "protocols/can/wire_time.hpp"
#include "protocols/learn/lesson.hpp"

namespace canstage::scenarios {

struct learnt_options {
  std::string source;                     ///< the recording, for people
  std::optional<can::bit_rates> rates{};  ///< of all buses; none: ideal ones
  bool steps = false;                     ///< whether the testers ask again what they asked
};

/// Version 1 of the format. The same lesson gives the same bytes.
void write_learnt(std::ostream& out, const learn::lesson& what, const learnt_options& options);

}  // namespace canstage::scenarios

// What a trace has in it, before anything is done with it.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "protocols/time.hpp"
#include "protocols/trace/reader.hpp"

namespace canstage::trace {

/// The frames of one bus; error messages are none.
struct bus_survey {
  std::size_t frames = 0;
  std::size_t fd_frames = 0;      ///< among them
  std::size_t remote_frames = 0;  ///< likewise
  instant first;
  instant last;
};

struct survey {
  std::map<std::string, bus_survey> buses;
  std::size_t error_messages = 0;
};

/// Reads everything; `from.problem()` says whether that was all.
survey survey_of(reader& from);

}  // namespace canstage::trace

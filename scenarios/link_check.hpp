// What the links of a scenario cannot carry, found before anything runs.
#pragma once

#include <string>
#include <vector>

#include "scenarios/model.hpp"

namespace canstage::scenarios {

struct uncarried {
  position where;   ///< of what wants it
  std::string why;  ///< one sentence
};

/// What is asked of a scenario beside what it says itself.
struct link_purpose {
  bool steps = true;   ///< they are played
  bool trace = false;  ///< all frames are recorded
};

/// A connection that leaves its bus is not reached by those who stay there; some links carry one connection
/// only, some no frames, some have an ISO-TP of their own, which does nothing wrong on purpose. In the
/// order of the file.
std::vector<uncarried> find_uncarried(const scenario& play, const link_purpose& purpose);

/// What goes another way than a link says, a sentence each.
std::vector<std::string> detours(const scenario& play, const link_purpose& purpose);

}  // namespace canstage::scenarios

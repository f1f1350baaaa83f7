// A time that may differ from use to use.
#pragma once

#include "protocols/time.hpp"

namespace canstage::uds {

/// A time, or a range from which every use draws anew.
struct time_range {
  duration low{0};
  duration high{0};
  friend bool operator==(const time_range&, const time_range&) = default;
};

}  // namespace canstage::uds

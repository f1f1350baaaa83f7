// The time of day, for protocols that have it in their messages.
#pragma once

#include "protocols/time.hpp"

namespace canstage::transports {

/// Since 1970-01-01 00:00 UTC, by this machine's clock.
duration since_1970();

}  // namespace canstage::transports

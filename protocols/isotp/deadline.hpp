// Arithmetic of timers: `never` stays never, and a timeout too long to count means none.
#pragma once

#include "protocols/time.hpp"

namespace canstage::isotp {

/// The instant `delay` after `now`, at most `never`. `now` is not before the start of the run.
constexpr instant after(instant now, duration delay) { return delay >= never - now ? never : now + delay; }

}  // namespace canstage::isotp

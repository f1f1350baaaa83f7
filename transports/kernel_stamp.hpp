// When the kernel received something: the time stamps of SO_TIMESTAMPNS.
#pragma once

#include <sys/socket.h>

#include "protocols/time.hpp"

namespace canstage::transports {

/// The clock of the stamps, CLOCK_REALTIME.
duration stamp_clock();

/// Whether that is a stamp; then `stamp` is set.
bool read_stamp(const cmsghdr& part, duration& stamp);

/// How long ago that was when the clock showed `now`. A clock that was set meanwhile shifts nothing far.
duration age_of(duration stamp, duration now);

}  // namespace canstage::transports

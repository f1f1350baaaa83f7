#include "transports/kernel_stamp.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace canstage::transports {

namespace {

constexpr duration oldest = std::chrono::seconds{1};

duration as_duration(const timespec& time) {
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

}  // namespace

duration stamp_clock() {
  timespec wall{};
  clock_gettime(CLOCK_REALTIME, &wall);
  return as_duration(wall);
}

bool read_stamp(const cmsghdr& part, duration& stamp) {
  if (part.cmsg_level != SOL_SOCKET || part.cmsg_type != SCM_TIMESTAMPNS) return false;
  timespec read;
  std::memcpy(&read, CMSG_DATA(&part), sizeof read);
  stamp = as_duration(read);
  return true;
}

duration age_of(duration stamp, duration now) { return std::clamp(now - stamp, duration::zero(), oldest); }

}  // namespace canstage::transports

// What the process occupies.
#pragma once

#include <cstddef>

namespace canstage::bench {

/// Resident memory in bytes, from /proc; 0 where there is none.
std::size_t resident_bytes();

}  // namespace canstage::bench

// How many descriptors this process may have open.
#pragma once

#include <cstddef>

namespace canstage::transports {

/// Raises the process's own limit to `wanted`, as far as its hard limit allows. Returns what it is then.
std::size_t allow_descriptors(std::size_t wanted);

}  // namespace canstage::transports

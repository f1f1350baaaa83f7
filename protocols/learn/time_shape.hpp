// From times that were seen to a time that varies like them.
#pragma once

#include <vector>

#include "protocols/time.hpp"
#include "protocols/uds/varying_time.hpp"

namespace canstage::learn {

/// Fewer times than this say no more than the range they lie in.
inline constexpr std::size_t enough_for_a_shape = 20;

/// `times` is not empty. What lies far above all others becomes outliers (at most one in ten). The rest is
/// exponential if it is skewed, normal if it is dense in the middle, else uniform: told by its third and
/// fourth moment.
uds::varying_time shape_of(std::vector<duration> times);

}  // namespace canstage::learn

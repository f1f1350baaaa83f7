// What the testers of a recording did, one request after the other.
#pragma once

#include <vector>

#include "protocols/learn/casting.hpp"
#include "protocols/learn/exchange.hpp"

namespace canstage::learn {

/// The window of a functional request, and P2 of a tester, where a scenario says nothing else.
inline constexpr duration usual_functional_window = std::chrono::milliseconds{200};
inline constexpr duration usual_physical_window = std::chrono::seconds{1};

std::vector<step> steps_of(const overheard& all, const pairing& who,
                           const std::vector<ecu_exchanges>& exchanges, const casting& cast);

}  // namespace canstage::learn

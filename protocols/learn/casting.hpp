// Who plays: the ECUs and testers of a recording with their names and addresses.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "protocols/learn/exchange.hpp"
#include "protocols/learn/lesson.hpp"

namespace canstage::learn {

/// One functional address, and who asks there.
struct functional_address {
  std::size_t stream = 0;
  std::size_t tester = 0;
};

struct casting {
  std::vector<ecu> ecus;  ///< one per connection, in their order, without rules
  std::vector<tester> testers;
  std::vector<functional_address> functional;  ///< those that a tester asks at
};

/// `exchanges`: one per connection. Names come from the ways that are known, from comments of the trace
/// ("ecu engine"), else from identifiers.
casting cast_of(const overheard& all, const pairing& who, const std::vector<ecu_exchanges>& exchanges);

}  // namespace canstage::learn

// What the port of a connection hears.
#pragma once

#include <vector>

#include "protocols/can/filter.hpp"
#include "protocols/isotp/parameters.hpp"

namespace canstage::actors {

/// The filters of a connection's port: its physical identifier and, if it has one, the functional.
/// Where address bytes tell them apart both may be the same, and other ports have it, too.
inline std::vector<can::filter> filters_of(const isotp::addressing& address) {
  std::vector<can::filter> filters{can::filter::exactly(address.rx)};
  if (address.functional_rx && *address.functional_rx != address.rx)
    filters.push_back(can::filter::exactly(*address.functional_rx));
  return filters;
}

}  // namespace canstage::actors

// 0x24 ReadScalingDataByIdentifier. What it tells stands with the data records.
#pragma once

#include <span>

namespace canstage::uds {

struct service;

std::span<const service> scaling_services();

}  // namespace canstage::uds

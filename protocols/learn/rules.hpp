// From the exchanges of an ECU to rules that answer alike.
#pragma once

#include <vector>

#include "protocols/learn/exchange.hpp"
#include "protocols/learn/lesson.hpp"

namespace canstage::learn {

/// From the end of a request to the begin of a message, less what that one's first frame was on the wire.
duration delay_of(const message& request, const message& answer);

/// By request, ascending; answers that change are rules in their order.
std::vector<rule> rules_of(const overheard& all, const std::vector<exchange>& list);

/// Of all answers without 0x78; nothing if there are none.
std::optional<uds::varying_time> response_time_of(const overheard& all, const std::vector<exchange>& list);

pending_times pending_times_of(const overheard& all, const std::vector<exchange>& list);

}  // namespace canstage::learn

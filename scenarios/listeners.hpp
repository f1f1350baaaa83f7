// Where other programs join a scenario: the open sockets of what it exposes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/exposure.hpp"

namespace canstage::transports {
class tcp_listener;
}

namespace canstage::scenarios {

/// An open listener for each exposure. Those of socketcand with one address share theirs.
using listener_list = std::vector<std::shared_ptr<transports::tcp_listener>>;

/// Nothing: `problem` is a sentence without a full stop.
std::optional<listener_list> open_listeners(const std::vector<exposure>& all, std::string& problem);

}  // namespace canstage::scenarios

// What `canstage request` is told.
#pragma once

#include <string>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/isotp/parameters.hpp"
#include "protocols/time.hpp"
#include "scenarios/link.hpp"

namespace canstage::tools {

struct request_options {
  scenarios::link carrier;
  bytes request;
  /// Whom we ask, seen from us: one pair, or with a functional request each that may answer.
  std::vector<isotp::addressing> peers;
  /// Where a functional request goes; without one the request is for the single peer.
  std::optional<can::identifier> functional;
  std::optional<std::uint8_t> functional_address_byte;
  isotp::parameters settings;
  duration window = std::chrono::seconds{1};
  duration p2_star = std::chrono::seconds{5};
  std::string json;  ///< file, "-" for stdout; empty: none
  bool quiet = false;
  bool help = false;
};

/// Throws `usage_error`. `words` are those behind the command.
request_options parse_request(const std::vector<std::string>& words);

std::string request_help();

}  // namespace canstage::tools

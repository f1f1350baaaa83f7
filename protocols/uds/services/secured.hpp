// 0x84 SecuredDataTransmission: configured pairs, and requests of the ECU's own services in the wrapper of
// the edition of 2020 (administrativeParameter, signature and anti-replay counter).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "protocols/uds/key_rule.hpp"
#include "protocols/uds/pattern.hpp"

namespace canstage::uds {

struct service;

/// A request as a whole, and the answer as a whole.
struct secured_pair {
  pattern request;
  reply_template reply;
};

struct secured_config {
  bool present = false;
  std::vector<secured_pair> pairs;    ///< looked at first
  bool unwrap = true;                 ///< what is no pair is taken out of its wrapper and carried out
  std::optional<key_rule> signature;  ///< over all between SID and signature; none: not checked, not sent
};

std::span<const service> secured_services();

}  // namespace canstage::uds

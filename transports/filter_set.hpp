// What the kernel shall hand to a socket: all that somebody wants to hear, and, because the filters
// hold for a socket's own frames too, all that is sent and has to be confirmed.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "protocols/can/filter.hpp"

namespace canstage::transports {

/// Only grows: who leaves comes back as a rule, and a frame too many costs nothing but time.
class filter_set {
 public:
  /// CAN_RAW_FILTER_MAX of the kernel.
  static constexpr std::size_t limit = 512;

  /// Whether something was added that was not covered before.
  bool add(std::span<const can::filter> filters);
  bool add(can::identifier sent);

  /// At most `limit`; one that accepts everything if there would be more.
  std::vector<can::filter> filters() const;

 private:
  bool add(const can::filter& one);

  bool everything_ = false;
  std::set<std::pair<std::uint32_t, std::uint32_t>> wanted_;  ///< id, mask
};

}  // namespace canstage::transports

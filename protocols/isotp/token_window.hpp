// The frames that one machine has handed to the bus and that are neither confirmed nor withdrawn.
#pragma once

#include <bit>
#include <cstdint>

#include "protocols/can/node.hpp"

namespace canstage::isotp {

/// A set of tokens that lie close together, as a bit per token from the oldest one on: exact whatever
/// the order of confirmations, and without memory of its own. Tokens wrap; 64 wide.
class token_window {
 public:
  static constexpr unsigned width = 64;

  bool empty() const { return bits_ == 0; }
  unsigned size() const { return static_cast<unsigned>(std::popcount(bits_)); }

  /// The oldest token. Not empty.
  can::transmit_token oldest() const { return oldest_; }

  /// Whether `token`, newer than all, can be added.
  bool reaches(can::transmit_token token) const { return empty() || token - oldest_ < width; }

  /// `reaches(token)`.
  void add(can::transmit_token token) {
    if (empty()) oldest_ = token;
    bits_ |= std::uint64_t{1} << (token - oldest_);
  }

  /// False: the token was not in the set.
  bool remove(can::transmit_token token) {
    const std::uint32_t position = token - oldest_;
    if (position >= width || ((bits_ >> position) & 1U) == 0) return false;
    bits_ &= ~(std::uint64_t{1} << position);
    if (bits_ == 0) return true;
    const int gone = std::countr_zero(bits_);
    bits_ >>= gone;
    oldest_ += static_cast<std::uint32_t>(gone);
    return true;
  }

 private:
  std::uint64_t bits_ = 0;
  can::transmit_token oldest_ = 0;
};

}  // namespace canstage::isotp

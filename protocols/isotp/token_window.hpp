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

  token_window() = default;
  explicit token_window(can::transmit_token only) : bits_(1), oldest_(only) {}

  bool empty() const { return bits_ == 0; }
  unsigned size() const { return static_cast<unsigned>(std::popcount(bits_)); }

  /// Whether there is `token` and no other.
  bool is_only(can::transmit_token token) const { return bits_ == 1 && oldest_ == token; }

  /// The oldest token. Not empty.
  can::transmit_token oldest() const { return oldest_; }

  /// Whether `token`, newer than all, can be added.
  bool reaches(can::transmit_token token) const { return empty() || token - oldest_ < width; }

  /// `count` tokens from `first` on (1 to 64); the last one is reached.
  void add(can::transmit_token first, std::uint32_t count = 1) {
    if (empty()) oldest_ = first;
    bits_ |= ones(count) << (first - oldest_);
  }

  /// Those of the `count` tokens from `first` on (at least 1) that are in the set; false: none.
  bool remove(can::transmit_token first, std::uint32_t count = 1) {
    if (is_only(first)) {  // mostly there is no more than one
      bits_ = 0;
      return true;
    }
    const std::uint32_t position = first - oldest_;
    std::uint64_t gone = 0;
    if (position < width) {
      gone = ones(count) << position;
    } else if (const std::uint32_t before = oldest_ - first; before < count) {
      gone = ones(count - before);
    }
    gone &= bits_;
    if (gone == 0) return false;
    bits_ ^= gone;
    if (bits_ == 0) return true;
    const int shift = std::countr_zero(bits_);
    bits_ >>= shift;
    oldest_ += static_cast<std::uint32_t>(shift);
    return true;
  }

 private:
  static constexpr std::uint64_t ones(std::uint32_t count) {
    return count >= width ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
  }

  std::uint64_t bits_ = 0;
  can::transmit_token oldest_ = 0;
};

}  // namespace canstage::isotp

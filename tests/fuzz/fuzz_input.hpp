// What libFuzzer gave, byte by byte: decisions first come, first served.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "protocols/bytes.hpp"

namespace canstage {

class fuzz_input {
 public:
  explicit fuzz_input(byte_view data) : data_(data) {}

  bool empty() const { return data_.empty(); }

  /// The next byte; 0 when all are used up.
  std::uint8_t byte() {
    if (data_.empty()) return 0;
    const std::uint8_t result = data_.front();
    data_ = data_.subspan(1);
    return result;
  }

  /// So many bytes, or what is left.
  bytes some(std::size_t length) {
    const byte_view result = data_.first(std::min(length, data_.size()));
    data_ = data_.subspan(result.size());
    return {result.begin(), result.end()};
  }

 private:
  byte_view data_;
};

}  // namespace canstage

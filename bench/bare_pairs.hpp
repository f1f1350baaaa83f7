// Pairs of endpoints in a loop without actors: frames go straight from one to the other.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "protocols/isotp/endpoint.hpp"

namespace canstage::bench {

class bare_pairs {
 public:
  explicit bare_pairs(std::size_t pairs);

  /// Each pair echoes an SDU of `length` bytes `rounds` times.
  void play(std::size_t length, std::size_t rounds);

  std::uint64_t frames() const { return frames_; }

 private:
  struct pair {
    isotp::endpoint client;
    isotp::endpoint echo;
  };

  bool step(isotp::endpoint& from, isotp::endpoint& to, bool echoes);

  std::vector<pair> pairs_;
  std::uint64_t frames_ = 0;
  std::size_t echoed_ = 0;
  instant now_;
};

}  // namespace canstage::bench

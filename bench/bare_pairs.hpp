// Pairs of endpoints in a loop without actors: frames go straight from one to the other.
#pragma once

#include <array>
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
  static constexpr unsigned burst = 64;

  struct end {
    isotp::endpoint machine;
    std::array<can::frame, burst> run = {};  ///< what it has put on the bus
    std::size_t frames = 0;                  ///< of `run`
    std::size_t heard = 0;                   ///< of those, by the other end
  };

  struct pair {
    end client;
    end echo;
    bytes message;  ///< of the client: goes out and comes back
  };

  template <bool IsClient>
  bool speak(pair& both);
  template <bool IsClient>
  const can::frame* take_frames(pair& both);
  void settle(pair& both);

  std::vector<pair> pairs_;
  std::uint64_t frames_ = 0;
  std::size_t echoed_ = 0;
  instant now_;
  isotp::event next_;
};

}  // namespace canstage::bench

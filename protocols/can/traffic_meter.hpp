// What a bus is used for: how busy it is over time, and how long frames wait for it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "protocols/can/frame.hpp"
#include "protocols/can/node.hpp"
#include "protocols/can/wire_time.hpp"
#include "protocols/time.hpp"

namespace canstage::can {

struct sent_frame;

struct traffic_figures {
  /// Of one identifier. Queueing delay: from the request of a frame to its SOF.
  struct identifier_figures {
    std::uint64_t frames = 0;
    duration longest_wait{0};
    duration all_waits{0};

    duration mean_wait() const {
      return frames == 0 ? duration{0} : all_waits / static_cast<duration::rep>(frames);
    }
  };
  static constexpr duration window = std::chrono::milliseconds{100};

  std::map<identifier, identifier_figures> identifiers;
  std::vector<duration> busy;  ///< time with a frame or error frame, in each window from the start on; none
                               ///< on an ideal bus
};

class traffic_meter {
 public:
  explicit traffic_meter(std::optional<bit_rates> rates) : rates_(rates) {}

  const traffic_figures& figures() const { return figures_; }

  void on_request(instant now, node_id node, transmit_token token) { requested_[key(node, token)] = now; }
  void on_sent(const sent_frame& what);
  /// There was something on the wire.
  void on_busy(instant from, instant to);

 private:
  static std::uint64_t key(node_id node, transmit_token token) { return (std::uint64_t{node} << 32) | token; }

  std::optional<bit_rates> rates_;
  std::unordered_map<std::uint64_t, instant> requested_;  ///< only looked up
  traffic_figures figures_;
};

}  // namespace canstage::can

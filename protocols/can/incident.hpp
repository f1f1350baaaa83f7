// What went wrong on a bus.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocols/can/frame.hpp"
#include "protocols/can/node.hpp"
#include "protocols/time.hpp"

namespace canstage::can {

/// Fault confinement of a node (ISO 11898-1).
enum class error_state : std::uint8_t { active, passive, bus_off };

struct incident {
  enum class kind : std::uint8_t {
    fault,        ///< a fault took its occasion: `fault`, `occasion`
    error_frame,  ///< `content` was destroyed
    state,        ///< the error state of `node` is another: `state`
  };
  kind what = kind::fault;
  instant at;
  node_id node = 0;  ///< who sent, or whose state it is
  frame content;     ///< as it was sent
  instant began{};   ///< error_frame: the SOF of what was destroyed
  std::uint32_t fault = 0;
  std::uint32_t occasion = 0;
  error_state state = error_state::active;
  std::uint32_t tec = 0;  ///< transmit error counter of `node`
  std::uint32_t rec = 0;  ///< receive error counter
};

}  // namespace canstage::can

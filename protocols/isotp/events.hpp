// What an endpoint tells its host: the service primitives of ISO 15765-2, and frames to send.
#pragma once

#include <cstdint>
#include <variant>

#include "protocols/bytes.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/can/node.hpp"
#include "protocols/isotp/parameters.hpp"
#include "protocols/isotp/result.hpp"

namespace canstage::isotp {

/// L_Data.request: send this frame; the bus confirms with the same token.
struct transmit {
  can::transmit_token token = 0;
  can::frame content;
};

/// Take that request back, should it still wait; no confirmation is awaited any more.
struct withdraw {
  can::transmit_token token = 0;
};

/// N_USData.confirm: exactly one per request.
struct confirm {
  n_result result = n_result::n_ok;
  target_type target = target_type::physical;
};

/// N_USData_FF.indication: a message of that length has begun.
struct first_frame_indication {
  std::uint32_t length = 0;
};

/// N_USData.indication: a message, or (result not N_OK, no data) the end of one that had begun.
struct indication {
  bytes sdu;
  n_result result = n_result::n_ok;
  target_type target = target_type::physical;
};

using event = std::variant<transmit, withdraw, confirm, first_frame_indication, indication>;

/// Makes the output an `Event` with its defaults, in place: frames are too large to be moved about.
template <class Event>
Event& put(event& out) {
  Event* same = std::get_if<Event>(&out);
  if (same == nullptr) return out.emplace<Event>();
  *same = Event{};
  return *same;
}

}  // namespace canstage::isotp

// What an endpoint tells its host: the service primitives of ISO 15765-2, and frames to send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

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

/// One output, of any of these kinds. Each kind has its own place: a host that polls into the same event
/// again and again pays for no construction, and the memory of a message that it has not taken is there
/// for the next one.
class event {
 public:
  /// The output, null if it is no `Kind`.
  template <class Kind>
  Kind* get_if() {
    return kind_ == number_of<Kind> ? &std::get<Kind>(outputs_) : nullptr;
  }

  template <class Kind>
  const Kind* get_if() const {
    return kind_ == number_of<Kind> ? &std::get<Kind>(outputs_) : nullptr;
  }

  /// Makes it a `Kind`, of which every member is still to be set.
  template <class Kind>
  Kind& put() {
    kind_ = number_of<Kind>;
    return std::get<Kind>(outputs_);
  }

 private:
  using outputs = std::tuple<transmit, withdraw, confirm, first_frame_indication, indication>;

  template <class Kind, std::size_t... I>
  static constexpr std::uint8_t find(std::index_sequence<I...>) {
    return static_cast<std::uint8_t>(
        ((std::is_same_v<Kind, std::tuple_element_t<I, outputs>> ? I : 0) + ...));
  }

  template <class Kind>
  static constexpr std::uint8_t number_of =
      find<Kind>(std::make_index_sequence<std::tuple_size_v<outputs>>{});

  outputs outputs_;
  std::uint8_t kind_ = 0;
};

}  // namespace canstage::isotp

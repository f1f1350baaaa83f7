// How the reader's thread tells an actor that one of its TCP sockets is ready.
#pragma once

#include <caf/all.hpp>
#include <cstdint>
#include <functional>

namespace canstage::actors {

/// Of the sockets of one actor: clients are counted up, and so are the attempts of a client to connect. A
/// listener is 0.
using tcp_socket_id = std::uint32_t;

/// Something can be read or written, or there is an error: the actor does it, not the thread that says so.
struct tcp_ready {
  tcp_socket_id which = 0;
};

/// Sends that message to an actor of the type `Handle`, as long as it lives.
template <class Handle>
std::function<void(tcp_socket_id)> tell_ready(caf::weak_actor_ptr whom) {
  return [whom = std::move(whom)](tcp_socket_id which) {
    if (const auto alive = caf::actor_cast<caf::strong_actor_ptr>(whom))
      caf::anon_send(caf::actor_cast<Handle>(alive), tcp_ready{which});
  };
}

}  // namespace canstage::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::tcp_ready)

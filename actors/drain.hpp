// The one place where endpoints meet their host: one input, drain. Servers do so in drain_server.hpp.
//
// A host is an actor of its own or one that hosts a whole bus; both feed the machines through these
// functions, so that both behave the same to the byte.
#pragma once

#include <utility>
#include <vector>

#include "actors/messages.hpp"
#include "actors/port_filters.hpp"
#include "protocols/isotp/endpoint.hpp"
#include "protocols/isotp/unacknowledged.hpp"

namespace canstage::actors {

// An endpoint's host has:
//   void transmit(transmit_request&&)       frames with consecutive tokens, in one request
//   void withdraw(const withdraw_request&)
//   void tell(...)                          N_USData.confirm, _FF.indication and .indication

/// Takes everything an endpoint has to say. `at`: when it happened on the bus.
template <class Host>
void drain(isotp::endpoint& machine, instant now, instant at, port_id port, Host&& host) {
  transmit_request request{port, 0, {}};
  const auto flush = [&] {
    if (!request.frames.empty()) host.transmit(std::exchange(request, {port, 0, {}}));
  };
  for (isotp::event next; machine.poll(now, next);) {
    if (auto* frame = next.get_if<isotp::transmit>()) {
      if (!request.frames.empty() && frame->token != request.first + request.frames.size()) flush();
      if (request.frames.empty()) request.first = frame->token;
      request.frames.push_back(frame->content);
    } else if (const auto* taken_back = next.get_if<isotp::withdraw>()) {
      flush();
      host.withdraw(withdraw_request{port, taken_back->token});
    } else if (const auto* end = next.get_if<isotp::confirm>()) {
      host.tell(n_usdata_confirm{port, end->result, end->target, at});
    } else if (const auto* begin = next.get_if<isotp::first_frame_indication>()) {
      host.tell(n_usdata_ff_indication{port, begin->length, at});
    } else if (auto* message = next.get_if<isotp::indication>()) {
      host.tell(n_usdata_indication{port, std::move(message->sdu), message->result, message->target, at});
    }
  }
  flush();
}

template <class Host>
void feed(isotp::endpoint& machine, instant now, const frames_indication& run, port_id port, Host&& host) {
  for (std::uint32_t i = run.first; i < run.first + run.count; ++i) {
    const auto& sent = (*run.batch)[i];
    machine.on_frame(now, sent.content);
    drain(machine, now, sent.end, port, host);
  }
}

template <class Host>
void feed(isotp::endpoint& machine, instant now, const transmit_confirm& sent, port_id port, Host&& host) {
  for (std::uint32_t i = 0; i < sent.count; ++i) machine.on_confirm(now, sent.first + i);
  drain(machine, now, sent.end, port, host);
}

template <class Host>
void feed(isotp::endpoint& machine, instant now, n_usdata_request&& request, port_id port, Host&& host) {
  machine.request(now, std::move(request.sdu), request.target);
  drain(machine, now, now, port, host);
}

/// Tokens of frames that are not the endpoint's: one for each first byte, so that the latest value waits.
inline constexpr can::transmit_token first_unacknowledged_token = 0xFFFF'FF00;

/// Sends a frame beside the connection that has these parameters.
template <class Host>
void send_beside(const isotp::parameters& settings, const unacknowledged_data_request& request, port_id port,
                 Host&& host) {
  const auto token = first_unacknowledged_token | request.data.front();
  host.withdraw(withdraw_request{port, token});
  host.transmit(transmit_request{port, token, {isotp::unacknowledged(settings, request.id, request.data)}});
}

template <class Host>
void feed(isotp::endpoint& machine, instant now, const wake_up&, port_id port, Host&& host) {
  machine.on_time(now);
  drain(machine, now, now, port, host);
}

}  // namespace canstage::actors

// The one place where servers meet their host, as endpoints do in drain.hpp: one input, drain.
#pragma once

#include <utility>
#include <variant>

#include "actors/messages.hpp"
#include "protocols/uds/server.hpp"

namespace canstage::actors {

// A server's host has:
//   void answer(bytes&&, uds::tester_number)  send this on the physical response address for that tester
//   void send_frame(uds::send_frame&&)  send this beside the connection
//   void leave_bus()        what is below the server forgets its state and leaves the bus
//   void restart()          what is below the server forgets its state and is on the bus
//   void share(uds::tell_other_owners&&)  the other owners of a DID learn its value
//   void tell(const uds::fault_taken&)  a fault took its occasion
//   uds::tester_number tester(connection_id)  whose connection that is

template <class Host>
void drain(uds::server& machine, Host&& host) {
  while (auto next = machine.poll()) {
    if (auto* answer = std::get_if<uds::respond>(&*next)) {
      host.answer(std::move(answer->message), answer->tester);
    } else if (auto* frame = std::get_if<uds::send_frame>(&*next)) {
      host.send_frame(std::move(*frame));
    } else if (auto* written = std::get_if<uds::tell_other_owners>(&*next)) {
      host.share(std::move(*written));
    } else if (const auto* taken = std::get_if<uds::fault_taken>(&*next)) {
      host.tell(*taken);
    } else if (std::holds_alternative<uds::leave_bus>(*next)) {
      host.leave_bus();
    } else {
      host.restart();
    }
  }
}

template <class Host>
void feed(uds::server& machine, instant now, const n_usdata_confirm& end, Host&& host) {
  machine.on_response_sent(now, host.tester(end.connection));
  drain(machine, host);
}

template <class Host>
void feed(uds::server& machine, instant now, const n_usdata_ff_indication& begin, Host&& host) {
  machine.on_reception_started(now, host.tester(begin.connection));
  drain(machine, host);
}

template <class Host>
void feed(uds::server& machine, instant now, const n_usdata_indication& message, Host&& host) {
  const auto tester = host.tester(message.connection);
  if (message.result == isotp::n_result::n_ok) {
    machine.on_request(now, message.sdu, message.target, tester);
  } else {
    machine.on_reception_failed(now, tester);
  }
  drain(machine, host);
}

template <class Host>
void feed(uds::server& machine, instant now, const wake_up&, Host&& host) {
  machine.on_time(now);
  drain(machine, host);
}

template <class Host>
void feed(uds::server& machine, instant now, const power_cycle& cycle, Host&& host) {
  machine.reset(now, cycle.stays_off);
  drain(machine, host);
}

template <class Host>
void feed(uds::server& machine, instant now, const ecu_stimulus& change, Host&& host) {
  machine.on_stimulus(now, change.what);
  drain(machine, host);
}

}  // namespace canstage::actors

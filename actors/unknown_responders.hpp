// Answers from identifiers that nobody owns: they are received, to be shown, as far as that goes.
//
// One endpoint is made for each such identifier when its first frame comes. It sends flow control
// only where the request identifier can be derived from the response's; elsewhere a segmented
// answer breaks off, and that is what is shown.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "actors/messages.hpp"
#include "protocols/isotp/endpoint.hpp"

namespace canstage::actors {

/// Owned by a tester, which passes its inputs on.
class unknown_responders {
 public:
  /// More identifiers than this are not looked at: the trace has them all.
  static constexpr std::size_t most = 1000;

  /// What the owner does for this machine.
  struct owner_calls {
    std::function<void(port_id)> attach;  ///< a port that sends, and hears nothing by itself
    std::function<void(transmit_request&&)> transmit;
    std::function<void(const withdraw_request&)> withdraw;
    std::function<void(can::identifier, const n_usdata_indication&)> answered;
  };

  /// `first_port`: ports from there on are this machine's, one per identifier.
  unknown_responders(std::shared_ptr<const isotp::parameters> settings, port_id first_port,
                     owner_calls owner);

  // Observers.
  instant deadline() const;

  // Inputs.
  void on_frames(instant now, const frames_indication& run);
  void on_confirm(instant now, const transmit_confirm& sent);
  void on_time(instant now);

 private:
  struct responder;
  struct outlet;

  responder* find_or_make(can::identifier id);
  void drain_responder(responder& who, instant now, instant at);

  std::shared_ptr<const isotp::parameters> settings_;
  port_id first_port_;
  owner_calls owner_;
  std::vector<std::shared_ptr<responder>> responders_;  ///< in order of appearance: by port
};

}  // namespace canstage::actors

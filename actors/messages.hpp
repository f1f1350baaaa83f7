// What actors tell each other. Local to the process: nothing here is ever serialized.
//
// The names are the standard's service primitives; requests go down to the bus, indications and
// confirmations come up.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "actors/alarm_queue.hpp"
#include "actors/fault_messages.hpp"
#include "actors/script_messages.hpp"
#include "protocols/bytes.hpp"
#include "protocols/can/arbiter.hpp"
#include "protocols/can/filter.hpp"
#include "protocols/can/traffic_meter.hpp"
#include "protocols/isotp/parameters.hpp"
#include "protocols/isotp/result.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/exchange.hpp"
#include "protocols/uds/stimulus.hpp"

namespace canstage::actors {

/// The time has come for which an alarm was set.
struct wake_up {
  phase what = phase::medium;
};

// Between a bus and those who are on it.

/// L_Data.indication: a run of frames with one identifier from one node, out of a batch that all
/// hearers share.
struct frames_indication {
  std::shared_ptr<const std::vector<can::sent_frame>> batch;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::uint32_t bus = 0;
};

/// L_Data.confirm: the frames with these consecutive tokens were sent, the last one at `end`.
struct transmit_confirm {
  port_id port = 0;
  can::transmit_token first = 0;
  std::uint32_t count = 1;
  instant end;
};

/// L_Data.request: frames with consecutive tokens, in this order.
struct transmit_request {
  port_id port = 0;
  can::transmit_token first = 0;
  std::vector<can::frame> frames;
};

/// Takes a request back if it still waits.
struct withdraw_request {
  port_id port = 0;
  can::transmit_token token = 0;
};

/// Leaves the bus: waiting requests vanish, nothing is heard or confirmed any more.
struct detach_port {
  port_id port = 0;
};

/// What a bus did so far.
struct bus_statistics {
  std::uint64_t frames = 0;
  std::uint64_t error_frames = 0;
  std::shared_ptr<const can::traffic_figures> figures{};  ///< null: nobody measures
};

// Between a connection and who uses it.

/// N_USData.request.
struct n_usdata_request {
  connection_id connection = 0;
  bytes sdu;
  isotp::target_type target = isotp::target_type::physical;
};

/// A frame without N_PCI beside the connection (UUDT), filled up as the connection's own frames. It takes the
/// place of one that still waits and has the same first byte. Nothing is confirmed.
struct unacknowledged_data_request {
  connection_id connection = 0;
  can::identifier id;
  bytes data;
};

/// N_ChangeParameter.request.
struct n_change_parameter_request {
  connection_id connection = 0;
  isotp::changeable_parameter which = isotp::changeable_parameter::bs;
  std::uint8_t value = 0;  ///< as in a flow control
};

/// N_ChangeParameter.confirm.
struct n_change_parameter_confirm {
  isotp::change_result result = isotp::change_result::n_ok;
};

/// N_USData.confirm. `at`: end of the last frame, or when it failed.
struct n_usdata_confirm {
  connection_id connection = 0;
  isotp::n_result result = isotp::n_result::n_ok;
  isotp::target_type target = isotp::target_type::physical;
  instant at;
};

/// N_USData_FF.indication. `at`: end of the first frame.
struct n_usdata_ff_indication {
  connection_id connection = 0;
  std::uint32_t length = 0;
  instant at;
};

/// N_USData.indication. `at`: end of the last frame, or when it broke off.
struct n_usdata_indication {
  connection_id connection = 0;
  bytes sdu;
  isotp::n_result result = isotp::n_result::n_ok;
  isotp::target_type target = isotp::target_type::physical;
  instant at;
};

/// Power loss and return of the node: everything under way is forgotten.
struct reset_connection {
  connection_id connection = 0;
};

/// The node has no power: everything under way is forgotten, and it is not on the bus until
/// `reset_connection`.
struct leave_bus_request {
  connection_id connection = 0;
};

// Between ECUs that own data together.

/// An owner has written a DID.
struct share_data {
  std::uint32_t rank = 0;  ///< its place among the owners
  bytes value;
  instant at;
};

}  // namespace canstage::actors

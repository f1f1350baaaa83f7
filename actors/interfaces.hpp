// Every typed actor of the system. Read this first.
#pragma once

#include <caf/all.hpp>
#include <memory>
#include <vector>

#include "actors/incidents.hpp"
#include "actors/messages.hpp"

namespace canstage::actors {

/// Is on a bus: hears frames, learns that its own were sent.
using bus_user_actor = caf::typed_actor<caf::reacts_to<frames_indication>,  // frames that its filters accept
                                        caf::reacts_to<transmit_confirm>>;  // its own frames were sent

/// A port that joins a bus: who owns it and what it hears. Attaching a port again replaces it.
struct attach_port {
  port_id port = 0;
  std::vector<can::filter> filters;
  bus_user_actor owner;
  bool only_unclaimed = false;  ///< hears only identifiers that no exact filter of another port claims
};

/// A CAN bus.
using bus_actor = caf::typed_actor<caf::reacts_to<attach_port>,       // joins
                                   caf::reacts_to<detach_port>,       // leaves
                                   caf::reacts_to<transmit_request>,  // wants to send
                                   caf::reacts_to<withdraw_request>,  // does not want to send any more
                                   caf::reacts_to<arm_fault>,         // one of its faults
                                   caf::reacts_to<force_bus_off>,     // a fault of a node
                                   caf::replies_to<caf::get_atom>::with<bus_statistics>,  // what it did
                                   caf::reacts_to<wake_up>>;  // a frame ended, or it may arbitrate

/// Uses an ISO-TP connection.
using connection_user_actor =
    caf::typed_actor<caf::reacts_to<n_usdata_confirm>,        // a request of its own ended
                     caf::reacts_to<n_usdata_ff_indication>,  // a message has begun
                     caf::reacts_to<n_usdata_indication>>;    // a message came, or broke off

/// Whoever hosts ISO-TP connections, one or many.
using connection_host_actor =
    caf::typed_actor<caf::reacts_to<connection_id, connection_user_actor>,  // whom to tell from now on
                     caf::reacts_to<n_usdata_request>,                      // send this
                     caf::reacts_to<unacknowledged_data_request>,           // ... without N_PCI
                     caf::replies_to<n_change_parameter_request>::with<n_change_parameter_confirm>,
                     caf::reacts_to<misbehave_request>,  // do this wrong
                     caf::reacts_to<leave_bus_request>,  // the node has no power
                     caf::reacts_to<reset_connection>>;  // the node lost its power

/// Whoever hosts ECUs, one or many.
using ecu_host_actor = caf::typed_actor<caf::reacts_to<power_cycle>,    // off, and mostly on again
                                        caf::reacts_to<ecu_stimulus>>;  // something changes in it

/// One of the ECUs that own a DID together. Its place in the list is its rank.
struct shared_owner {
  ecu_host_actor host;
  std::uint32_t ecu = 0;  ///< at its host
  std::uint16_t did = 0;  ///< as it calls it
};
struct shared_owners {
  std::vector<shared_owner> list;
};

/// A connection for those who use it.
struct connection_handle {
  connection_host_actor host;
  connection_id id = 0;
};

/// An ISO-TP connection: one physical pair of identifiers and the functional one that goes with it.
using connection_actor =
    connection_host_actor::extend_with<bus_user_actor>::extend<caf::reacts_to<wake_up>>;  // a timer ran out

/// A simulated UDS server.
using ecu_actor =
    connection_user_actor::extend_with<ecu_host_actor>::extend<caf::reacts_to<wake_up>>;  // a timer ran out

/// A DID that several ECUs own together: tells the other owners what one of them wrote.
using shared_data_actor = caf::typed_actor<caf::reacts_to<shared_owners>,  // who they are, once
                                           caf::reacts_to<share_data>>;    // one of them has written

/// A bare end of a connection that echoes or swallows what comes.
using endpoint_actor = connection_user_actor;

/// A tester: performs one exchange after another, or several with different ECUs at once.
using tester_actor = connection_user_actor::extend<
    caf::replies_to<perform_exchange>::with<uds::exchange_report>,  // ask, and collect the answers
    caf::reacts_to<frames_indication>,                              // frames of unknown responders
    caf::reacts_to<transmit_confirm>,                               // its own to them were sent
    caf::reacts_to<wake_up>>;                                       // a deadline or timer ran out

/// Forwards frames from bus to bus.
using gateway_actor = bus_user_actor::extend<caf::reacts_to<wake_up>>;  // a frame has waited long enough

/// Writes a trace of what it hears.
using recorder_actor = bus_user_actor::extend_with<incident_observer_actor>;

/// Sends the cyclic frames of a bus that come from nobody who is simulated.
using rest_bus_actor = bus_user_actor::extend<caf::reacts_to<switch_cyclic>,  // one of them starts or stops
                                              caf::reacts_to<wake_up>>;       // the next one is due

/// A whole bus in one actor: medium, connections and ECUs.
using ensemble_actor = bus_actor::extend_with<connection_host_actor, ecu_host_actor>;

/// Plays conformance statements against a stack.
using conformance_driver_actor =
    bus_user_actor::extend<caf::reacts_to<abort_run>,  // the run ends early
                           caf::reacts_to<wake_up>>;   // it begins, or a stack has had its time

/// Plays a scenario's steps.
using runner_actor = bus_user_actor::extend<caf::reacts_to<abort_run>,  // the run ends early
                                            caf::reacts_to<wake_up>>;   // a branch has waited long enough

}  // namespace canstage::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::wake_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::frames_indication)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::transmit_confirm)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::transmit_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::withdraw_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::attach_port)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::detach_port)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::arm_fault)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::force_bus_off)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::bus_statistics)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::n_usdata_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::unacknowledged_data_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::n_change_parameter_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::misbehave_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::n_change_parameter_confirm)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::n_usdata_confirm)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::n_usdata_ff_indication)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::n_usdata_indication)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::reset_connection)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::leave_bus_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::power_cycle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::switch_cyclic)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::ecu_stimulus)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::shared_owners)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::share_data)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::perform_exchange)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::actors::abort_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::uds::exchange_report)

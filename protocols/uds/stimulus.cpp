#include "protocols/uds/stimulus.hpp"

#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/data.hpp"
#include "protocols/uds/services/dtcs.hpp"
#include "protocols/uds/services/obd.hpp"

namespace canstage::uds {

namespace {

struct applied_to {
  server_state& state;

  void operator()(const data_change& what) const { write_did(state, what.did, what.value); }
  void operator()(const pid_change& what) const { set_pid(state, what.pid, what.value); }
  void operator()(const test_outcome& what) const { test_dtc(state, what.dtc, what.result); }
  void operator()(const test_count& what) const { count_dtc(state, what.dtc, what.counter); }
  void operator()(const status_change& what) const { overwrite_dtc(state, what.dtc, what.status); }
  void operator()(const next_operation_cycle&) const { begin_operation_cycle(state); }
  void operator()(const shared_change& what) const { on_shared_change(state, what); }
  void operator()(const fault_switch& what) const {
    if (!state.seldom->faults.is_fresh()) state.seldom.change().faults.change().arm(what.fault, what.on);
  }
};

}  // namespace

void apply(server_state& state, const stimulus& what) { std::visit(applied_to{state}, what); }

}  // namespace canstage::uds

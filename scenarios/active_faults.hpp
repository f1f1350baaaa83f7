// What a node's ISO-TP does wrong at a moment.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "scenarios/builder_plan.hpp"
#include "scenarios/model.hpp"

namespace canstage::scenarios {

/// Those of a node's faults that are selected, and that `active` knows to be there now; null: none. `node` is
/// its name, on which its chance depends.
std::shared_ptr<const isotp::misbehaviour> active_misbehaviour(
    const std::shared_ptr<const isotp::misbehaviour>& all, const std::string& node, const run_draws& draws,
    const std::function<bool(std::uint32_t fault)>& active);

/// Whether a fault of ISO-TP is there when the run begins.
bool is_active_at_begin(const fault& what);

}  // namespace canstage::scenarios

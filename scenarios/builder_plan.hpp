// Who is on each bus of a scenario, at which port, and what carries each connection: the plan after which
// the builder raises a cast. It needs no stage.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/ensemble.hpp"
#include "actors/tester.hpp"
#include "scenarios/model.hpp"

namespace canstage::scenarios {

/// A connection that is to be made, and who is behind it.
struct planned_connection {
  std::string title;  ///< of who is behind it: "ecu engine"
  actors::hosted_node node;
  position where;
  const link* own = nullptr;  ///< carries this one alone, in place of its bus; a part of the scenario
  std::vector<std::uint8_t> peer_tx_dl = {};  ///< of whom it talks to; kept for kernel ISO-TP only
};

/// Everything that one bus will host, in the order of its ports.
struct bus_plan {
  std::vector<planned_connection> connections;
  std::vector<std::pair<ecu_index, actors::port_id>> ecus;
  std::vector<std::pair<endpoint_index, actors::port_id>> endpoints;  ///< those that the script uses
  std::vector<std::pair<endpoint_index, actors::port_id>> all_endpoints;
};

struct cast_plan {
  std::vector<bus_plan> buses;
  std::vector<actors::tester_spec> testers;  ///< ports only: hosts and buses do not exist yet
};

/// Told of an error in an ECU's script, with file and line. Called from any thread.
using script_error = std::function<void(instant, const std::string& ecu, const std::string& text)>;

/// What a run's chance depends on.
struct run_draws {
  std::uint64_t seed = 0;
  std::shared_ptr<const fault_selection> selection{};  ///< null: all faults
};

/// What a fault draws, and the occasions to which it is confined.
fault_draw draw_of(std::uint32_t fault, const run_draws& draws);

/// `play` outlives the plan.
cast_plan plan_cast(const scenario& play, const run_draws& draws, const script_error& on_script_error);

}  // namespace canstage::scenarios

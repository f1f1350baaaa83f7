// Lets other programs join a cast over TCP.
#pragma once

#include <functional>
#include <string>

#include "actors/stage.hpp"
#include "scenarios/builder.hpp"
#include "scenarios/listeners.hpp"

namespace canstage::scenarios {

/// One server for each listener; `listeners` are those of what the scenario exposes. `report` is told what
/// happens to clients, a sentence each, from any thread.
void raise_servers(actors::stage& home, const scenario& play, const cast& players,
                   const listener_list& listeners, std::function<void(instant, const std::string&)> report);

}  // namespace canstage::scenarios

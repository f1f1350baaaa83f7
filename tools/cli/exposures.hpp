// What other programs can join over TCP: what the command line says, and the open sockets.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "scenarios/listeners.hpp"
#include "scenarios/model.hpp"

namespace canstage::tools {

/// Nobody can listen there. One sentence.
struct listen_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Adds what the `words` of `--expose` say to every scenario. Throws `usage_error` if a scenario has nothing
/// of that name.
void apply_exposures(const std::vector<std::string>& words, std::vector<scenarios::scenario>& all);

/// Throws `usage_error` if something cannot be exposed: to be asked when links and real nodes are known.
void check_exposures(const std::vector<scenarios::scenario>& all);

/// Opens all listeners of a scenario. Throws `listen_error`.
scenarios::listener_list open_exposures(const scenarios::scenario& play);

/// What is open, as `--bus` and `--link` of another canstage want it.
std::vector<std::string> names_of_open(const scenarios::scenario& play,
                                       const scenarios::listener_list& listeners);

}  // namespace canstage::tools

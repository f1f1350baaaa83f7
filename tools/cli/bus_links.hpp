// Which link carries which bus: what the command line says, and whether this machine has it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/cli/command_line.hpp"

namespace canstage::tools {

/// Moves the buses of `--bus` in every scenario. Throws `usage_error` if a scenario has no such bus,
/// or virtual time is wanted together with a bus that has none.
void apply_links(const run_options& options, std::vector<scenarios::scenario>& all);

/// Throws `usage_error` if virtual time is wanted together with a bus that has none. `wanted`: by the
/// command line.
void check_time(std::optional<scenarios::time_mode> wanted, const scenarios::scenario& play);

/// The first thing that the machine lacks for one of the buses, as one sentence.
std::optional<std::string> missing_for_links(const std::vector<scenarios::scenario>& all);

/// Which buses do not play as `--cast ensemble` asks, a sentence each.
std::vector<std::string> remarks_on_cast(const run_options& options,
                                         const std::vector<scenarios::scenario>& all);

}  // namespace canstage::tools

// Which link carries which bus and connection: what the command line says, and whether this machine has it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/link_check.hpp"
#include "tools/cli/command_line.hpp"

namespace canstage::tools {

/// Moves the buses of `--bus` and the connections of `--link` in every scenario. Throws `usage_error` if a
/// scenario has no such bus, ECU or endpoint, or virtual time is wanted together with what has none.
void apply_links(const run_options& options, std::vector<scenarios::scenario>& all);

/// Throws `usage_error` if virtual time is wanted together with a link that has none. `wanted`: by the
/// command line.
void check_time(std::optional<scenarios::time_mode> wanted, const scenarios::scenario& play);

/// Throws `usage_error` if the links cannot carry what a scenario does.
void check_links(const std::vector<scenarios::scenario>& all, const scenarios::link_purpose& purpose);

/// Puts our own ISO-TP in the place of the kernel's where a link allows that and the kernel has none. What
/// goes another way than its link says, for this or another reason, is returned as a sentence each.
std::vector<std::string> take_detours(const scenarios::link_purpose& purpose,
                                      std::vector<scenarios::scenario>& all);

/// What the machine lacks for a link, as one sentence.
std::optional<std::string> missing_for_link(const scenarios::link& carrier);

/// The first thing that the machine lacks for one of the links, as one sentence.
std::optional<std::string> missing_for_links(const std::vector<scenarios::scenario>& all);

/// Likewise for what `canstage serve` lets others join by, beside its links: this many servers.
std::optional<std::string> missing_for_servers(const scenarios::scenario& play, std::size_t servers);

/// Which buses do not play as `--cast ensemble` asks, a sentence each.
std::vector<std::string> remarks_on_cast(const run_options& options,
                                         const std::vector<scenarios::scenario>& all);

}  // namespace canstage::tools

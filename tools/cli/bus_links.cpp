#include "tools/cli/bus_links.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/diagnostic.hpp"
#include "scenarios/kernel_gaps.hpp"
#include "scenarios/link_descriptors.hpp"
#include "tools/cli/server_probe.hpp"
#include "transports/can_socket.hpp"
#include "transports/descriptor_limit.hpp"
#include "transports/isotp_socket.hpp"

namespace canstage::tools {

namespace {

void move_bus(const link_option& option, scenarios::scenario& play) {
  const auto found = std::ranges::find(play.buses, option.name, &scenarios::bus::name);
  if (found != play.buses.end()) {
    found->carrier = option.carrier;
    return;
  }
  std::string known;
  for (const auto& one : play.buses) known += (known.empty() ? "" : ", ") + one.name;
  throw usage_error{"--bus " + option.name + ": " + play.file + " has no such bus; it has " + known};
}

template <class Nodes>
bool move_connection(const link_option& option, Nodes& nodes) {
  const auto found = std::ranges::find(nodes, option.name, &Nodes::value_type::name);
  if (found == nodes.end()) return false;
  found->carrier = option.carrier;
  return true;
}

void move_connection(const link_option& option, scenarios::scenario& play) {
  if (move_connection(option, play.ecus) || move_connection(option, play.endpoints)) return;
  const bool is_tester = std::ranges::count(play.testers, option.name, &scenarios::tester::name) > 0;
  throw usage_error{"--link " + option.name + ": " +
                    (is_tester ? "a tester has a connection for each ECU, and a link carries that of an ECU"
                               : play.file + " has no such ECU or endpoint")};
}

std::optional<std::string> missing_for(const scenarios::link& carrier, const std::string& who, bool fd) {
  if (carrier.is_virtual()) return std::nullopt;
  if (carrier.port != 0) return missing_for_server(carrier);
  const auto& interface = carrier.where;
  transports::can_socket probe;
  auto problem = probe.open(interface);
  if (problem == transports::can_problem::none && carrier.what == scenarios::link::kind::isotp)
    problem = transports::probe_isotp(interface);
  if (problem != transports::can_problem::none) return transports::describe(problem, interface);
  if (fd && !probe.carries_fd())
    return interface + " carries no CAN FD, which " + who + " needs; `ip link set " + interface +
           " mtu 72` allows it while the interface is down";
  return std::nullopt;
}

template <class Nodes>
std::optional<std::string> missing_for_connections(const Nodes& nodes) {
  for (const auto& one : nodes) {
    if (!one.carrier) continue;
    if (auto missing = missing_for(*one.carrier, one.name, one.isotp->tx_dl > 8)) return missing;
  }
  return std::nullopt;
}

/// Standard streams, what waits for descriptors and signals, reports, and some in reserve.
constexpr std::size_t other_descriptors = 32;

/// `outside`: descriptors of what is outside of the process.
std::optional<std::string> missing_descriptors(const scenarios::scenario& play, std::size_t outside) {
  if (outside == 0) return std::nullopt;
  const auto needed = outside + other_descriptors;
  const auto allowed = transports::allow_descriptors(needed);
  if (allowed >= needed) return std::nullopt;
  return "this process may have " + std::to_string(allowed) + " files open, and " + play.file + " needs " +
         std::to_string(needed) + "; `ulimit -n " + std::to_string(needed) + "` allows them";
}

/// Whether the kernel has no ISO-TP, and something else was put in its place.
bool replace_if_missing(scenarios::link& carrier) {
  if (carrier.what != scenarios::link::kind::isotp || !carrier.fallback) return false;
  if (transports::probe_isotp(carrier.where) != transports::can_problem::no_isotp) return false;
  carrier.what = scenarios::link::kind::socketcan;
  return true;
}

std::string own_isotp_on(const std::string& who, const scenarios::link& carrier) {
  return who + " has our own ISO-TP on " + to_string(carrier) +
         ", because this kernel has none (`modprobe can-isotp` loads it, if it is installed)";
}

/// `where`: nowhere in a file if the command line alone says what is asked for.
[[noreturn]] void refuse(const scenarios::scenario& play, scenarios::position where, const std::string& why) {
  if (where.line == 0) throw usage_error{why};
  const auto& file = where.file > 0 ? play.included.at(where.file - 1U) : play.file;
  throw usage_error{to_string(scenarios::diagnostic{file, where, why})};
}

}  // namespace

void check_time(std::optional<scenarios::time_mode> wanted, const scenarios::scenario& play) {
  if (wanted.value_or(usual_time(play)) == scenarios::time_mode::real_time) return;
  const auto who_wants = wanted ? std::string{"--time virtual"} : play.file + " says 'time: virtual'";
  if (const auto outside = first_outside(play))
    throw usage_error{who_wants + ", but " + outside->who + " is " + outside->carrier +
                      ", where time is real"};
  if (!play.exposures.empty())
    throw usage_error{who_wants + ", but other programs may join over TCP, and their time is real"};
  if (const auto* who = scenarios::first_real_node(play))
    throw usage_error{who_wants + ", but " + *who + " is real, and so is its time"};
}

void apply_links(const run_options& options, std::vector<scenarios::scenario>& all) {
  for (auto& play : all) {
    for (const auto& option : options.buses) move_bus(option, play);
    for (const auto& option : options.links) move_connection(option, play);
    check_time(options.time, play);
  }
}

void check_links(const std::vector<scenarios::scenario>& all, const scenarios::link_purpose& purpose) {
  for (const auto& play : all) {
    for (const auto& one : scenarios::find_uncarried(play, purpose)) refuse(play, one.where, one.why);
    for (const auto& gap : scenarios::find_kernel_gaps(play))
      if (!gap.carrier.fallback)
        refuse(play, gap.where,
               to_string(gap.carrier) + " cannot play the connection of " + gap.whose + ": " + gap.why);
  }
}

std::vector<std::string> take_detours(const scenarios::link_purpose& purpose,
                                      std::vector<scenarios::scenario>& all) {
  std::vector<std::string> remarks;
  for (auto& play : all) {
    for (auto& bus : play.buses)
      if (replace_if_missing(bus.carrier)) remarks.push_back(own_isotp_on("bus " + bus.name, bus.carrier));
    for (auto& one : play.ecus)
      if (one.carrier && replace_if_missing(*one.carrier))
        remarks.push_back(own_isotp_on("the connection of ecu " + one.name, *one.carrier));
    for (auto& one : play.endpoints)
      if (one.carrier && replace_if_missing(*one.carrier))
        remarks.push_back(own_isotp_on("the connection of endpoint " + one.name, *one.carrier));
    for (auto& sentence : detours(play, purpose)) remarks.push_back(std::move(sentence));
    for (const auto& gap : scenarios::find_kernel_gaps(play))
      remarks.push_back("the connection of " + gap.whose + " has our own ISO-TP over CAN_RAW on " +
                        gap.carrier.where + ", because the kernel cannot do " + gap.why);
  }
  return remarks;
}

std::optional<std::string> missing_for_link(const scenarios::link& carrier) {
  return missing_for(carrier, {}, false);
}

std::optional<std::string> missing_for_links(const std::vector<scenarios::scenario>& all) {
  for (const auto& play : all) {
    for (const auto& bus : play.buses) {
      const bool fd = bus.rates && bus.rates->data != 0;
      if (auto missing = missing_for(bus.carrier, "bus " + bus.name, fd)) return missing;
    }
    if (auto missing = missing_for_connections(play.ecus)) return missing;
    if (auto missing = missing_for_connections(play.endpoints)) return missing;
    if (auto missing = missing_descriptors(play, scenarios::descriptors_of_links(play))) return missing;
  }
  return std::nullopt;
}

std::optional<std::string> missing_for_servers(const scenarios::scenario& play, std::size_t servers) {
  // What listens, and what waits for its clients.
  constexpr std::size_t per_server = 2;
  const auto outside = scenarios::descriptors_of_links(play) + servers * per_server;
  return servers == 0 ? std::nullopt : missing_descriptors(play, outside);
}

std::vector<std::string> remarks_on_cast(const run_options& options,
                                         const std::vector<scenarios::scenario>& all) {
  std::vector<std::string> remarks;
  if (options.cast != scenarios::cast_kind::ensemble) return remarks;
  for (const auto& play : all)
    for (const auto& bus : play.buses)
      if (!bus.carrier.is_virtual())
        remarks.push_back("bus " + bus.name +
                          " plays with an actor per node: an ensemble is a bus itself, and " +
                          to_string(bus.carrier) + " is one already");
  return remarks;
}

}  // namespace canstage::tools

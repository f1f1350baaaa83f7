#include "tools/cli/bus_links.hpp"

#include <algorithm>

#include "transports/can_socket.hpp"

namespace canstage::tools {

namespace {

void move_bus(const bus_option& option, scenarios::scenario& play) {
  const auto found = std::ranges::find(play.buses, option.bus, &scenarios::bus::name);
  if (found != play.buses.end()) {
    found->carrier = option.carrier;
    return;
  }
  std::string known;
  for (const auto& one : play.buses) known += (known.empty() ? "" : ", ") + one.name;
  throw usage_error{"--bus " + option.bus + ": " + play.file + " has no such bus; it has " + known};
}

std::optional<std::string> missing_for(const scenarios::bus& bus) {
  const auto& interface = bus.carrier.where;
  transports::can_socket probe;
  const auto problem = probe.open(interface);
  if (problem != transports::can_problem::none) return transports::describe(problem, interface);
  if (bus.rates && bus.rates->data != 0 && !probe.carries_fd())
    return interface + " carries no CAN FD, which bus " + bus.name + " needs; `ip link set " + interface +
           " mtu 72` allows it while the interface is down";
  return std::nullopt;
}

}  // namespace

void check_time(std::optional<scenarios::time_mode> wanted, const scenarios::scenario& play) {
  if (wanted.value_or(usual_time(play)) == scenarios::time_mode::real_time) return;
  const auto who_wants = wanted ? std::string{"--time virtual"} : play.file + " says 'time: virtual'";
  if (const auto* real = scenarios::first_real_bus(play))
    throw usage_error{who_wants + ", but bus " + real->name + " is " + to_string(real->carrier) +
                      ", where time is real"};
  if (const auto* who = scenarios::first_real_node(play))
    throw usage_error{who_wants + ", but " + *who + " is real, and so is its time"};
}

void apply_links(const run_options& options, std::vector<scenarios::scenario>& all) {
  for (auto& play : all) {
    for (const auto& option : options.buses) move_bus(option, play);
    check_time(options.time, play);
  }
}

std::optional<std::string> missing_for_links(const std::vector<scenarios::scenario>& all) {
  for (const auto& play : all) {
    for (const auto& bus : play.buses) {
      if (bus.carrier.is_virtual()) continue;
      if (auto missing = missing_for(bus)) return missing;
    }
  }
  return std::nullopt;
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

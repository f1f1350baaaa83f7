#include "tools/cli/real_nodes.hpp"

#include <algorithm>

#include "scenarios/diagnostic.hpp"
#include "scenarios/real_nodes.hpp"
#include "tools/cli/command_line.hpp"

namespace canstage::tools {

namespace {

constexpr auto everybody = "*";

template <class Nodes>
bool mark(const std::string& name, Nodes& nodes) {
  const auto found = std::ranges::find(nodes, name, &Nodes::value_type::name);
  if (found == nodes.end()) return false;
  found->real = true;
  return true;
}

void mark(const std::string& name, scenarios::scenario& play) {
  if (name == everybody) {
    for (auto& one : play.ecus) one.real = true;
    // The others do what the steps say.
    for (auto& one : play.endpoints) one.real = one.what != scenarios::endpoint::behaviour::none;
    return;
  }
  if (mark(name, play.ecus) || mark(name, play.endpoints)) return;
  const bool is_tester = std::ranges::count(play.testers, name, &scenarios::tester::name) > 0;
  throw usage_error{"--real " + name + ": " +
                    (is_tester ? "a tester is who asks, and cannot be outside"
                               : play.file + " has no such ECU or endpoint")};
}

/// Whether others can join a bus over TCP, or be one of its endpoints.
bool can_be_joined(const scenarios::scenario& play, scenarios::bus_index bus) {
  using kind = scenarios::exposure::kind;
  return std::ranges::any_of(play.exposures, [&](const scenarios::exposure& one) {
    return one.what == kind::bus ? one.index == bus
                                 : one.what == kind::endpoint && play.endpoints[one.index].bus == bus;
  });
}

template <class Nodes>
void check_reachable(const scenarios::scenario& play, const Nodes& nodes) {
  for (const auto& who : nodes) {
    const auto& bus = play.buses[who.bus];
    if (who.real && bus.carrier.is_virtual() && !who.carrier && !can_be_joined(play, who.bus))
      throw usage_error{who.name + " is real, but bus " + bus.name +
                        " is virtual, where nobody from outside can be; --bus " + bus.name +
                        "=LINK puts it elsewhere, and --expose lets others join it"};
  }
}

}  // namespace

void mark_real(const std::vector<std::string>& names, std::vector<scenarios::scenario>& all) {
  for (auto& play : all) {
    for (const auto& name : names) mark(name, play);
    const auto impossible = scenarios::beyond_reach(play);
    if (!impossible.empty())
      throw usage_error{scenarios::to_string(
          scenarios::diagnostic{play.file, impossible.front().where, impossible.front().why})};
  }
}

void check_reachable(const std::vector<scenarios::scenario>& all) {
  for (const auto& play : all) {
    check_reachable(play, play.ecus);
    check_reachable(play, play.endpoints);
  }
}

}  // namespace canstage::tools

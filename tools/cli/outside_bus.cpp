#include "tools/cli/outside_bus.hpp"

#include <iostream>

#include "scenarios/model.hpp"
#include "tools/cli/bus_links.hpp"

namespace canstage::tools {

scenarios::link outside_bus(const std::string& word) {
  std::string problem;
  const auto found = scenarios::parse_link(word, scenarios::link_use::bus, problem);
  if (!found)
    throw usage_error{word + ": " + std::string{scenarios::link_wish(scenarios::link_use::bus)} +
                      " was expected" + (problem.empty() ? "" : "; " + problem)};
  if (found->is_virtual()) throw usage_error{"a virtual bus is inside a process, and nobody else is there"};
  if (!found->carries_frames())
    throw usage_error{word + " carries messages; its frames are on socketcan:" + found->where};
  return *found;
}

const std::string& name_of(const scenarios::link& carrier) {
  return carrier.bus.empty() ? carrier.where : carrier.bus;
}

std::optional<std::string> missing_for_bus(const scenarios::link& carrier) {
  scenarios::scenario nobody;
  nobody.buses.push_back({name_of(carrier), std::nullopt, {}, carrier});
  return missing_for_links({nobody});
}

void print_bus_event(const std::string& sentence) {
  std::cerr << "canstage: " + sentence + '\n' << std::flush;
}

}  // namespace canstage::tools

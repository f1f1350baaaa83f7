// DIDs that several ECUs own together: found after all ECUs were read.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

/// They begin as one.
void check_start(reader& in, const scenario& play, const shared_data& what, const uds::data_record& made,
                 const ecu& who) {
  const shared_data::owner& first = what.owners.front();
  const ecu& other = play.ecus[first.ecu];
  if (uds::find_record(*other.uds, first.did)->value == made.value) return;
  in.refuse(
      who.where,
      fmt::format("'{}' and '{}' share {}, but do not begin with the same value: DID {:04X} and DID {:04X}",
                  other.name, who.name, shown(made.shared_as), first.did, made.did));
}

/// The vehicle that an ECU belongs to: "v7." of "v7.engine".
std::string_view vehicle_of(const load_context& names, const ecu& who) {
  return names.prefix.empty() ? std::string_view{}
                              : std::string_view{who.name}.substr(0, who.name.find('.') + 1);
}

}  // namespace

void find_shared_data(reader& in) {
  scenario& play = in.names().play;
  std::map<std::string, std::size_t> places;
  for (ecu_index i = 0; i < play.ecus.size(); ++i) {
    const ecu& who = play.ecus[i];
    if (who.real) continue;
    for (const uds::data_record& record : who.uds->data.records) {
      if (record.shared_as.empty()) continue;
      auto name = std::string{vehicle_of(in.names(), who)} + record.shared_as;
      const auto [place, added] = places.try_emplace(name, play.shared.size());
      if (added) play.shared.push_back({std::move(name), {}});
      shared_data& what = play.shared[place->second];
      if (!added) check_start(in, play, what, record, who);
      what.owners.push_back({i, record.did});
    }
  }
}

}  // namespace canstage::scenarios

// Each part of the loader describes the maps that it reads; the schema is made of that.
#pragma once

#include <vector>

namespace canstage::scenarios {

struct map_doc;

void describe_script(std::vector<map_doc>& maps);
void describe_scenario(std::vector<map_doc>& maps);
void describe_buses(std::vector<map_doc>& maps);
void describe_ecus(std::vector<map_doc>& maps);
void describe_uds(std::vector<map_doc>& maps);
void describe_rules(std::vector<map_doc>& maps);
void describe_addresses(std::vector<map_doc>& maps);
void describe_isotp(std::vector<map_doc>& maps);
void describe_compatibility(std::vector<map_doc>& maps);
void describe_gateways(std::vector<map_doc>& maps);
void describe_testers(std::vector<map_doc>& maps);
void describe_faults(std::vector<map_doc>& maps);
void describe_exposures(std::vector<map_doc>& maps);
void describe_steps(std::vector<map_doc>& maps);
void describe_set(std::vector<map_doc>& maps);
void describe_change_parameter(std::vector<map_doc>& maps);
void describe_expectations(std::vector<map_doc>& maps);

}  // namespace canstage::scenarios

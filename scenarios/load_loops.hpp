// Steps that contain steps.
#pragma once

#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

void read_parallel_step(reader& in, const node& value, step& out);
void read_repeat_step(reader& in, const node& value, step& out);
void read_for_each_step(reader& in, const node& value, step& out);

/// Whether time is wide enough for all of it.
void check_length(reader& in, const step_list& steps);

void describe_loops(std::vector<map_doc>& maps);

}  // namespace canstage::scenarios

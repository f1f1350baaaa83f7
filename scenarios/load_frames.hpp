// Steps about frames on a bus.
#pragma once

#include "scenarios/load_parts.hpp"
#include "scenarios/load_requests.hpp"

namespace canstage::scenarios {

void read_expect_frame_step(reader& in, const node& value, step& out);
void read_expect_silence_step(reader& in, const node& value, step& out);
void read_expect_bus_step(reader& in, const node& value, step& out);
/// A frame, or an answer that is asked for again and again.
void read_wait_for_step(reader& in, const node& value, step& out);
void read_cyclic_step(reader& in, const node& value, step& out);

/// `cyclic:`.
void load_cyclic(reader& in, const node& cyclic);

/// The frame of `id:`, `data:` and `fd:`, if that bus has such frames. Nothing after a refusal.
std::optional<can::frame> make_frame(reader& in, bus_index bus, can::identifier id, const bytes& data,
                                     bool fd, position where, const node* data_node);

void describe_cyclic(std::vector<map_doc>& maps);
void describe_frame_steps(std::vector<map_doc>& maps);

}  // namespace canstage::scenarios

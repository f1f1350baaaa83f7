// The parts of the text report that are about faults and buses.
#pragma once

#include <ostream>

#include "scenarios/report_style.hpp"
#include "scenarios/reports.hpp"
#include "scenarios/result.hpp"

namespace canstage::scenarios {

/// What each fault of the scenario did, a line each; nothing if there are none. With `verbose` each time.
void write_faults(std::ostream& out, const style& paint, const text_options& options, const run_result& run);

/// How busy each bus was, and whose frames waited longest; nothing of buses that nobody measured.
void write_buses(std::ostream& out, const style& paint, const run_result& run);

}  // namespace canstage::scenarios

// The data of the page, as JSON. It is for the page's own script: programs read the report of --json.
#pragma once

#include <iosfwd>

#include "scenarios/html/bus_log.hpp"
#include "scenarios/result.hpp"

namespace canstage::scenarios::html {

/// One run. Texts are numbers: those that `log` does not have yet are added to its table. Times are
/// nanoseconds.
void write_run(std::ostream& out, const run_result& run, bus_log& log);

/// What the numbers of outcomes mean: name, in words, whether it is a failure.
void write_outcomes(std::ostream& out);

}  // namespace canstage::scenarios::html

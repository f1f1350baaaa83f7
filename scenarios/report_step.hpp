// The part of the text report that is about one step.
#pragma once

#include <ostream>

#include "scenarios/report_style.hpp"
#include "scenarios/reports.hpp"
#include "scenarios/result.hpp"

namespace canstage::scenarios {

/// The verdicts of `step`, a line each, with what explains the failures.
void write_verdicts(std::ostream& out, const style& paint, const text_options& options,
                    const step_result& step);

}  // namespace canstage::scenarios

// Spellings of a conformance run's result: for people, for CI and for programs.
#pragma once

#include <iosfwd>
#include <string>

#include "scenarios/conform.hpp"
#include "scenarios/reports.hpp"

namespace canstage::scenarios {

/// A line per statement; of what failed the frames, `verbose` those of all others, too.
void write_text(std::ostream& out, const conformance_result& result, const text_options& options);

/// JUnit XML: a case per statement. What does not show and what is not certain is skipped.
void write_junit(std::ostream& out, const conformance_result& result);

/// JSON with a format version: {"canstage_conformance": 1, ...}.
void write_json(std::ostream& out, const conformance_result& result);

}  // namespace canstage::scenarios

// Spellings of a run's result: for people, for CI and for programs. All deterministic: nothing but
// the result decides a byte.
#pragma once

#include <iosfwd>
#include <vector>

#include "scenarios/result.hpp"

namespace canstage::scenarios {

struct text_options {
  bool colour = false;
  bool quiet = false;    ///< failures and the closing line only
  bool verbose = false;  ///< every repetition, every 0x78, all answers
};

/// Verdict per step and ECU, for a terminal.
void write_text(std::ostream& out, const run_result& result, const text_options& options);

/// JUnit XML: a suite per scenario, a case per step and ECU.
void write_junit(std::ostream& out, const std::vector<run_result>& results);

/// JSON with a format version: {"canstage_report": 1, "runs": [...]}.
void write_json(std::ostream& out, const std::vector<run_result>& results);

}  // namespace canstage::scenarios

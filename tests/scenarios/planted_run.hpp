// A run with something of everything, judged by the real verdict.
#pragma once

#include "scenarios/result.hpp"

namespace canstage::scenarios::test {

/// A functional request to eleven ECUs, five verdicts of it failures; physical steps; `repetitions` of
/// one more step, of which the 15th and all after the 988th fail.
run_result failing_run(int repetitions);

/// Everybody did as expected.
run_result passing_run();

/// Broken off by an internal error and interrupted at once, with names that XML, JSON and terminals
/// have to be saved from.
run_result nasty_run();

}  // namespace canstage::scenarios::test

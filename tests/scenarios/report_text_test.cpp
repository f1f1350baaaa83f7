// The text report as a whole: a change shows as a change of tests/golden/report_*.txt.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "catch2/catch.hpp"
#include "scenarios/reports.hpp"
#include "tests/scenarios/planted_run.hpp"

namespace canstage::scenarios::test {
namespace {

std::string text(const run_result& run, const text_options& options = {}) {
  std::ostringstream out;
  write_text(out, run, options);
  return out.str();
}

std::string golden(const std::string& name) {
  std::ifstream file("tests/golden/" + name);
  REQUIRE(file);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::size_t lines(const std::string& what) {
  return static_cast<std::size_t>(std::count(what.begin(), what.end(), '\n'));
}

std::string without_colours(std::string what) {
  for (std::size_t at = what.find('\x1B'); at != std::string::npos; at = what.find('\x1B')) {
    what.erase(at, what.find('m', at) - at + 1);
  }
  return what;
}

TEST_CASE("a failing run") { CHECK(text(failing_run(1000)) == golden("report_failing.txt")); }

TEST_CASE("a passing run") { CHECK(text(passing_run()) == golden("report_passing.txt")); }

TEST_CASE("a run that was broken off") { CHECK(text(nasty_run()) == golden("report_broken_off.txt")); }

TEST_CASE("quiet: failures and the closing line") {
  text_options quiet;
  quiet.quiet = true;
  CHECK(text(failing_run(2), quiet) == golden("report_quiet.txt"));
  CHECK(lines(text(passing_run(), quiet)) == 1);
}

TEST_CASE("verbose: nothing is folded or cut") {
  text_options verbose;
  verbose.verbose = true;
  const std::string all = text(failing_run(1000), verbose);
  CHECK_THAT(all, Catch::Contains("8.1#1000 ") && Catch::Contains("8.1#500 "));
  CHECK_THAT(all, Catch::Contains("57 30 30 30 30 30 31\n"));
  CHECK_THAT(all, Catch::Contains("lamp ") && !Catch::Contains("others"));
}

TEST_CASE("colours add nothing but colours") {
  text_options colour;
  colour.colour = true;
  for (const run_result& run : {failing_run(1000), passing_run(), nasty_run()}) {
    const std::string coloured = text(run, colour);
    CHECK(coloured != text(run));
    CHECK(without_colours(coloured) == text(run));
  }
}

TEST_CASE("without colour no control character reaches the terminal") {
  const std::string plain = text(nasty_run());
  CHECK(std::none_of(plain.begin(), plain.end(), [](char c) {
    return c != '\n' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7F);
  }));
}

TEST_CASE("many ECUs are folded, failures and passes apart") {
  run_result run = passing_run();
  run.steps.resize(1);
  step_result& step = run.steps.front();
  const verdict good = step.verdicts.front();
  step.verdicts.assign(200, good);
  verdict bad;
  bad.who = "node";
  bad.what = outcome::silent;
  step.verdicts.insert(step.verdicts.end(), 30, bad);
  step.status = step_status::failed;
  const std::string folded = text(run);
  CHECK_THAT(folded, Catch::Contains("and 180 more as expected, after 2.246 ms to 2.246 ms"));
  CHECK_THAT(folded, Catch::Contains("and 10 more that failed"));
  CHECK(lines(folded) < 60);
}

TEST_CASE("what breaks off as expected says how, also where the request did") {
  run_result run = passing_run();
  run.steps.resize(1);
  verdict good;
  good.who = "engine";
  good.expected = "breaks off with N_TIMEOUT_Bs";
  good.detail = "the request ended with N_TIMEOUT_Bs";
  good.other = true;
  run.steps.front().verdicts = {good};
  const std::string all = text(run);
  CHECK_THAT(all, Catch::Contains("as expected  the request ended with N_TIMEOUT_Bs\n"));
  CHECK_THAT(all, !Catch::Contains("silent"));
}

TEST_CASE("a run passes only if every step was run and passed") {
  run_result run = passing_run();
  CHECK(run.passed());
  SECTION("not run") { run.steps.back().status = step_status::not_run; }
  SECTION("failed") { run.steps.back().status = step_status::failed; }
  SECTION("interrupted") { run.interrupted = true; }
  SECTION("internal error") { run.internal_error = "x"; }
  SECTION("no progress") { run.no_progress = "x"; }
  if (run.passed()) return;
  CHECK_THAT(text(run), !Catch::Contains(run.scenario + ": 1012 of 1012"));
}

}  // namespace
}  // namespace canstage::scenarios::test

// The bytes of the JUnit report; that they are well-formed and that their counts are true is checked
// by report_junit_test.py with a real parser.
#include <fstream>
#include <sstream>
#include <string>

#include "catch2/catch.hpp"
#include "scenarios/reports.hpp"
#include "tests/scenarios/planted_run.hpp"

namespace canstage::scenarios::test {
namespace {

TEST_CASE("JUnit: a suite for each run, a case for each step and ECU") {
  std::ifstream file("tests/golden/report_junit.xml");
  REQUIRE(file);
  std::ostringstream golden, written;
  golden << file.rdbuf();
  write_junit(written, {failing_run(16), nasty_run()});
  CHECK(written.str() == golden.str());
}

TEST_CASE("JUnit: no runs are a report, too") {
  std::ostringstream written;
  write_junit(written, {});
  CHECK(written.str() ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites tests=\"0\" failures=\"0\" skipped=\"0\" errors=\"0\" time=\"0.000\">\n"
        "</testsuites>\n");
}

}  // namespace
}  // namespace canstage::scenarios::test

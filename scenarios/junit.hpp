// JUnit XML, whatever the cases are about.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/time.hpp"

namespace canstage::scenarios {

struct test_case {
  std::string class_name;
  std::string name;
  duration time{0};
  std::string_view kind;  ///< "failure", "error", "skipped"; empty: passed
  std::string type;
  std::string message;
  std::string body;
};

struct test_suite {
  std::string name;
  duration time{0};
  std::vector<test_case> cases;
};

/// A whole document. What XML 1.0 cannot say becomes U+FFFD.
void write_suites(std::ostream& out, const std::vector<test_suite>& suites);

}  // namespace canstage::scenarios

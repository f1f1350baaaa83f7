#include "scenarios/junit.hpp"

#include <fmt/format.h>

#include <ostream>

#include "scenarios/utf8.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
bool allowed_in_xml(const utf8_character& c) {
  if (!c.valid || c.code == 0xFFFE || c.code == 0xFFFF) return false;
  return c.code >= 0x20 || c.code == '\t' || c.code == '\n' || c.code == '\r';
}

enum class place { attribute, element };

/// What XML 1.0 cannot say becomes U+FFFD. In an attribute line ends are references, because a parser
/// would make blanks of them.
std::string escaped(std::string_view text, place where = place::attribute) {
  std::string result;
  while (!text.empty()) {
    const utf8_character c = first_character(text);
    const std::string_view what = text.substr(0, c.length);
    switch (c.code) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\t':
        result += "&#9;";
        break;
      case '\n':
        result += where == place::element ? "\n" : "&#10;";
        break;
      case '\r':
        result += "&#13;";
        break;
      default:
        result += allowed_in_xml(c) ? what : replacement;
    }
    text.remove_prefix(what.size());
  }
  return result;
}

void write_case(std::ostream& out, const test_case& what) {
  out << fmt::format(R"(    <testcase classname="{}" name="{}" time="{}")", escaped(what.class_name),
                     escaped(what.name), fixed_s(what.time));
  if (what.kind.empty()) {
    out << "/>\n";
    return;
  }
  out << fmt::format(">\n      <{} message=\"{}\"", what.kind, escaped(what.message));
  if (what.kind != "skipped") out << fmt::format(" type=\"{}\"", escaped(what.type));
  if (what.body.empty()) {
    out << "/>\n";
  } else {
    out << '>' << escaped(what.body, place::element) << fmt::format("</{}>\n", what.kind);
  }
  out << "    </testcase>\n";
}

struct totals {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;
  std::size_t errors = 0;
  duration time{0};

  void add(const test_case& what) {
    ++tests;
    failures += what.kind == "failure" ? 1 : 0;
    skipped += what.kind == "skipped" ? 1 : 0;
    errors += what.kind == "error" ? 1 : 0;
  }

  std::string attributes() const {
    return fmt::format(R"(tests="{}" failures="{}" skipped="{}" errors="{}" time="{}")", tests, failures,
                       skipped, errors, fixed_s(time));
  }
};

}  // namespace

void write_suites(std::ostream& out, const std::vector<test_suite>& suites) {
  std::vector<totals> sums;
  totals all;
  for (const test_suite& suite : suites) {
    totals& sum = sums.emplace_back();
    sum.time = suite.time;
    all.time += sum.time;
    for (const test_case& what : suite.cases) {
      sum.add(what);
      all.add(what);
    }
  }
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out << fmt::format("<testsuites {}>\n", all.attributes());
  for (std::size_t i = 0; i < suites.size(); ++i) {
    out << fmt::format("  <testsuite name=\"{}\" {}>\n", escaped(suites[i].name), sums[i].attributes());
    for (const test_case& what : suites[i].cases) write_case(out, what);
    out << "  </testsuite>\n";
  }
  out << "</testsuites>\n";
}

}  // namespace canstage::scenarios

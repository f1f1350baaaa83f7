// docs/uds.md says of every service what the table says.
#include <fstream>
#include <sstream>

#include "catch2/catch.hpp"
#include "protocols/uds/execute.hpp"
#include "protocols/uds/names.hpp"

namespace canstage::uds {

namespace {

std::string hex(std::uint8_t byte) { return to_hex(bytes{byte}); }

/// The checks of a row in their order, after those that all services have in common.
std::string checks_of(const service& row) {
  std::string text;
  const auto add = [&](std::string_view more) { text += (text.empty() ? "" : ", ") + std::string{more}; };
  if (row.subfunction == subfunction_kind::checked) add("13 shorter than 2, 12, 7E, 34 or 33 locked");
  if (row.check_sequence != nullptr) add("24 order of requests");
  if (row.length != 0) add("13 length");
  if (!row.order.empty()) add(row.order);
  return text;
}

std::string table() {
  std::string text =
      "| SID | service | default diagnostic session | sub-function | NRCs in their order "
      "|\n|---|---|---|---|---|\n";
  for (const service& row : all_services()) {
    const auto id = static_cast<std::uint8_t>(row.id);
    const bool everywhere = row.where == available_in::any_diagnostic_session;
    text += "| " + hex(id) + " | " + service_name(id) + " | " + (everywhere ? "yes" : "7F") + " | " +
            (row.subfunction == subfunction_kind::none ? "no" : "yes") + " | " + checks_of(row) + " |\n";
  }
  return text;
}

}  // namespace

TEST_CASE("the page on UDS has the table of services as it is") {
  std::ifstream in{"docs/uds.md"};
  REQUIRE(in);
  std::ostringstream page;
  page << in.rdbuf();
  // To bring the page up to date, this is what has to stand there.
  INFO(table());
  CHECK(page.str().find("\n\n" + table() + "\n") != std::string::npos);
}

}  // namespace canstage::uds

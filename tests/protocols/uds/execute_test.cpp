// The checks and their order, with a table of the test's own: it has what the five services have not.
#include "protocols/uds/execute.hpp"

#include <algorithm>

#include "catch2/catch.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

namespace {

bool always(const server_config&) { return true; }
bool never_present(const server_config&) { return false; }

/// 01 in every diagnostic session, 02 in the programming one only.
std::optional<nrc> check_one_or_two(const server_state& state, std::uint8_t value) {
  if (value == 1) return std::nullopt;
  if (value != 2) return nrc::subfunction_not_supported;
  if (state.diagnostic_session == programming_diagnostic_session) return std::nullopt;
  return nrc::subfunction_not_supported_in_active_diagnostic_session;
}

service_result locked(server_state&, const service_request& request) {
  if (request.subfunction == 2) return service_result::negative(nrc::security_access_denied);
  return service_result::positive({0xAA});
}

service_result echo(server_state&, const service_request& request) {
  return service_result::positive(bytes(request.message.begin() + 1, request.message.end()));
}

constexpr service table[] = {
    {.id = sid{0x27},
     .present = always,
     .where = available_in::not_in_default,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_one_or_two,
     .length = 3,
     .handle = locked},
    {.id = sid{0x28}, .present = never_present, .handle = echo},
    {.id = sid{0x36}, .present = always, .where = available_in::not_in_default, .handle = echo},
    {.id = sid{0x37}, .present = always, .length = 2, .handle = echo},
};

outcome execute_in(std::uint8_t diagnostic_session, std::string_view request) {
  server_state state{std::make_shared<const server_config>()};
  state.enter(diagnostic_session, instant{});
  random_stream randomness{1, "ecu"};
  return execute(state, from_hex(request), instant{}, randomness, table);
}

std::string ask(std::string_view request, std::uint8_t diagnostic_session) {
  return to_hex(execute_in(diagnostic_session, request).answer);
}

}  // namespace

TEST_CASE("UDS-006 a service that the ECU has not is 11 before anything else") {
  CHECK(ask("26", 1) == "7F 26 11");
  CHECK(ask("28", 1) == "7F 28 11");
  CHECK(ask("28 00", 3) == "7F 28 11");
}

TEST_CASE("UDS-008 a service that needs another diagnostic session is 7F") {
  CHECK(ask("27 01 00", 1) == "7F 27 7F");
  CHECK(ask("27", 1) == "7F 27 7F");     // before the length
  CHECK(ask("27 05", 1) == "7F 27 7F");  // and the sub-function
  CHECK(ask("36", 1) == "7F 36 7F");
  CHECK(ask("36 01", 3) == "76 01");
}

TEST_CASE("UDS-009 UDS-011 12 comes before 7E, 7E before the length, the length before 33") {
  CHECK(ask("27 03", 3) == "7F 27 12");
  CHECK(ask("27 03 00", 3) == "7F 27 12");
  CHECK(ask("27 02", 3) == "7F 27 7E");
  CHECK(ask("27 82 00", 3) == "7F 27 7E");
  CHECK(ask("27 02", 2) == "7F 27 13");
  CHECK(ask("27 02 00", 2) == "7F 27 33");
}

TEST_CASE("UDS-012 27 of one byte is 13") { CHECK(ask("27", 3) == "7F 27 13"); }

TEST_CASE("UDS-013 SPRMIB is known to the caller and not echoed") {
  const auto result = execute_in(3, "27 81 00");
  CHECK(to_hex(result.answer) == "67 01 AA");
  CHECK(result.suppress_positive);
  CHECK_FALSE(result.nrc_code());
  const auto loud = execute_in(3, "27 01 00");
  CHECK_FALSE(loud.suppress_positive);
  // The first byte after the SID of a service without sub-function is data.
  const auto data = execute_in(3, "36 81");
  CHECK(to_hex(data.answer) == "76 81");
  CHECK_FALSE(data.suppress_positive);
}

TEST_CASE("an exact length holds without a sub-function, too") {
  CHECK(ask("37", 1) == "7F 37 13");
  CHECK(ask("37 00", 1) == "77 00");
  CHECK(ask("37 00 00", 1) == "7F 37 13");
}

TEST_CASE("UDS-003 UDS-006 UDS-008 UDS-010 UDS-043 the NRCs that are not sent to a functional request") {
  for (unsigned code = 0; code <= 0xFF; ++code) {
    const bool listed = code == 0x11 || code == 0x12 || code == 0x31 || code == 0x7E || code == 0x7F;
    CHECK(is_suppressed_for_functional(static_cast<std::uint8_t>(code)) == listed);
  }
}

TEST_CASE("each service of the table is there once") {
  const auto services = all_services();
  for (const service& row : services) {
    CAPTURE(service_name(static_cast<std::uint8_t>(row.id)));
    CHECK(std::count_if(services.begin(), services.end(), [&](const service& s) { return s.id == row.id; }) ==
          1);
    CHECK(row.present != nullptr);
    CHECK(row.handle != nullptr);
  }
}

}  // namespace canstage::uds::testing

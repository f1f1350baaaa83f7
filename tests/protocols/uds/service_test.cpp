// Names, and what an answer is an answer to.
#include "protocols/uds/service.hpp"

#include "catch2/catch.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

TEST_CASE("NRCs and services have the standard's names") {
  CHECK(nrc_name(0x31) == "requestOutOfRange");
  CHECK(nrc_name(0x78) == "requestCorrectlyReceived-ResponsePending");
  CHECK(nrc_name(0x7F) == "serviceNotSupportedInActiveSession");
  CHECK(nrc_name(0xAB) == "NRC 0xAB");
  CHECK(nrc_name(0x0F) == "NRC 0x0F");
  CHECK(service_name(0x22) == "ReadDataByIdentifier");
  CHECK(service_name(0x10) == "DiagnosticSessionControl");
  CHECK(service_name(0xAB) == "SID 0xAB");
}

TEST_CASE("a negative response is 7F SID NRC") { CHECK(to_hex(negative(0x22, 0x31)) == "7F 22 31"); }

TEST_CASE("a 0x78 is one of the request's SID") {
  CHECK(is_response_pending(from_hex("7F 22 78"), 0x22));
  for (const char* other : {"", "7F", "7F 22", "7F 22 31", "7F 2E 78", "7F 22 78 00", "62 22 78"}) {
    CAPTURE(other);
    CHECK_FALSE(is_response_pending(from_hex(other), 0x22));
  }
}

TEST_CASE("an answer is positive with the request's SID, or 7F with it") {
  for (const char* answer : {"62", "62 F1 90", "7F 22 31", "7F 22 78"}) {
    CAPTURE(answer);
    CHECK(answers_request(from_hex(answer), 0x22));
  }
  for (const char* other : {"", "7F", "7F 22", "7F 22 31 00", "7F 2E 31", "22", "6E", "63 F1 90"}) {
    CAPTURE(other);
    CHECK_FALSE(answers_request(from_hex(other), 0x22));
  }
}

}  // namespace canstage::uds::testing

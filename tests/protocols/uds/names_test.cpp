// What numbers are called.
#include "protocols/uds/names.hpp"

#include "catch2/catch.hpp"

namespace canstage::uds::testing {

TEST_CASE("requests have the standard's names") {
  CHECK(service_name(0x22) == "ReadDataByIdentifier");
  CHECK(service_name(0x0A) == "OBD permanent DTCs");
  CHECK(service_name(0xAB) == "SID 0xAB");
  CHECK(is_known_service(0x87));
  CHECK(is_known_service(0x01));
  CHECK_FALSE(is_known_service(0x88));
}

TEST_CASE("sub-functions have the names of their services") {
  CHECK(subfunction_name(0x10, 0x03) == "extendedDiagnosticSession");
  CHECK(subfunction_name(0x19, 0x02) == "reportDTCByStatusMask");
  CHECK(subfunction_name(0x19, 0x56) == "reportDTCInformationByDTCReadinessGroupIdentifier");
  CHECK(subfunction_name(0x86, 0x45) == "startResponseOnEvent (storeEvent)");
  CHECK(subfunction_name(0x10, 0x40).empty());
  CHECK(subfunction_name(0x22, 0x01).empty());
}

TEST_CASE("security levels come in pairs of a seed and a key") {
  CHECK(subfunction_name(0x27, 0x01) == "requestSeed (level 1)");
  CHECK(subfunction_name(0x27, 0x02) == "sendKey (level 1)");
  CHECK(subfunction_name(0x27, 0x12) == "sendKey (level 17)");
  CHECK(subfunction_name(0x27, 0x00).empty());
  CHECK(subfunction_name(0x27, 0x7F).empty());
}

TEST_CASE("SPRMIB is a matter of services with sub-functions") {
  int count = 0;
  for (int sid = 0; sid < 0x100; ++sid) count += has_subfunction(static_cast<std::uint8_t>(sid)) ? 1 : 0;
  CHECK(count == 13);
  CHECK(has_subfunction(0x3E));
  CHECK_FALSE(has_subfunction(0x2A));
  CHECK_FALSE(has_subfunction(0x14));
}

TEST_CASE("DIDs, RIDs, groups of DTCs and PIDs have names where the standard gives them") {
  CHECK(did_name(0xF190) == "VIN");
  CHECK(did_name(0xF186) == "activeDiagnosticSession");
  CHECK(did_name(0xF345) == "dynamicallyDefinedDataIdentifier");
  CHECK(did_name(0x0101).empty());
  CHECK(rid_name(0xFF00) == "eraseMemory");
  CHECK(rid_name(0x0203).empty());
  CHECK(dtc_group_name(0xFFFFFF) == "all groups");
  CHECK(dtc_group_name(0x012317).empty());
  CHECK(pid_name(0x0D) == "vehicle speed");
}

TEST_CASE("a DTC is a letter, four digits and a failure type") {
  CHECK(dtc_name(0x012317) == "P0123-17");
  CHECK(dtc_name(0x412300) == "C0123-00");
  CHECK(dtc_name(0x9ABCDE) == "B1ABC-DE");
  CHECK(dtc_name(0xC10087) == "U0100-87");
  CHECK(dtc_name(0xFFFFFF) == "U3FFF-FF");
  CHECK(obd_dtc_name(0x0171) == "P0171");
}

TEST_CASE("what a DTC is called is read back") {
  std::uint32_t dtc = 0;
  std::string problem;
  for (const std::uint32_t each : {0x012317U, 0x412300U, 0x9ABCDEU, 0xC10087U, 0xFFFFFFU, 0U}) {
    CAPTURE(each);
    CHECK(parse_dtc(dtc_name(each), dtc, problem));
    CHECK(dtc == each);
  }
  CHECK((parse_dtc("p0123", dtc, problem) && dtc == 0x012300));
  CHECK((parse_dtc("01a317", dtc, problem) && dtc == 0x01A317));
  for (const char* wrong :
       {"", "P", "P012", "P01234", "X0123", "P0123-1", "P0123+17", "P0123-1G", "P01G3", "0123"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_dtc(wrong, dtc, problem));
    CHECK(problem == "a DTC is written as P0123-17, P0123 or six hex digits");
  }
  CHECK_FALSE(parse_dtc("P4123", dtc, problem));
  CHECK(problem == "the digit behind the letter of a DTC is 0 to 3");
}

TEST_CASE("the bits of a DTC's status have names") {
  CHECK(dtc_status_names(0x09) == "testFailed, confirmedDTC");
  CHECK(dtc_status_names(0x50) == "testNotCompletedSinceLastClear, testNotCompletedThisOperationCycle");
  CHECK(dtc_status_names(0x00) == "no status bit");
}

}  // namespace canstage::uds::testing

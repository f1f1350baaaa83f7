// The services themselves: what is answered, with which NRC, and when nothing is.
#include "catch2/catch.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

TEST_CASE("UDS-001 10 03 is answered with the timing") {
  server_stage s;
  CHECK(s.ask("10 03") == "50 03 00 32 01 F4");
  CHECK(s.machine().diagnostic_session() == 0x03);
  CHECK(s.ask("10 01") == "50 01 00 32 01 F4");
  CHECK(s.machine().diagnostic_session() == 0x01);
  CHECK(s.ask_functional("10 02") == "50 02 00 32 01 F4");
}

TEST_CASE("UDS-001 P2 and P2* are reported rounded up and never overflow") {
  const auto answer = [](duration p2, duration p2_star) {
    server_config config;
    config.timing.p2 = p2;
    config.timing.p2_star = p2_star;
    return server_stage{config}.ask("10 01");
  };
  CHECK(answer(25ms, 5000ms) == "50 01 00 19 01 F4");
  CHECK(answer(25ms + 1ns, 5001ms) == "50 01 00 1A 01 F5");
  CHECK(answer(65535ms, 655350ms) == "50 01 FF FF FF FF");
  CHECK(answer(65536ms, 700s) == "50 01 FF FF FF FF");
  CHECK(answer(0ms, 0ms) == "50 01 00 00 00 00");
}

TEST_CASE("UDS-002 10 83 is silent and changes the diagnostic session") {
  server_stage s;
  CHECK(s.ask("10 83") == "");
  CHECK(s.ask("22 F1 86") == "62 F1 86 03");
  CHECK(s.ask_functional("10 82") == "");
  CHECK(s.ask("22 F1 86") == "62 F1 86 02");
}

TEST_CASE("UDS-003 an undefined diagnostic session is 12, functionally silence") {
  server_stage s;
  CHECK(s.ask("10 05") == "7F 10 12");
  CHECK(s.ask("10 00") == "7F 10 12");
  CHECK(s.ask_functional("10 05") == "");
  server_config config;
  config.diagnostic_sessions = {{0x01}, {0x40}};
  server_stage other{config};
  CHECK(other.ask("10 03") == "7F 10 12");
  CHECK(other.ask("10 40") == "50 40 00 32 01 F4");
}

TEST_CASE("UDS-004 a wrong length of 10 is 13, also functionally") {
  server_stage s;
  CHECK(s.ask("10") == "7F 10 13");
  CHECK(s.ask("10 03 00") == "7F 10 13");
  CHECK(s.ask_functional("10") == "7F 10 13");
  CHECK(s.ask_functional("10 03 00") == "7F 10 13");
  CHECK(s.machine().diagnostic_session() == 0x01);
}

TEST_CASE("UDS-006 an unknown SID is 11, functionally silence") {
  server_stage s;
  for (const char* request : {"BA", "27 01", "01 00", "00"}) {
    CAPTURE(request);
    CHECK(s.ask(request) == to_hex(negative(from_hex(request)[0], 0x11)));
    CHECK(s.ask_functional(request) == "");
  }
}

TEST_CASE("UDS-007 response SIDs and 7F get no answer") {
  server_stage s;
  for (const char* request : {"50", "50 03 00 32 01 F4", "7F 22 31", "7F", "40", "C0", "FF 01", ""}) {
    CAPTURE(request);
    CHECK(s.ask(request) == "");
    CHECK(s.ask_functional(request) == "");
  }
}

TEST_CASE("UDS-013 UDS-014 bit 7 is not echoed and does not suppress a negative answer") {
  server_stage s;
  CHECK(s.ask("10 85") == "7F 10 12");
  CHECK(s.ask("10 83 00") == "7F 10 13");
  CHECK(s.ask("3E 81") == "7F 3E 12");
  CHECK(s.ask("11 84") == "7F 11 12");
  CHECK(s.ask_functional("10 83 00") == "7F 10 13");
  CHECK(s.ask_functional("10 85") == "");
}

TEST_CASE("UDS-016 UDS-017 tester present") {
  server_stage s;
  CHECK(s.ask("3E 00") == "7E 00");
  CHECK(s.ask_functional("3E 00") == "7E 00");
  CHECK(s.ask("3E 80") == "");
  CHECK(s.ask_functional("3E 80") == "");
  CHECK(s.ask("3E 01") == "7F 3E 12");
  CHECK(s.ask_functional("3E 01") == "");
  CHECK(s.ask("3E 00 00") == "7F 3E 13");
  CHECK(s.ask("3E") == "7F 3E 13");
  CHECK(s.ask_functional("3E") == "7F 3E 13");
}

TEST_CASE("UDS-030 an ECU reset is answered first and then carried out") {
  server_stage s;
  s.confirm_by_hand();
  s.request("10 03");
  s.run(2ms);
  s.confirm();
  for (const char* type : {"01", "02", "03"}) {
    s.log();
    s.request(std::string{"11 "} + type);
    s.run(50ms);
    CHECK(s.log() == std::vector<std::string>{std::string{"+2ms 51 "} + type});
    CHECK(s.machine().busy());
    s.confirm();
    CHECK(s.log() == std::vector<std::string>{std::string{"+50ms restart "} + type});
    CHECK(s.machine().diagnostic_session() == 0x01);
    CHECK(s.machine().deadline() == never);
  }
}

TEST_CASE("UDS-031 a silent ECU reset is carried out at once") {
  server_stage s;
  CHECK(s.ask("10 03") == "50 03 00 32 01 F4");
  CHECK(s.ask("11 81") == "restart 01");
  CHECK(s.machine().diagnostic_session() == 0x01);
  CHECK(s.ask_functional("11 83") == "restart 03");
  CHECK(s.ask_functional("11 01") == "51 01 | restart 01");
}

TEST_CASE("UDS-033 unknown reset types are 12") {
  server_stage s;
  for (const char* request : {"11 00", "11 04", "11 05", "11 7F", "11 FF"}) {
    CAPTURE(request);
    CHECK(s.ask(request) == "7F 11 12");
    CHECK(s.ask_functional(request) == "");
  }
  CHECK(s.ask("11") == "7F 11 13");
  CHECK(s.ask("11 01 00") == "7F 11 13");
}

TEST_CASE("UDS-040 UDS-041 UDS-047 DIDs are read in the order of the request") {
  server_stage s;
  CHECK(s.ask("22 F1 90") == "62 F1 90 41 42 43");
  CHECK(s.ask_functional("22 F1 90") == "62 F1 90 41 42 43");
  CHECK(s.ask("22 F1 90 01 00") == "62 F1 90 41 42 43 01 00 00");
  CHECK(s.ask("22 01 00 F1 90") == "62 01 00 00 F1 90 41 42 43");
  CHECK(s.ask("22 01 00 01 00") == "62 01 00 00 01 00 00");
}

TEST_CASE("UDS-042 UDS-043 unknown DIDs are left out, nothing but unknown ones is 31") {
  server_stage s;
  CHECK(s.ask("22 12 34 F1 90") == "62 F1 90 41 42 43");
  CHECK(s.ask("22 F1 90 12 34") == "62 F1 90 41 42 43");
  CHECK(s.ask_functional("22 12 34 F1 90") == "62 F1 90 41 42 43");
  CHECK(s.ask("22 12 34") == "7F 22 31");
  CHECK(s.ask("22 12 34 FF FF") == "7F 22 31");
  CHECK(s.ask_functional("22 12 34") == "");
}

TEST_CASE("UDS-044 a wrong length of 22 is 13, also functionally") {
  server_stage s;
  for (const char* request : {"22", "22 F1", "22 F1 90 F1", "22 12 34 56"}) {
    CAPTURE(request);
    CHECK(s.ask(request) == "7F 22 13");
    CHECK(s.ask_functional(request) == "7F 22 13");
  }
}

TEST_CASE("UDS-045 UDS-120 an answer that is too long is 14") {
  auto config = usual_config();
  config.max_response = 6;
  config.rules.push_back(rule_reply("22 77 77", "62 77 77 01 02 03 04"));
  server_stage s{config};
  CHECK(s.ask("22 F1 90") == "62 F1 90 41 42 43");
  CHECK(s.ask("22 F1 90 01 00") == "7F 22 14");
  CHECK(s.ask_functional("22 F1 90 01 00") == "7F 22 14");
  CHECK(s.ask("22 77 77") == "7F 22 14");
}

TEST_CASE("UDS-048 what 2E writes is read by 22 and survives resets") {
  server_stage s;
  CHECK(s.ask("2E 01 00 AB") == "6E 01 00");
  CHECK(s.ask("22 01 00") == "62 01 00 AB");
  CHECK(s.ask_functional("2E 01 00 AC") == "6E 01 00");
  CHECK(s.ask("10 03") == "50 03 00 32 01 F4");
  CHECK(s.ask("2E F1 8C 77 88") == "6E F1 8C");
  CHECK(s.ask("10 01") == "50 01 00 32 01 F4");
  CHECK(s.ask("11 01") == "51 01 | restart 01");
  s.reset();
  CHECK(s.ask("22 01 00 F1 8C") == "62 01 00 AC F1 8C 77 88");
}

TEST_CASE("UDS-048 each DID keeps its own written value, in whatever order they came") {
  server_stage s;
  s.ask("10 03");
  CHECK(s.ask("2E F1 8C 77 88") == "6E F1 8C");
  CHECK(s.ask("2E 01 00 AB") == "6E 01 00");
  CHECK(s.ask("2E F1 8C 78 89") == "6E F1 8C");
  CHECK(s.ask("22 01 00 F1 8C F1 90") == "62 01 00 AB F1 8C 78 89 F1 90 41 42 43");
}

TEST_CASE("UDS-049 what cannot be written is 31, a wrong length 13") {
  server_stage s;
  CHECK(s.ask("2E 01 00") == "7F 2E 13");
  CHECK(s.ask("2E") == "7F 2E 13");
  CHECK(s.ask("2E 12 34 00") == "7F 2E 31");
  CHECK(s.ask_functional("2E 12 34 00") == "");
  CHECK(s.ask("2E F1 90 41 42 43") == "7F 2E 31");  // read only
  CHECK(s.ask("2E F1 90 00") == "7F 2E 31");        // the DID is looked at before the length
  CHECK(s.ask("2E F1 8C 01 02") == "7F 2E 31");     // not in the default diagnostic session
  CHECK(s.ask("10 02") == "50 02 00 32 01 F4");
  CHECK(s.ask("2E F1 8C 01 02") == "7F 2E 31");  // nor in another
  CHECK(s.ask("10 03") == "50 03 00 32 01 F4");
  CHECK(s.ask("2E F1 8C 01") == "7F 2E 13");
  CHECK(s.ask("2E F1 8C 01 02 03") == "7F 2E 13");
  CHECK(s.ask("2E F1 8C 01 02") == "6E F1 8C");
}

TEST_CASE("22 and 2E exist with a table of records only") {
  server_config config;
  server_stage s{config};
  CHECK(s.ask("22 F1 86") == "7F 22 11");
  CHECK(s.ask("2E 01 00 00") == "7F 2E 11");
  config.data.present = true;
  server_stage empty{config};
  CHECK(empty.ask("22 F1 86") == "62 F1 86 01");
  CHECK(empty.ask("22 F1 90") == "7F 22 31");
  config.data.records = {{0xF186, {0x55}}};
  CHECK(server_stage{config}.ask("22 F1 86") == "62 F1 86 55");
}

// What an ECU does not use costs a pointer per family of services; the whole ECU is held to 4 kB elsewhere.
TEST_CASE("an idle server is small") { CHECK(sizeof(server) <= 256); }

}  // namespace canstage::uds::testing

// S3: when it runs, what restarts it, and what its end does.
#include "catch2/catch.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

namespace {

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("UDS-015 UDS-018 3E 80 restarts S3, physically and functionally") {
  server_stage s;
  go_extended(s);
  for (int i = 0; i < 5; ++i) {
    s.run(4999ms);
    i % 2 == 0 ? s.functional("3E 80") : s.request("3E 80");
  }
  CHECK(s.machine().diagnostic_session() == 0x03);
  CHECK(s.log().empty());
  s.run(5s);
  CHECK(s.machine().diagnostic_session() == 0x01);
}

TEST_CASE("UDS-019 S3 without requests leads to the default diagnostic session") {
  server_stage s;
  s.request("10 03");
  s.run(2ms);  // S3 counts from the end of the answer
  s.run(5s - 1ns);
  CHECK(s.machine().diagnostic_session() == 0x03);
  s.run(1ns);
  CHECK(s.machine().diagnostic_session() == 0x01);
  CHECK(s.log() == lines{"+2ms 50 03 00 32 01 F4"});
}

TEST_CASE("UDS-019 a request in the instant of the deadline is in time") {
  server_stage s;
  go_extended(s);
  s.run(5s - 1ns);
  s.machine().on_request(s.machine().deadline(), from_hex("3E 80"), isotp::target_type::physical);
  CHECK(s.machine().diagnostic_session() == 0x03);
  // A nanosecond later it is not, also if the host has not said so yet.
  s.machine().on_request(s.machine().deadline() + 1ns, from_hex("3E 80"), isotp::target_type::physical);
  CHECK(s.machine().diagnostic_session() == 0x01);
}

TEST_CASE("UDS-020 a request prolongs by S3 from the end of its answer") {
  server_stage s;
  s.confirm_by_hand();
  go_extended(s);
  s.run(4900ms);
  s.request("22 F1 90");
  CHECK(s.machine().deadline() == s.now() + 2ms);
  s.run(2ms);
  CHECK(s.machine().deadline() == never);
  s.run(30s);
  s.confirm();
  CHECK(s.machine().deadline() == s.now() + 5s);
}

TEST_CASE("UDS-021 S3 stands still during a reception and restarts when it fails") {
  server_stage s;
  go_extended(s);
  s.run(4s);
  s.reception_started();
  CHECK(s.machine().deadline() == never);
  s.functional("3E 80");  // the other reception goes on
  CHECK(s.machine().deadline() == never);
  s.run(60s);
  s.reception_failed();
  CHECK(s.machine().diagnostic_session() == 0x03);
  CHECK(s.machine().deadline() == s.now() + 5s);
  s.reception_started();
  s.run(60s);
  s.request("50 03");  // not a request, but the reception is over
  CHECK(s.machine().deadline() == s.now() + 5s);
  s.reception_started();
  s.request("");
  CHECK(s.machine().deadline() == s.now() + 5s);
}

TEST_CASE("UDS-021 S3 stands still while a request is pending, 0x78 does not start it") {
  server_stage s{working_config()};
  go_extended(s);
  s.request("31 01");
  s.run(11s);
  CHECK(s.machine().diagnostic_session() == 0x03);
  s.run(1s);
  CHECK(s.log().size() == 4);
  CHECK(s.machine().deadline() == s.now() + 5s);
}

TEST_CASE("UDS-021 work that ends in silence restarts S3 when it ends") {
  server_stage s{working_config()};
  go_extended(s);
  s.request("31 05");
  s.run(99ms);
  CHECK(s.machine().busy());
  s.run(1ms);
  CHECK_FALSE(s.machine().busy());
  CHECK(s.log() == lines{"+40ms 7F 31 78"});
  CHECK(s.machine().deadline() == s.now() + 5s);
}

TEST_CASE("UDS-021 a reception that begins during an answer keeps S3 still after it") {
  server_stage s;
  s.confirm_by_hand();
  go_extended(s);
  s.request("22 F1 90");
  s.run(2ms);
  s.reception_started();
  s.confirm();
  CHECK(s.machine().deadline() == never);
  s.reception_failed();
  CHECK(s.machine().deadline() == s.now() + 5s);
}

TEST_CASE("UDS-021 a reception that fails while a request is worked on does not start S3") {
  server_stage s{working_config()};
  go_extended(s);
  s.request("31 01");
  s.run(1s);
  s.reception_started();
  s.reception_failed();
  s.run(11s);
  CHECK(s.machine().diagnostic_session() == 0x03);
}

TEST_CASE("UDS-022 there is no S3 in the default diagnostic session") {
  server_stage s;
  CHECK(s.machine().deadline() == never);
  s.ask("22 F1 90");
  CHECK(s.machine().deadline() == never);
  go_extended(s);
  s.ask("10 01");
  CHECK(s.machine().deadline() == never);
  s.reception_started();
  s.reception_failed();
  CHECK(s.machine().deadline() == never);
}

TEST_CASE("UDS-023 a negative and a suppressed answer restart S3, a response SID does not") {
  server_stage s;
  go_extended(s);
  s.run(4s);
  s.ask("BA");
  CHECK(s.machine().deadline() == s.now() + 5s);
  s.run(4s);
  s.functional("BA");
  CHECK(s.machine().deadline() == s.now() + 5s);
  s.run(4s);
  s.request("50 03");
  CHECK(s.machine().deadline() == s.now() + 1s);
}

TEST_CASE("a power cycle forgets a request, its answer and the diagnostic session") {
  server_stage s{working_config()};
  go_extended(s);
  s.request("31 01");
  s.run(1s);
  s.log();
  s.reset();
  s.log();  // it has restarted
  CHECK(s.machine().deadline() == never);
  s.run(60s);
  CHECK(s.log().empty());
  CHECK(s.ask("22 F1 86") == "62 F1 86 01");
}

}  // namespace canstage::uds::testing

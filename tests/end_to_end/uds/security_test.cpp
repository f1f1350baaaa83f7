// 0x27, and what services need.
#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/conversation.hpp"

using namespace canstage::conversation;

namespace {

const std::string ecu = R"(uds:
  dids: { FD00: { hex: "00", write: { security: 1 } } }
  security:
    1: { seed: "11 22 33 44", key: "xor:FF", attempts: 3, delay: 10s }
    3: { key: "add:01", attempts: 2, delay: 1s }
)";

}  // namespace

TEST_CASE("UDS-008 27 is 7F in the default diagnostic session, functionally silence") {
  converse(ecu, {ask("27 01", "7F 27 7F"), ask_all("27 01", silence), ask("10 03", "50 03 *"),
                 ask("27 01", "67 01 11 22 33 44")});
}

TEST_CASE("UDS-011 12 comes before 7E and 7E before 33") {
  const std::string restricted =
      ecu +
      "  services:\n    restrict:\n      \"11 02\": { diagnostic_session: programming, "
      "security: 1 }\n";
  converse(restricted, {ask("10 03", "50 03 *"), ask("11 7F", "7F 11 12"), ask("11 02", "7F 11 7E"),
                        ask("10 02", "50 02 *"), ask("11 02", "7F 11 33"), ask("27 01", "67 01 *"),
                        ask("27 02 EE DD CC BB", "67 02"), ask("11 02", "51 02")});
}

TEST_CASE("UDS-012 27 of one byte is 13") { converse(ecu, {ask("10 03", "50 03 *"), ask("27", "7F 27 13")}); }

TEST_CASE("UDS-050 27 01 gives a seed, 27 02 with its key unlocks") {
  converse(ecu, {ask("10 03", "50 03 *"), ask("2E FD 00 01", "7F 2E 33"), ask("27 01", "67 01 11 22 33 44"),
                 ask("27 02 EE DD CC BB", "67 02"), ask("2E FD 00 01", "6E FD 00")});
  // A seed that is drawn is another one each time.
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 03", "67 03 {first:4}"), ask("27 03", "67 03 {second:4}"),
                 ask("27 04 {first}", "7F 27 35")});
}

TEST_CASE("UDS-050 keys follow from seeds by rules") {
  const auto unlock = [](std::string_view rule, std::string_view seed, std::string_view key) {
    converse("uds: { security: { 1: { seed: \"" + std::string{seed} + "\", key: \"" + std::string{rule} +
                 "\" } } }",
             {ask("10 03", "50 03 *"), ask("27 01", "67 01 " + std::string{seed}),
              ask("27 02 " + std::string{key}, "67 02")});
  };
  unlock("55 66", "11 22 33", "55 66");
  unlock("xor:0F F0", "11 22 33", "1E D2 3C");
  unlock("add:FF 01", "11 22", "10 23");
  unlock("sub:01", "01 00", "00 FF");
  unlock("not", "00 FF", "FF 00");
  unlock("reverse, add:01", "01 02", "02 02");
  unlock("rol:4", "12 34", "23 41");
  unlock("hmac:4A 65 66 65, first:4",
         "77 68 61 74 20 64 6F 20 79 61 20 77 61 6E 74 20 66 6F 72 20 6E 6F 74 68 69 6E "
         "67 3F",
         "5B DC C1 46");  // RFC 4231, test case 2
}

TEST_CASE("UDS-051 a key without a seed before it is 24") {
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 02 EE DD CC BB", "7F 27 24"), ask("27 02", "7F 27 24")});
}

TEST_CASE("UDS-052 a wrong key is 35, the last one 36") {
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 01", "67 01 *"), ask("27 02 00", "7F 27 13"),
                 ask("27 02 00 00 00 00", "7F 27 35"), ask("27 01", "67 01 *"),
                 ask("27 02 00 00 00 00", "7F 27 35"), ask("27 01", "67 01 *"),
                 ask("27 02 00 00 00 00", "7F 27 36")});
}

TEST_CASE("UDS-053 during the delay a request for a seed is 37, after it works") {
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 03", "67 03 *"), ask("27 04 00 00 00 00", "7F 27 35"),
                 ask("27 03", "67 03 *"), ask("27 04 00 00 00 00", "7F 27 36"), ask("27 03", "7F 27 37"),
                 ask("27 04 00 00 00 00", "7F 27 24"), ask("27 01", "67 01 *"), wait("1s"),
                 ask("27 03", "67 03 *"),
                 // One attempt is left.
                 ask("27 04 00 00 00 00", "7F 27 36")});
  const std::string other =
      ecu + "  compatibility: { key_during_delay: \"37\", attempts_after_delay: all }\n";
  converse(other, {ask("10 03", "50 03 *"), ask("27 03", "67 03 *"), ask("27 04 00 00 00 00", "7F 27 35"),
                   ask("27 03", "67 03 *"), ask("27 04 00 00 00 00", "7F 27 36"),
                   ask("27 04 00 00 00 00", "7F 27 37"), wait("1s"), ask("27 03", "67 03 *"),
                   ask("27 04 00 00 00 00", "7F 27 35")});
}

TEST_CASE("UDS-054 a seed for a level that is unlocked is zeros") {
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 01", "67 01 *"), ask("27 02 EE DD CC BB", "67 02"),
                 ask("27 01", "67 01 00 00 00 00"), ask("27 02 00 00 00 00", "7F 27 24"),
                 ask("2E FD 00 01", "6E FD 00")});
}

TEST_CASE("UDS-055 after 10 03 again it is locked") {
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 01", "67 01 *"), ask("27 02 EE DD CC BB", "67 02"),
                 ask("10 03", "50 03 *"), ask("2E FD 00 01", "7F 2E 33"), ask("27 01", "67 01 11 22 33 44")});
  // Another level locks this one, and so does S3.
  converse(R"(uds:
  dids: { FD00: { hex: "00", write: { security: 1 } } }
  security: { 1: { seed: "11 22", key: "xor:FF" }, 3: { seed: "33 44", key: "not" } }
)",
           {ask("10 03", "50 03 *"), ask("27 01", "67 01 11 22"), ask("27 02 EE DD", "67 02"),
            ask("2E FD 00 01", "6E FD 00"), ask("27 03", "67 03 33 44"), ask("2E FD 00 02", "6E FD 00"),
            ask("27 04 CC BB", "67 04"), ask("2E FD 00 03", "7F 2E 33"), ask("27 01", "67 01 11 22")});
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 01", "67 01 *"), ask("27 02 EE DD CC BB", "67 02"),
                 wait("6s"), ask("2E FD 00 01", "7F 2E 33")});
}

TEST_CASE("UDS-056 the key of another level is 24") {
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 01", "67 01 *"), ask("27 04 EE DD CC BB", "7F 27 24")});
}

TEST_CASE("UDS-057 27 00 and levels that there are not are 12") {
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 00", "7F 27 12"), ask("27 05", "7F 27 12"),
                 ask("27 06 00", "7F 27 12"), ask("27 7F", "7F 27 12")});
}

TEST_CASE("UDS-058 a key is used once") {
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 01", "67 01 *"), ask("27 02 EE DD CC BB", "67 02"),
                 ask("27 02 EE DD CC BB", "7F 27 24")});
}

TEST_CASE(
    "UDS-059 wrong keys stay counted through a change of the diagnostic session, and a reset if so made") {
  converse(ecu, {ask("10 03", "50 03 *"), ask("27 03", "67 03 *"), ask("27 04 00 00 00 00", "7F 27 35"),
                 ask("10 01", "50 01 *"), ask("10 03", "50 03 *"), ask("27 03", "67 03 *"),
                 ask("27 04 00 00 00 00", "7F 27 36"), ask("11 01", "51 01"), ask("10 03", "50 03 *"),
                 ask("27 03", "67 03 *")});
  const std::string kept =
      "uds: { security: { 1: { seed: \"01\", key: \"not\", attempts: 2, delay: 2s, attempts_survive_reset: "
      "true } } }";
  converse(kept, {ask("10 03", "50 03 *"), ask("27 01", "67 01 01"), ask("27 02 00", "7F 27 35"),
                  ask("11 01", "51 01"), ask("10 03", "50 03 *"), ask("27 01", "67 01 01"),
                  ask("27 02 00", "7F 27 36"), power_cycle(), ask("10 03", "50 03 *"),
                  ask("27 01", "7F 27 37"), wait("2s"), ask("27 01", "67 01 01"), ask("27 02 FE", "67 02")});
}

TEST_CASE("UDS-053 a delay after power-on") {
  converse("uds: { security: { 1: { seed: \"01\", key: \"not\", power_on_delay: 3s } } }",
           {ask("10 03", "50 03 *"), ask("27 01", "7F 27 37"), wait("3s"), ask("27 01", "67 01 01"),
            power_cycle(), ask("10 03", "50 03 *"), ask("27 01", "7F 27 37")});
}

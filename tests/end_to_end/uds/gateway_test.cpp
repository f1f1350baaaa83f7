// An ECU behind a gateway.
#include "catch2/catch.hpp"
#include "tests/end_to_end/uds/conversation.hpp"

using namespace canstage::conversation;

TEST_CASE("an ECU behind a gateway is asked as if it were on the bus of the tester, later by the delay") {
  // The answer has several frames: the flow control of the tester goes through the gateway, too.
  converse(
      "bus: can\nuds: { dids: { F190: WVWZZZ1JZXW000001 } }",
      {ask("22 F1 90", "62 F1 90 57 *").within("3ms"),
       ask_other("door", "22 F1 90", "62 F1 90 57 *").within("12ms"),
       // Not before the frame was with the gateway twice, 2 ms each.
       ask_all("22 F1 90", "62 F1 90 57 *").within("12ms"), ask_other("door", "10 03", "50 03 *"),
       ask_all("3E 80", silence), ask_other("door", "22 F1 86 F1 86 F1 86 F1 86", "62 F1 86 03 F1 86 03 *"),
       ask("22 F1 86", "62 F1 86 01")},
      "  door: { like: ecu, bus: body, address: { request: 7E1, response: 7E9 } }\n"
      "gateways: { gateway: { bus: can, ecus: [door], delay: 2ms } }",
      "body: { bitrate: 125k }");
}

// How links are written, and what they cannot carry.
#include "scenarios/link.hpp"

#include "catch2/catch.hpp"
#include "scenarios/link_check.hpp"
#include "tests/scenarios/loaded.hpp"

namespace canstage::scenarios {
namespace {

std::optional<link> bus_link(std::string_view text) {
  std::string problem;
  return parse_link(text, link_use::bus, problem);
}

std::optional<link> connection_link(std::string_view text) {
  std::string problem;
  return parse_link(text, link_use::connection, problem);
}

std::string why_not(std::string_view text, link_use use) {
  std::string problem;
  return parse_link(text, use, problem) ? "it is one" : problem;
}

TEST_CASE("links are written as they are read", "[link]") {
  const auto* const text =
      GENERATE("socketcan:vcan0", "isotp:can1", "isotp:vcan0?fallback=no", "isotpserver:127.0.0.1:7000",
               "isotpserver:[::1]:65535", "isotpserver:bench.example:1", "socketcand:127.0.0.1:29536/can0",
               "socketcand:[::1]:1/powertrain");
  const auto made = connection_link(text);
  REQUIRE(made);
  CHECK(to_string(*made) == text);
  CHECK_FALSE(made->is_virtual());
}

TEST_CASE("the parts of a link", "[link]") {
  CHECK(bus_link("virtual") == link{});
  CHECK(bus_link("isotp:vcan0?fallback=yes") == bus_link("isotp:vcan0"));
  const auto server = connection_link("isotpserver:[::1]:7000").value();
  CHECK(server.where == "::1");
  CHECK(server.port == 7000);
  CHECK_FALSE(server.carries_frames());
  CHECK(bus_link("socketcan:vcan0").value().carries_frames());
  CHECK_FALSE(bus_link("isotp:vcan0?fallback=no").value().fallback);
  const auto bus = bus_link("socketcand:gateway.local:29536/can0").value();
  CHECK(bus.where == "gateway.local");
  CHECK(bus.bus == "can0");
  CHECK(bus.carries_frames());
  CHECK_FALSE(bus.carries_all_frames());
}

TEST_CASE("what is no link, and why", "[link]") {
  CHECK(why_not("can0", link_use::bus).empty());
  CHECK(why_not("socketcan:", link_use::bus).find("name of an interface") != std::string::npos);
  CHECK(why_not("socketcan:sixteen_letters_", link_use::bus).find("name of an interface") !=
        std::string::npos);
  CHECK(why_not("isotp:vcan0?fallback=maybe", link_use::bus).find("isotp:vcan0?fallback=no") !=
        std::string::npos);
  const auto* const address =
      GENERATE("isotpserver:", "isotpserver:localhost", "isotpserver::7000", "isotpserver:localhost:0",
               "isotpserver:localhost:65536", "isotpserver:localhost:7x", "isotpserver:::1:7000");
  CHECK(why_not(address, link_use::connection).find("HOST:PORT was expected") != std::string::npos);
}

TEST_CASE("what is no bus of a socketcand server", "[link]") {
  const auto* const address =
      GENERATE("socketcand:localhost:29536", "socketcand:localhost:29536/", "socketcand:localhost/can0",
               "socketcand:localhost:0/can0", "socketcand:localhost:29536/can 0", "socketcand:/can0");
  CHECK(why_not(address, link_use::bus).find("HOST:PORT/BUS was expected") != std::string::npos);
}

TEST_CASE("what carries one connection carries no bus, and the other way round", "[link]") {
  CHECK(why_not("isotpserver:localhost:7000", link_use::bus).find("a single connection") !=
        std::string::npos);
  CHECK(why_not("virtual", link_use::connection).find("is on its bus") != std::string::npos);
}

constexpr std::string_view two_ecus = R"(
ecus:
  engine: { address: { request: "7E0", response: "7E8" }, link: "isotpserver:localhost:7000" }
  gearbox: { address: { request: "7E1", response: "7E9", functional: none } }
testers: { tester: {} }
)";

std::vector<std::string> uncarried_in(const std::string& text, const link_purpose& purpose = {}) {
  std::vector<std::string> found;
  for (const auto& one : find_uncarried(loaded("canstage: 1\n" + text), purpose)) found.push_back(one.why);
  return found;
}

TEST_CASE("who leaves a virtual bus is not asked there", "[link]") {
  const std::string cast = "buses: { can: {} }" + std::string{two_ecus};
  const std::string ask = "steps: [ { request: { from: tester, to: engine, bytes: \"3E 00\" } } ]\n";
  const auto found = uncarried_in(cast + ask);
  REQUIRE(found.size() == 1);
  CHECK(found[0] ==
        "engine is simulated here, and isotpserver:localhost:7000 takes it away from bus can, which is "
        "virtual: tester does not reach it there");
  CHECK(uncarried_in(cast + ask, {.steps = false}).empty());
  CHECK(uncarried_in(cast + "steps: [ { request: { from: tester, to: gearbox, bytes: \"3E 00\" } } ]\n")
            .empty());
  // Asked with all others.
  CHECK(uncarried_in(cast + "steps: [ { functional: { from: tester, request: \"3E 00\" } } ]\n").size() == 1);
}

TEST_CASE("of a real ECU the link carries the tester's end, and no functional request", "[link]") {
  auto cast = "buses: { can: {} }" + std::string{two_ecus};
  cast.replace(cast.find("link:"), 0, "real: true, ");
  CHECK(uncarried_in(cast + "steps: [ { request: { from: tester, to: engine, bytes: \"3E 00\" } } ]\n")
            .empty());
  CHECK(uncarried_in(cast + "steps: [ { functional: { from: tester, request: \"3E 00\" } } ]\n") ==
        std::vector<std::string>{
            "engine is behind isotpserver:localhost:7000, and a functional request is sent on bus "
            "can only"});
  cast.replace(cast.find("isotpserver:localhost:7000"), 26, "isotp:vcan0");
  cast.replace(cast.find("can: {}"), 7, "can: { link: \"socketcan:vcan0\" }");
  CHECK(uncarried_in(cast + "steps: [ { functional: { from: tester, request: \"3E 00\" } } ]\n").empty());
}

TEST_CASE("outside of the process links may be one wire", "[link]") {
  CHECK(uncarried_in("buses: { can: { link: \"socketcan:vcan0\" } }" + std::string{two_ecus} +
                     "steps: [ { request: { from: tester, to: engine, bytes: \"3E 00\" } } ]\n")
            .empty());
}

TEST_CASE("kernel ISO-TP carries no frames; beside it CAN_RAW does, unless nothing may fall back", "[link]") {
  const auto with = [](const std::string& carrier) {
    return "buses: { can: { link: \"" + carrier + "\" } }\ntesters: { tester: {} }\n" +
           "steps: [ { send_frame: { bus: can, id: \"123\", data: \"01\" } } ]\n";
  };
  CHECK(uncarried_in(with("isotp:vcan0"), {.trace = true}).empty());
  CHECK(detours(loaded("canstage: 1\n" + with("isotp:vcan0")), {}) ==
        std::vector<std::string>{
            "bus can: frames of steps and of --trace go over CAN_RAW on vcan0, because kernel "
            "ISO-TP carries messages only"});
  CHECK(uncarried_in(with("isotp:vcan0?fallback=no"), {.trace = true}) ==
        std::vector<std::string>{"there is no trace of bus can: isotp:vcan0?fallback=no carries no frames",
                                 "isotp:vcan0?fallback=no carries no frames"});
  CHECK(detours(loaded("canstage: 1\n" + with("isotp:vcan0?fallback=no")), {}) ==
        std::vector<std::string>{
            "bus can: who answers without being known is not heard on isotp:vcan0?fallback=no"});
}

TEST_CASE("isotpserver carries one connection, and its ISO-TP behaves", "[link]") {
  const auto found = uncarried_in(R"(
buses: { can: {} }
ecus:
  engine: { address: { request: "7E0", response: "7E8" }, link: "isotpserver:localhost:7000" }
  gearbox: { address: { request: "7E1", response: "7E9" }, link: "isotpserver:localhost:7000" }
faults: [ { at: engine, do: drop_cf } ]
)");
  REQUIRE(found.size() == 2);
  CHECK(found[0] == "engine has faults, but isotpserver:localhost:7000 has an ISO-TP of its own");
  CHECK(found[1] == "engine and gearbox are both on isotpserver:localhost:7000, which carries one");
}

TEST_CASE("isotpserver carries messages of up to 6000 bytes, and tells nothing else", "[link]") {
  const auto with = [](const std::string& step) {
    return R"(
buses: { can: { link: "socketcan:vcan0" } }
endpoints:
  tool: { rx: "456", tx: "123", link: "isotpserver:localhost:7000" }
  peer: { rx: "123", tx: "456", do: echo }
steps: [ )" +
           step + " ]\n";
  };
  const auto request = [&](std::size_t length, const std::string& expect) {
    return with("{ request: { from: tool, to: peer, bytes: \"" + to_hex(bytes(length)) + "\" }" + expect +
                " }");
  };
  CHECK(uncarried_in(request(6000, "")).empty());
  CHECK(uncarried_in(request(6001, "")) ==
        std::vector<std::string>{
            "isotpserver:localhost:7000 carries messages up to 6000 bytes, this one has 6001"});
  CHECK(uncarried_in(request(1, ", expect: { breaks_off: N_TIMEOUT_Bs }")) ==
        std::vector<std::string>{"isotpserver:localhost:7000 does not tell how a message ends"});
}

TEST_CASE("isotpserver brings an ECU no functional requests", "[link]") {
  CHECK(uncarried_in("buses: { can: { link: \"socketcan:vcan0\" } }" + std::string{two_ecus} +
                     "steps: [ { functional: { from: tester, request: \"3E 00\" } } ]\n") ==
        std::vector<std::string>{
            "engine is behind isotpserver:localhost:7000, which brings no functional requests "
            "(unless its 'functional' is none)"});
}

TEST_CASE("socketcand carries classic data frames", "[link]") {
  constexpr auto only = ", and socketcand:localhost:1/can0 carries classic data frames only";
  const std::string bus = "buses: { can: { link: \"socketcand:localhost:1/can0\"";
  const std::string cast = bus + R"( } }
ecus: { engine: { address: { request: "7E0", response: "7E8" } } }
testers: { tester: {} }
)";
  CHECK(
      uncarried_in(cast + "steps: [ { functional: { request: \"3E 00\" } }, { send_frame: { id: 123 } } ]\n")
          .empty());
  CHECK(uncarried_in(bus + ", bitrate: 500k, data_bitrate: 2M } }\n") ==
        std::vector<std::string>{std::string{"bus can has CAN FD"} + only});
  CHECK(uncarried_in(cast + "steps: [ { send_frame: { id: 123, fd: true } } ]\n") ==
        std::vector<std::string>{std::string{"this is a frame of CAN FD"} + only});
  CHECK(uncarried_in(bus + " } }\nendpoints: { a: { rx: 1, tx: 2, isotp: { tx_dl: 64 } } }\n") ==
        std::vector<std::string>{std::string{"a has a tx_dl of 64"} + only});
  CHECK(uncarried_in(bus + " } }\ntesters: { tester: { isotp: { tx_dl: 64 } } }\n") ==
        std::vector<std::string>{std::string{"tester has a tx_dl of 64"} + only});
}

TEST_CASE("time is real where a link is, also that of one connection", "[link]") {
  const auto play = loaded("canstage: 1\nbuses: { can: {} }" + std::string{two_ecus});
  CHECK(usual_time(play) == time_mode::real_time);
  REQUIRE(first_outside(play));
  CHECK(first_outside(play)->who == "ecu engine");
}

}  // namespace
}  // namespace canstage::scenarios

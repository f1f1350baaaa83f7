#include "protocols/socketcand/client.hpp"

#include <chrono>

#include "catch2/catch.hpp"
#include "tests/protocols/can/frames.hpp"

using namespace canstage;
using namespace canstage::socketcand;
using namespace std::chrono_literals;
using can::test::hex;

namespace {

std::string text_of(const client_event& event) {
  if (const auto* text = std::get_if<say>(&event)) return text->text;
  if (std::holds_alternative<opened>(event)) return "opened";
  if (std::holds_alternative<fd_frame>(event)) return "CAN FD frame";
  if (const auto* f = std::get_if<received_frame>(&event)) return "frame " + to_hex(f->content.payload());
  if (const auto* error = std::get_if<controller_error>(&event))
    return "error " + std::to_string(error->classes);
  return "gives up: " + std::get<give_up>(event).reason;
}

std::string reads(client& machine, std::string_view text) {
  machine.on_bytes(text);
  std::string all;
  while (const auto event = machine.poll()) all += text_of(*event) + '\n';
  return all;
}

}  // namespace

TEST_CASE("socketcand client: the handshake, then frames") {
  client machine{instant{}, "can0"};
  CHECK(machine.deadline() == instant{client::patience});
  CHECK(reads(machine, "< hi >") == "< open can0 >\n");
  CHECK(reads(machine, "< ok >") == "< rawmode >\n");
  CHECK_FALSE(machine.is_open());
  CHECK(reads(machine, "< ok >") == "opened\n");
  CHECK(machine.is_open());
  CHECK(machine.deadline() == never);
  CHECK(reads(machine, "< frame 7E8 1.000000 0350 >\n< frame 7E8 1.000000 04 50 >") ==
        "frame 03 50\nframe 04 50\n");
}

TEST_CASE("socketcand client: what else a server tells") {
  client machine{instant{}, "can0"};
  reads(machine, "< hi >< ok >< ok >");
  CHECK(reads(machine, "< error 040 1.000000 >") == "error 64\n");
  CHECK(reads(machine, "< error unknown command >").empty());
  CHECK(reads(machine, "< echo >< fdframe 123 01 1.000000 11 >") == "CAN FD frame\n");
  CHECK(reads(machine, "< frame 123 >") == "gives up: it sends a frame that is none\n");
}

TEST_CASE("socketcand client: a handshake that fails") {
  client machine{instant{}, "can7"};
  SECTION("no such bus") {
    reads(machine, "< hi >");
    CHECK(reads(machine, "< error could not open bus >") == "gives up: it has no bus can7\n");
  }
  SECTION("another protocol") {
    CHECK(reads(machine, "SSH-2.0-OpenSSH\r\n") == "gives up: what it says is not socketcand\n");
  }
  SECTION("silence") {
    machine.on_time(instant{client::patience - 1ns});
    CHECK_FALSE(machine.poll());
    machine.on_time(instant{client::patience});
    CHECK(reads(machine, "") == "gives up: it does not answer as socketcand does\n");
  }
  CHECK(reads(machine, "< hi >").empty());
  CHECK(machine.deadline() == never);
}

#include "protocols/isotpserver/client.hpp"

#include <chrono>

#include "catch2/catch.hpp"

using namespace canstage;
using namespace canstage::isotpserver;
using namespace std::chrono_literals;

namespace {

constexpr auto begin = instant{};

std::string text_of(const client_event& event) {
  if (const auto* text = std::get_if<say>(&event)) return text->text;
  if (const auto* end = std::get_if<confirm>(&event)) return std::string{to_string(end->result)} + '\n';
  if (const auto* message = std::get_if<indication>(&event)) return "received " + to_hex(message->sdu) + '\n';
  return "gives up: " + std::get<give_up>(event).reason + '\n';
}

std::string does(client& machine) {
  std::string all;
  while (const auto event = machine.poll()) all += text_of(*event);
  return all;
}

}  // namespace

TEST_CASE("isotpserver client: a message is sent when it was written") {
  client machine{1s};
  machine.on_connected();
  machine.request(begin, {0x22, 0xF1, 0x90});
  machine.request(begin, {0x3E, 0x00});
  CHECK(does(machine) == "<22F190>\n");
  CHECK(machine.deadline() == never);
  machine.on_written();
  CHECK(does(machine) == "N_OK\n<3E00>\n");
  machine.on_bytes(begin, "<62F1");
  CHECK(does(machine).empty());
  machine.on_bytes(begin, "90>\n<7E00>\n");
  CHECK(does(machine) == "received 62 F1 90\nreceived 7E 00\n");
}

TEST_CASE("isotpserver client: what is requested before there is a connection waits for it") {
  client machine{1s};
  machine.request(begin, {0x3E, 0x00});
  CHECK(does(machine).empty());
  CHECK(machine.deadline() == begin + 1s);
  SECTION("which comes") {
    machine.on_time(begin + 999ms);
    machine.on_connected();
    CHECK(does(machine) == "<3E00>\n");
  }
  SECTION("which does not come: N_As") {
    machine.on_time(begin + 1s);
    CHECK(does(machine) == "N_TIMEOUT_A\n");
    machine.on_connected();
    CHECK(does(machine).empty());
    CHECK(machine.deadline() == never);
  }
}

TEST_CASE("isotpserver client: a connection that is lost") {
  client machine{1s};
  machine.on_connected();
  machine.request(begin, {0x01});
  machine.request(begin, {0x02});
  machine.on_bytes(begin, "<AA");
  does(machine);
  machine.on_lost();
  CHECK(does(machine) == "N_TIMEOUT_A\n");
  machine.on_connected();
  // Half a message of the connection before is none.
  machine.on_bytes(begin, "BB><CC>");
  CHECK(does(machine) == "<02>\nreceived CC\n");
}

TEST_CASE("isotpserver client: what isotpserver does not take") {
  client machine{1s};
  machine.request(begin, bytes(longest_message + 1));
  machine.request(begin, {});
  CHECK(does(machine) == "N_ERROR\nN_ERROR\n");
  machine.on_connected();
  machine.request(begin, bytes(longest_message));
  CHECK(does(machine).size() == 2 * longest_message + 3);
}

TEST_CASE("isotpserver client: a node without power confirms nothing") {
  client machine{1s};
  machine.on_connected();
  machine.request(begin, {0x01});
  machine.request(begin, {0x02});
  does(machine);
  machine.reset();
  machine.on_written();
  CHECK(does(machine).empty());
  CHECK(machine.deadline() == never);
}

TEST_CASE("isotpserver client: who is no isotpserver") {
  client machine{1s};
  machine.on_connected();
  SECTION("sends something else") {
    machine.on_bytes(begin, std::string(reader::most_ignored + 1, 'x'));
    CHECK(does(machine) == "gives up: it sends no messages between '<' and '>'\n");
  }
  SECTION("stops in the middle") {
    machine.on_bytes(begin, "<11");
    CHECK(machine.deadline() == begin + reader::patience);
    machine.on_time(begin + reader::patience);
    CHECK(does(machine) == "gives up: half a message, and then nothing for 10 s\n");
  }
}

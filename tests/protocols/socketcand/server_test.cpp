#include "protocols/socketcand/server.hpp"

#include <chrono>

#include "catch2/catch.hpp"
#include "tests/protocols/can/frames.hpp"

using namespace canstage;
using namespace canstage::socketcand;
using namespace std::chrono_literals;
using can::data_frame;
using can::identifier;
using can::test::hex;

namespace {

const can::frame answer = data_frame(identifier::standard(0x7E8), hex("0350"));

/// A server of the buses can0 and can1, and its outputs as text.
struct stage {
  server machine{std::make_shared<std::vector<std::string>>(std::vector<std::string>{"can0", "can1"})};
  instant now{};

  /// All outputs, each in a line of its own.
  std::string outputs() {
    std::string all;
    while (const auto event = machine.poll()) all += text_of(*event) + '\n';
    return all;
  }

  std::string says(std::string_view text) {
    machine.on_bytes(now, text);
    return outputs();
  }

  std::string hears(const can::frame& f) {
    machine.on_frame(f, 1s);
    return outputs();
  }

  std::string waits(duration time) {
    now += time;
    machine.on_time(now);
    return outputs();
  }

  /// The handshake, until frames are told without delay.
  void opens_raw() {
    says("< open can0 >");
    says("< rawmode >");
    waits(server::hold);
  }

 private:
  static std::string text_of(const server_event& event) {
    if (const auto* text = std::get_if<write_text>(&event)) return text->text;
    if (const auto* bus = std::get_if<join_bus>(&event)) return "joins " + std::to_string(bus->bus);
    if (const auto* f = std::get_if<transmit_frame>(&event)) {
      return "sends " + std::to_string(f->content.id.value()) + " " + to_hex(f->content.payload());
    }
    if (const auto* what = std::get_if<remark>(&event)) return "remark: " + what->text;
    return "hangs up: " + std::get<hang_up>(event).reason;
  }
};

}  // namespace

TEST_CASE("socketcand server: python-can's handshake, each answer in a write of its own") {
  stage on;
  CHECK(on.outputs() == "< hi >\n");
  CHECK(on.says("< open can0 >") == "joins 0\n< ok >\n");
  CHECK(on.machine.bus() == 0U);
  CHECK(on.says("< rawmode >") == "< ok >\n");
}

TEST_CASE("socketcand server: commands may come in one packet, or in pieces") {
  stage on;
  on.outputs();
  CHECK(on.says("< open can1 >< rawmode >\n< echo >") == "joins 1\n< ok >\n< ok >\n< echo >\n");
  CHECK(on.says("< ec").empty());
  CHECK(on.says("ho >") == "< echo >\n");
}

TEST_CASE("socketcand server: a bus that is not there ends the connection") {
  stage on;
  on.outputs();
  CHECK(on.says("< open can7 >") ==
        "< error could not open bus >\nhangs up: it wants the bus 'can7', which is not here\n");
  CHECK(on.says("< open can0 >").empty());
}

TEST_CASE("socketcand server: frames are told in raw mode") {
  stage on;
  on.outputs();
  on.says("< open can0 >");
  CHECK(on.hears(answer).empty());
  on.says("< rawmode >");
  on.waits(server::hold);
  CHECK(on.hears(answer) == "< frame 7E8 1.000000 0350 >\n");
}

TEST_CASE("socketcand server: frames wait until the answer to 'rawmode' has been read") {
  stage on;
  on.outputs();
  on.says("< open can0 >");
  on.says("< rawmode >");
  CHECK(on.hears(answer).empty());
  CHECK(on.machine.deadline() == on.now + server::hold);
  SECTION("for 100 ms") {
    CHECK(on.waits(server::hold - 1ns).empty());
    CHECK(on.waits(1ns) == "< frame 7E8 1.000000 0350 >\n");
  }
  SECTION("or until the client says something") {
    CHECK(on.says("< echo >") == "< frame 7E8 1.000000 0350 >\n< echo >\n");
  }
  CHECK(on.machine.deadline() == never);
}

TEST_CASE("socketcand server: a line end in front of each frame but the first after a command") {
  // python-can 4.1 drops a character of what it has read in part.
  stage on;
  on.outputs();
  on.opens_raw();
  CHECK(on.hears(answer) == "< frame 7E8 1.000000 0350 >\n");
  CHECK(on.hears(answer) == "\n< frame 7E8 1.000000 0350 >\n");
  on.machine.on_frame(answer, 1s);
  CHECK(on.hears(answer) == "\n< frame 7E8 1.000000 0350 >\n< frame 7E8 1.000000 0350 >\n");
  CHECK(on.says("< echo >") == "< echo >\n");
  CHECK(on.hears(answer) == "< frame 7E8 1.000000 0350 >\n");
}

TEST_CASE("socketcand server: a client sends frames, in raw mode and before") {
  stage on;
  on.outputs();
  CHECK(on.says("< send 7DF 3 2 10 3 >") == "< error unknown command >\nremark: 'send' is no command here\n");
  on.says("< open can0 >");
  CHECK(on.says("< send 7DF 3 2 10 3 >") == "sends 2015 02 10 03\n");
  on.says("< rawmode >");
  CHECK(on.says("< send 7DF 3 2 10 3 >< send 7DF 1 >") ==
        "sends 2015 02 10 03\nremark: remote frames are not carried\n");
}

TEST_CASE("socketcand server: subscriptions before raw mode") {
  stage on;
  on.outputs();
  on.says("< open can0 >");
  CHECK(on.says("< subscribe 0 0 7E8 >").empty());
  CHECK(on.hears(answer) == "< frame 7E8 1.000000 03 50 >\n");
  CHECK(on.hears(data_frame(identifier::standard(0x7E9), hex("01"))).empty());
  CHECK(on.hears(data_frame(identifier::extended(0x7E8), hex("01"))).empty());
  CHECK(on.says("< unsubscribe 7E8 >").empty());
  CHECK(on.hears(answer).empty());
  CHECK(on.says("< subscribe 7E8 >") ==
        "remark: 'subscribe' wants seconds, microseconds and an identifier\n");
}

TEST_CASE("socketcand server: what it does not know") {
  stage on;
  on.outputs();
  on.says("< open can0 >");
  CHECK(on.says("< bcmmode >") == "< error unknown command >\n");  // it is in that mode
  CHECK(on.says("< isotpmode >") == "< error unknown command >\nremark: 'isotpmode' is no command here\n");
  CHECK(on.says("<>") == "< error unknown command >\nremark: '' is no command here\n");
  CHECK(on.says("< rawmode >") == "< ok >\n");
  CHECK(on.says("< bcmmode >") == "< ok >\n");
}

TEST_CASE("socketcand server: who does not speak socketcand is hung up on") {
  stage on;
  on.outputs();
  SECTION("another protocol") {
    CHECK(on.says("GET / HTTP/1.1\r\n") == "hangs up: what it sends is not socketcand\n");
  }
  SECTION("a command without an end") {
    CHECK(on.says("<" + std::string(4000, 'x')).empty());
    CHECK(on.says("x") == "hangs up: what it sends is not socketcand\n");
  }
  SECTION("half a command") {
    CHECK(on.says("< open ").empty());
    CHECK(on.waits(5s).empty());
    CHECK(on.says("can").empty());  // the other half, not a character now and then
    CHECK(on.waits(5s) == "hangs up: half a command, and then nothing for 10 s\n");
  }
  CHECK(on.machine.deadline() == never);
}

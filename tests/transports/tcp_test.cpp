// TCP on this machine: addresses, and the three classes for descriptors together.
#include <poll.h>

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>

#include "transports/one_shot_set.hpp"
#include "transports/reader.hpp"
#include "transports/tcp_address.hpp"
#include "transports/tcp_connector.hpp"
#include "transports/tcp_listener.hpp"
#include "transports/tcp_stream.hpp"

using namespace canstage::transports;

namespace {

constexpr int patience_ms = 20'000;
constexpr std::chrono::milliseconds patience{patience_ms};

/// Waits until something can be read.
void await_input(int number) {
  pollfd wanted{number, POLLIN, 0};
  REQUIRE(poll(&wanted, 1, patience_ms) == 1);
}

/// A connection of this process with itself.
struct ends {
  explicit ends(const std::string& host = "127.0.0.1") {
    std::string problem;
    const bool opened = listener.open({host, 0}, problem);
    INFO(problem);
    REQUIRE(opened);
    here = tcp_stream{connect_within(listener.address(), patience, problem)};
    INFO(problem);
    REQUIRE(here.is_open());
    await_input(listener.number());
    auto accepted = listener.accept();
    REQUIRE(accepted);
    peer = accepted->peer;
    there = tcp_stream{std::move(accepted->socket)};
  }

  tcp_listener listener;
  tcp_stream here;
  tcp_stream there;
  std::string peer;
};

std::string read_from(tcp_stream& stream) {
  await_input(stream.number());
  std::array<char, 100> room;
  return std::string{stream.receive(room).bytes};
}

}  // namespace

TEST_CASE("tcp: addresses and how they are written") {
  CHECK(parse_tcp_address("127.0.0.1:29536") == tcp_address{"127.0.0.1", 29536});
  CHECK(parse_tcp_address("gateway.local:0") == tcp_address{"gateway.local", 0});
  CHECK(parse_tcp_address("[::1]:7000") == tcp_address{"::1", 7000});
  CHECK(to_string(tcp_address{"::1", 7000}) == "[::1]:7000");
  CHECK(to_string(tcp_address{"a", 1}) == "a:1");
  for (const auto* wrong : {"", ":", "7000", "a", "a:", ":7000", "a:65536", "a:-1", "a:1x", "::1:7000",
                            "[]:1", "a b:1", "a/b:1", "[a:1", "a]:1"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_tcp_address(wrong));
  }
}

TEST_CASE("tcp: who listens says a host only to be reached from elsewhere") {
  CHECK(parse_listen_address("7000") == tcp_address{"127.0.0.1", 7000});
  CHECK(parse_listen_address(":7000") == tcp_address{"127.0.0.1", 7000});
  CHECK(parse_listen_address("0.0.0.0:7000") == tcp_address{"0.0.0.0", 7000});
  CHECK_FALSE(parse_listen_address("here"));
  CHECK_FALSE(parse_listen_address(""));
}

TEST_CASE("tcp: text in both directions") {
  const auto host = GENERATE(as<std::string>{}, "127.0.0.1", "localhost");
  ends on{host};
  CHECK(on.listener.address().port != 0);
  CHECK(on.peer.find("127.0.0.1:") == 0);
  on.here.send("< hi >");
  CHECK(read_from(on.there) == "< hi >");
  on.there.send("< ok >");
  CHECK(read_from(on.here) == "< ok >");
  std::array<char, 100> room;
  CHECK(on.here.receive(room).bytes.empty());
  CHECK_FALSE(on.here.receive(room).ended);
  CHECK_FALSE(on.listener.accept());
}

TEST_CASE("tcp: the end of what the peer sends") {
  ends on;
  on.here.send("last");
  on.here.close();
  CHECK(read_from(on.there) == "last");
  await_input(on.there.number());
  std::array<char, 100> room;
  CHECK(on.there.receive(room).ended);
}

TEST_CASE("tcp: what the peer does not read waits, up to a limit") {
  ends on;
  const std::string text(64 * 1024, 'x');
  std::size_t sent = 0;
  while (on.here.waiting() == 0) {
    on.here.send(text);
    sent += text.size();
    REQUIRE(sent < 100'000'000);
  }
  SECTION("and is written when there is room") {
    std::size_t read = 0;
    while (read < sent) {
      read += read_from(on.there).size();
      on.here.flush();
    }
    CHECK(on.here.waiting() == 0);
    CHECK(on.here.problem().empty());
  }
  SECTION("and then it is a problem") {
    while (on.here.problem().empty()) {
      on.here.send(text);
      CHECK(on.here.waiting() <= tcp_stream::queue_limit);
    }
    CHECK(on.here.problem().find("it does not read: ") == 0);
  }
}

TEST_CASE("tcp: a peer that is gone") {
  ends on;
  on.there.close();
  while (on.here.problem().empty()) on.here.send("x");
  CHECK(on.here.problem() == "it closed the connection");
}

TEST_CASE("tcp: where nobody can listen or connect") {
  ends on;
  std::string problem;
  tcp_listener second;
  CHECK_FALSE(second.open(on.listener.address(), problem));
  CHECK(problem == to_string(on.listener.address()) + " is in use by another program");
  CHECK_FALSE(second.open({"192.0.2.1", 7000}, problem));
  CHECK(problem == "192.0.2.1:7000 is no address of this machine");
  CHECK_FALSE(second.open({"no-such-host.invalid", 1}, problem));
  CHECK(problem.find("no-such-host.invalid") != std::string::npos);
  const auto address = on.listener.address();
  on.listener.close();
  CHECK_FALSE(connect_within(address, patience, problem).is_open());
  CHECK(problem == to_string(address) + " refuses connections: nobody listens there");
  problem.clear();
  CHECK_FALSE(connect_within({"no-such-host.invalid", 1}, patience, problem).is_open());
  CHECK(problem.find("no-such-host.invalid") != std::string::npos);
}

TEST_CASE("tcp: a set calls once for each time that it is asked") {
  ends on;
  std::atomic<int> calls = 0;
  std::promise<void> called;
  one_shot_set waits{std::make_shared<reader>()};
  waits.add(on.there.number(), [&] {
    if (++calls == 1) called.set_value();
  });
  on.here.send("x");
  waits.await(on.there.number(), true, false);
  REQUIRE(called.get_future().wait_for(std::chrono::milliseconds{patience_ms}) == std::future_status::ready);
  // Nobody has read it, and nobody asks: the set is still. Another descriptor shows that it is not dead.
  std::promise<void> writable;
  waits.add(on.here.number(), [&] { writable.set_value(); });
  waits.await(on.here.number(), false, true);
  REQUIRE(writable.get_future().wait_for(std::chrono::milliseconds{patience_ms}) ==
          std::future_status::ready);
  CHECK(calls == 1);
  waits.remove(on.there.number());
  waits.remove(on.here.number());
}

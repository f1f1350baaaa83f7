#include "transports/reader.hpp"

#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <future>
#include <vector>

#include "transports/can_socket.hpp"

using namespace canstage;
using namespace std::chrono_literals;
using can::identifier;
using transports::can_socket;
using transports::descriptor;
using transports::reader;

namespace {

constexpr auto patience = 20s;

/// Two ends that keep the borders of messages, as sockets of CAN do.
struct ends {
  ends() {
    int numbers[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, numbers) == 0);
    here = can_socket{descriptor{numbers[0]}};
    there = can_socket{descriptor{numbers[1]}};
  }

  can_socket here;
  can_socket there;
};

can::frame numbered(std::uint32_t number) {
  const std::vector<std::uint8_t> data{static_cast<std::uint8_t>(number)};
  return can::data_frame(identifier::extended(number), data);
}

/// Collects what a socket receives until it is enough.
class collector {
 public:
  collector(reader& from, can_socket& socket, std::size_t enough) : from_(from), socket_(socket) {
    from_.add(socket_.number(), [this, enough] {
      const auto batch = socket_.receive();
      largest = std::max(largest, batch.frames.size());
      const bool before = frames.size() < enough;
      for (const auto& one : batch.frames) frames.push_back(one.content);
      if (before && frames.size() >= enough) done.set_value();
    });
  }
  ~collector() { from_.remove(socket_.number()); }

  bool wait() { return done.get_future().wait_for(patience) == std::future_status::ready; }

  std::vector<can::frame> frames;
  std::size_t largest = 0;

 private:
  reader& from_;
  can_socket& socket_;
  std::promise<void> done;
};

}  // namespace

TEST_CASE("frames of all kinds come through as they were sent, in their order and in batches") {
  ends pair;
  std::vector<can::frame> sent;
  for (std::uint32_t i = 0; i < 150; ++i) sent.push_back(numbered(i));
  sent[1] = can::fd_frame(identifier::standard(0x123), std::vector<std::uint8_t>(64, 0x5A), true);
  sent[2].flags.remote = true;
  sent[2].length = 5;
  sent[3] = can::data_frame(identifier::standard(0x7FF), std::vector<std::uint8_t>(8, 0xFF));
  sent[3].raw_dlc = 12;
  sent[4] = can::data_frame(identifier::standard(0), {});
  // Before anybody reads, so that there is something to take at once.
  const auto done = pair.there.send(sent);
  CHECK(done.count == sent.size());
  CHECK(done.problem == transports::can_problem::none);
  reader from;
  collector all{from, pair.here, sent.size()};
  REQUIRE(all.wait());
  CHECK(all.frames == sent);
  CHECK(all.largest == can_socket::batch_limit);
}

TEST_CASE("one thread serves many descriptors") {
  std::vector<ends> pairs(10);
  reader from;
  std::vector<std::unique_ptr<collector>> all;
  for (auto& pair : pairs) all.push_back(std::make_unique<collector>(from, pair.here, 100));
  for (std::uint32_t i = 0; i < 100; ++i)
    for (auto& pair : pairs) CHECK(pair.there.send(numbered(i)) == transports::can_problem::none);
  for (const auto& one : all) CHECK(one->wait());
}

TEST_CASE("after remove nothing is called any more, and the descriptor can be watched again") {
  ends pair;
  reader from;
  int calls = 0;
  from.add(pair.here.number(), [&calls] { ++calls; });  // reads nothing: is called again and again
  pair.there.send(numbered(1));
  from.remove(pair.here.number());
  const int before = calls;
  pair.there.send(numbered(2));
  collector all{from, pair.here, 2};
  CHECK(all.wait());
  CHECK(calls == before);
  from.remove(-1);
}

TEST_CASE("a callback may remove itself") {
  ends pair;
  reader from;
  std::promise<void> called;
  from.add(pair.here.number(), [&] {
    from.remove(pair.here.number());
    called.set_value();
  });
  pair.there.send(numbered(1));
  CHECK(called.get_future().wait_for(patience) == std::future_status::ready);
}

TEST_CASE("a socket that takes no more says so, and takes the rest later") {
  ends pair;
  const std::vector<can::frame> many(100'000, numbered(7));
  const auto first = pair.here.send(many);
  CHECK(first.problem == transports::can_problem::queue_full);
  CHECK(first.count > 0);
  REQUIRE(first.count < many.size());
  while (!pair.there.receive().frames.empty()) {
  }
  CHECK(pair.here.send(numbered(7)) == transports::can_problem::none);
}

TEST_CASE("what is no frame is passed over") {
  ends pair;
  const char text[] = "hello";
  CHECK(::send(pair.there.number(), text, sizeof text, 0) == sizeof text);
  CHECK(pair.there.send(numbered(3)) == transports::can_problem::none);
  const auto found = pair.here.receive();
  REQUIRE(found.frames.size() == 1);
  CHECK(found.frames[0].content == numbered(3));
  CHECK(pair.here.receive().frames.empty());
}

#include "actors/outbox.hpp"

#include <catch2/catch.hpp>

using namespace canstage;
using namespace canstage::actors;
using namespace std::chrono_literals;

namespace {

constexpr instant start{};

can::frame frame(std::uint8_t number) {
  const std::uint8_t data[] = {number};
  return can::data_frame(can::identifier::standard(0x123), data);
}

/// An outbox with that many frames of port 1, numbered, all of which the kernel took.
outbox under_way(std::uint8_t count) {
  outbox box;
  for (std::uint8_t i = 0; i < count; ++i) box.push(1, i, frame(i));
  box.on_taken(start, box.next().size());
  return box;
}

}  // namespace

TEST_CASE("frames are handed over in their order, and confirmed by their echoes") {
  outbox box;
  CHECK(box.push(1, 10, frame(1)));
  CHECK(box.push(2, 20, frame(2)));
  REQUIRE(box.next().size() == 2);
  CHECK(box.next()[0] == frame(1));
  box.on_taken(start, 1);
  CHECK(box.next() == std::vector{frame(2)});
  CHECK_FALSE(box.on_echo(frame(2)));  // not sent yet
  box.on_taken(start, 1);
  const auto first = box.on_echo(frame(1));
  REQUIRE(first);
  CHECK(first->node == 1);
  CHECK(first->token == 10);
  CHECK_FALSE(first->unconfirmed);
  CHECK(box.on_echo(frame(2))->token == 20);
  CHECK(box.idle());
}

TEST_CASE("of equal frames the oldest is meant, and a changed order does no harm") {
  outbox box;
  box.push(1, 10, frame(7));
  box.push(2, 20, frame(7));
  box.push(3, 30, frame(8));
  box.on_taken(start, box.next().size());
  CHECK(box.on_echo(frame(8))->node == 3);
  CHECK(box.on_echo(frame(7))->node == 1);
  CHECK(box.on_echo(frame(7))->node == 2);
}

TEST_CASE("flags that a controller may change do not matter, the kind of frame does") {
  outbox box;
  const auto sent = can::fd_frame(can::identifier::standard(1), frame(1).payload(), true);
  box.push(1, 0, sent);
  box.on_taken(start, 1);
  auto echo = sent;
  echo.flags.fd = false;
  CHECK_FALSE(box.on_echo(echo));
  echo = sent;
  echo.flags.error_state_indicator = true;
  echo.flags.bit_rate_switch = false;
  CHECK(box.on_echo(echo));
}

TEST_CASE("no more are under way than the window has room for") {
  outbox box;
  for (std::uint32_t i = 0; i < 200; ++i) box.push(1, i, frame(static_cast<std::uint8_t>(i)));
  CHECK(box.next().size() == outbox::window);
  box.on_taken(start, outbox::window);
  CHECK(box.next().empty());
  CHECK(box.on_echo(frame(0)));
  CHECK(box.next().size() == 1);
}

TEST_CASE("an echo that does not come gives its place back after 2 s") {
  auto box = under_way(3);
  CHECK(box.deadline() == start + 2s);
  box.on_time(start + 2s - 1ns);
  CHECK_FALSE(box.idle());
  box.on_time(start + 2s);
  CHECK(box.idle());
  CHECK(box.deadline() == never);
  CHECK_FALSE(box.on_echo(frame(0)));
}

TEST_CASE("what waits can be withdrawn; what is under way is only not confirmed") {
  auto box = under_way(2);
  box.push(1, 2, frame(2));
  box.push(2, 2, frame(3));
  box.withdraw(1, 2);
  CHECK(box.next() == std::vector{frame(3)});
  box.withdraw(1, 1);
  CHECK_FALSE(box.on_echo(frame(0))->unconfirmed);
  CHECK(box.on_echo(frame(1))->unconfirmed);
}

TEST_CASE("a port leaves, or everything is forgotten") {
  auto box = under_way(2);
  box.push(1, 2, frame(2));
  box.push(2, 0, frame(3));
  box.detach(1);
  CHECK(box.waiting() == 1);
  CHECK(box.on_echo(frame(0))->unconfirmed);
  box.clear();
  CHECK(box.idle());
  CHECK(box.next().empty());
}

TEST_CASE("a frame that is refused is dropped alone; too many are not taken") {
  outbox box;
  box.push(1, 0, frame(0));
  box.push(1, 1, frame(1));
  box.drop_next();
  CHECK(box.next() == std::vector{frame(1)});
  for (std::size_t i = 1; i < outbox::limit; ++i) REQUIRE(box.push(1, 2, frame(2)));
  CHECK_FALSE(box.push(1, 3, frame(3)));
}

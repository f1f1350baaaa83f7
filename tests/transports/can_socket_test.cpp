// Against the real kernel: the interfaces vcan0 and vcan1 are there and up, and this is root.
#include "transports/can_socket.hpp"

#include <linux/can.h>
#include <poll.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "transports/can_interfaces.hpp"

using namespace canstage;
using can::filter;
using can::identifier;
using transports::can_problem;
using transports::can_socket;
using transports::received_frame;

namespace {

constexpr int patience_ms = 10'000;

can_socket opened(const std::string& interface) {
  can_socket socket;
  REQUIRE(socket.open(interface) == can_problem::none);
  return socket;
}

can::frame frame(std::uint32_t id, std::vector<std::uint8_t> data) {
  return can::data_frame(identifier::standard(id), data);
}

/// The next `count` frames; fewer if they do not come.
std::vector<received_frame> take(can_socket& from, std::size_t count) {
  std::vector<received_frame> all;
  pollfd wait{from.number(), POLLIN, 0};
  while (all.size() < count && poll(&wait, 1, patience_ms) == 1) {
    const auto batch = from.receive();
    if (batch.problem != can_problem::none) break;
    all.insert(all.end(), batch.frames.begin(), batch.frames.end());
  }
  return all;
}

/// The problem that a socket is told next.
can_problem next_problem(can_socket& from) {
  pollfd wait{from.number(), POLLIN, 0};
  return poll(&wait, 1, patience_ms) == 1 ? from.receive().problem : can_problem::none;
}

void command(const std::string& words) {
  INFO(words);
  REQUIRE(std::system(words.c_str()) == 0);
}

}  // namespace

TEST_CASE("a frame comes back to its sender, marked, and to other sockets of this host") {
  auto sender = opened("vcan0");
  auto other = opened("vcan0");
  auto elsewhere = opened("vcan1");
  const auto sent = frame(0x123, {1, 2, 3});
  CHECK(sender.send(sent) == can_problem::none);
  const auto echo = take(sender, 1);
  REQUIRE(echo.size() == 1);
  CHECK(echo[0].content == sent);
  CHECK(echo[0].from_this_socket);
  CHECK(echo[0].from_this_host);
  const auto heard = take(other, 1);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].content == sent);
  CHECK_FALSE(heard[0].from_this_socket);
  CHECK(heard[0].from_this_host);
  CHECK(elsewhere.receive().frames.empty());
}

TEST_CASE("every kind of frame survives the kernel") {
  auto sender = opened("vcan0");
  std::vector<can::frame> sent{frame(0x7FF, {}), frame(0, {1, 2, 3, 4, 5, 6, 7, 8})};
  sent.push_back(can::data_frame(identifier::extended(0x1FFFFFFF), std::vector<std::uint8_t>{9}));
  sent.push_back(frame(0x100, {0, 0, 0}));
  sent.back().flags.remote = true;
  sent.push_back(frame(0x101, {1, 2, 3, 4, 5, 6, 7, 8}));
  sent.back().raw_dlc = 15;
  for (const std::size_t length : {0, 8, 12, 64})
    sent.push_back(
        can::fd_frame(identifier::extended(0x18DA10F1), std::vector<std::uint8_t>(length, 0x77), true));
  sent.back().flags.error_state_indicator = true;
  const auto done = sender.send(sent);
  CHECK(done.count == sent.size());
  const auto back = take(sender, sent.size());
  REQUIRE(back.size() == sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    INFO(i);
    CHECK(back[i].content == sent[i]);
    CHECK(back[i].error_classes == 0);
  }
}

TEST_CASE("a thousand frames keep their order and have ages") {
  auto sender = opened("vcan0");
  std::vector<can::frame> sent;
  for (std::uint32_t i = 0; i < 1000; ++i) sent.push_back(frame(i, {static_cast<std::uint8_t>(i)}));
  CHECK(sender.send(sent).count == sent.size());
  const auto back = take(sender, sent.size());
  REQUIRE(back.size() == sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) REQUIRE(back[i].content == sent[i]);
  // They have lain in the buffer: the first one longest of its batch.
  CHECK(back[0].age > duration::zero());
  CHECK(back[0].age >= back[10].age);
  CHECK(back[0].age < std::chrono::seconds{1});
}

TEST_CASE("frames that did not fit are counted") {
  auto slow = opened("vcan0");
  auto sender = opened("vcan0");
  const std::vector<can::frame> many(10'000, frame(0x123, {1}));
  CHECK(sender.send(many).count == many.size());
  std::size_t count = 0;
  for (auto batch = slow.receive(); !batch.frames.empty(); batch = slow.receive()) {
    count += batch.frames.size();
    CHECK(batch.lost == 0);  // those in the buffer came before
  }
  CHECK(count < many.size());
  CHECK(sender.send(frame(0x123, {2})) == can_problem::none);
  REQUIRE(take(slow, 1).size() == 1);
  CHECK(slow.receive().lost == many.size() - count);
}

TEST_CASE("filters hold for others' frames and for own ones") {
  auto listener = opened("vcan0");
  auto sender = opened("vcan0");
  CHECK(listener.set_filters(std::vector{filter::exactly(identifier::standard(0x200))}) == can_problem::none);
  CHECK(listener.send(frame(0x123, {1})) == can_problem::none);
  CHECK(sender.send(frame(0x201, {2})) == can_problem::none);
  CHECK(sender.send(frame(0x200, {3})) == can_problem::none);
  const auto heard = take(listener, 1);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].content == frame(0x200, {3}));
  CHECK(listener.receive().frames.empty());
  CHECK(listener.set_filters({}) == can_problem::none);
  CHECK(sender.send(frame(0x200, {4})) == can_problem::none);
  CHECK(listener.receive().frames.empty());
  const std::vector<filter> too_many(513, filter::everything());
  CHECK(listener.set_filters(too_many) == can_problem::frame_refused);
}

TEST_CASE("interfaces that are not there, or not of CAN") {
  can_socket socket;
  CHECK(socket.open("nowhere0") == can_problem::no_interface);
  CHECK(socket.open("") == can_problem::no_interface);
  CHECK(socket.open("a_name_that_is_too_long_for_an_interface") == can_problem::no_interface);
  CHECK(socket.open("lo") == can_problem::not_can);
  CHECK_FALSE(socket.is_open());
}

TEST_CASE("the interfaces of this machine") {
  command("ip link set vcan1 down");
  std::vector<transports::can_interface> all;
  CHECK(transports::list_interfaces(all) == can_problem::none);
  command("ip link set vcan1 up");
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "vcan0");
  CHECK(all[0].up);
  CHECK(all[0].fd);
  CHECK(all[1].name == "vcan1");
  CHECK_FALSE(all[1].up);
}

TEST_CASE("an interface goes down and comes back") {
  auto socket = opened("vcan1");
  command("ip link set vcan1 down");
  CHECK(next_problem(socket) == can_problem::interface_down);
  CHECK(socket.send(frame(0x123, {1})) == can_problem::interface_down);
  CHECK(socket.open("vcan1") == can_problem::interface_down);
  CHECK_FALSE(socket.is_open());
  command("ip link set vcan1 up");
  REQUIRE(socket.open("vcan1") == can_problem::none);
  CHECK(socket.send(frame(0x123, {1})) == can_problem::none);
  CHECK(take(socket, 1).size() == 1);
}

TEST_CASE("an interface is removed and made again") {
  command("ip link add passing type vcan");
  command("ip link set passing up");
  auto socket = opened("passing");
  command("ip link del passing");
  // The kernel may tell first that it goes down.
  auto problem = next_problem(socket);
  if (problem == can_problem::interface_down) problem = next_problem(socket);
  CHECK(problem == can_problem::no_interface);
  CHECK(socket.send(frame(0x123, {1})) == can_problem::no_interface);
  CHECK(socket.open("passing") == can_problem::no_interface);
}

TEST_CASE("a classic interface takes no FD frames") {
  command("ip link add classic type vcan");
  command("ip link set classic mtu 16 up");
  auto socket = opened("classic");
  CHECK_FALSE(socket.carries_fd());
  CHECK(opened("vcan0").carries_fd());
  const auto fd = can::fd_frame(identifier::standard(1), std::vector<std::uint8_t>(12, 0), false);
  CHECK(socket.send(fd) == can_problem::frame_refused);
  const std::vector<can::frame> mixed{frame(1, {1}), frame(2, {2}), fd, frame(3, {3})};
  const auto done = socket.send(mixed);
  CHECK(done.count == 2);
  CHECK(done.problem == can_problem::frame_refused);
  command("ip link del classic");
}

#include "transports/tcp_connector.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <utility>

namespace canstage::transports {

namespace {

/// What is written is sent at once, and a host that has vanished without a word is noticed after some
/// seconds, not hours.
void set_options(int number) {
  struct option {
    int level;
    int name;
    int value;
  };
  static constexpr option options[] = {
      {IPPROTO_TCP, TCP_NODELAY, 1},   {SOL_SOCKET, SO_KEEPALIVE, 1},
      {IPPROTO_TCP, TCP_KEEPIDLE, 5},   // s without anything from there
      {IPPROTO_TCP, TCP_KEEPINTVL, 2},  // s
      {IPPROTO_TCP, TCP_KEEPCNT, 3},   {IPPROTO_TCP, TCP_USER_TIMEOUT, 10'000},  // ms
  };
  // Cannot fail for these; and what they are for works without them.
  for (const auto& one : options) setsockopt(number, one.level, one.name, &one.value, sizeof one.value);
}

std::string describe(int error, const tcp_address& to) {
  const auto name = to_string(to);
  if (error == ECONNREFUSED) return name + " refuses connections: nobody listens there";
  if (error == ETIMEDOUT) return name + " does not answer";
  return name + " cannot be reached: " + std::strerror(error);
}

}  // namespace

tcp_connector::tcp_connector(tcp_address to) : to_(std::move(to)) {
  candidates_ = resolve(to_, false, problem_);
  if (!candidates_.empty()) try_next();
}

void tcp_connector::try_next() {
  const auto& where = candidates_[next_++];
  socket_ = descriptor{socket(where.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!socket_.is_open()) return fail(errno);
  set_options(socket_.number());
  if (connect(socket_.number(), where.get(), where.size) == 0) {
    connected_ = true;
  } else if (errno != EINPROGRESS) {
    fail(errno);
  }
}

void tcp_connector::fail(int error) {
  socket_.close();
  if (next_ < candidates_.size()) return try_next();
  problem_ = describe(error, to_);
}

void tcp_connector::on_ready() {
  if (connected_ || !socket_.is_open()) return;
  pollfd wanted{socket_.number(), POLLOUT, 0};
  if (poll(&wanted, 1, 0) <= 0) return;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket_.number(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return fail(error);
  connected_ = true;
}

bool wait_until_ready(int number, bool to_write, duration patience) {
  pollfd wanted{number, static_cast<short>(to_write ? POLLOUT : POLLIN), 0};
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
  constexpr std::int64_t longest = 60'000;
  return poll(&wanted, 1, static_cast<int>(std::clamp<std::int64_t>(milliseconds, 0, longest))) != 0;
}

descriptor connect_within(const tcp_address& to, duration patience, std::string& problem) {
  tcp_connector attempt{to};
  while (!attempt.is_connected() && attempt.problem().empty()) {
    if (!wait_until_ready(attempt.number(), true, patience)) {
      problem = describe(ETIMEDOUT, to);
      return {};
    }
    attempt.on_ready();
  }
  problem = attempt.problem();
  return attempt.take();
}

}  // namespace canstage::transports

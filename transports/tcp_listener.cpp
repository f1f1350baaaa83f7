#include "transports/tcp_listener.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "transports/tcp_resolve.hpp"

namespace canstage::transports {

namespace {

/// Connections that the kernel keeps until they are accepted.
constexpr int backlog = 128;

void set_option(int number, int level, int option, int value) {
  // Cannot fail for these options; and what they are for works without them.
  setsockopt(number, level, option, &value, sizeof value);
}

/// A bound socket that listens, or none and errno.
descriptor listen_at(const socket_address& where) {
  descriptor made{socket(where.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!made.is_open()) return {};
  // The port of a program that has just ended can be used again.
  set_option(made.number(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (where.family() == AF_INET6) set_option(made.number(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (bind(made.number(), where.get(), where.size) != 0 || listen(made.number(), backlog) != 0) return {};
  return made;
}

std::string describe(int error, const tcp_address& at) {
  const auto name = to_string(at);
  if (error == EADDRINUSE) return name + " is in use by another program";
  if (error == EADDRNOTAVAIL) return name + " is no address of this machine";
  if (error == EACCES) return "not permitted to listen at " + name;
  return "cannot listen at " + name + ": " + std::strerror(error);
}

}  // namespace

bool tcp_listener::open(const tcp_address& at, std::string& problem) {
  const auto candidates = resolve(at, true, problem);
  if (candidates.empty()) return false;
  socket_ = listen_at(candidates.front());
  if (!socket_.is_open()) {
    problem = describe(errno, at);
    return false;
  }
  spare_ = descriptor{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  socket_address bound;
  bound.size = sizeof bound.content;
  getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&bound.content), &bound.size);
  address_ = {at.host, numbers_of(bound).port};
  return true;
}

std::optional<tcp_listener::connection> tcp_listener::accept() {
  for (;;) {
    socket_address from;
    from.size = sizeof from.content;
    descriptor made{accept4(socket_.number(), reinterpret_cast<sockaddr*>(&from.content), &from.size,
                            SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (made.is_open()) {
      set_option(made.number(), IPPROTO_TCP, TCP_NODELAY, 1);
      return connection{std::move(made), to_string(numbers_of(from)), false};
    }
    if (errno == EMFILE || errno == ENFILE) return turn_away();
    // A connection that ended before it was accepted is no reason to stop.
    if (errno != EINTR && errno != ECONNABORTED) return std::nullopt;
  }
}

std::optional<tcp_listener::connection> tcp_listener::turn_away() {
  spare_.close();
  descriptor unwanted{::accept(socket_.number(), nullptr, nullptr)};
  const bool accepted = unwanted.is_open();
  unwanted.close();
  spare_ = descriptor{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  if (!accepted) return std::nullopt;
  return connection{{}, {}, true};
}

}  // namespace canstage::transports

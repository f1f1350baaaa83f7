#include "transports/tcp_stream.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace canstage::transports {

namespace {

bool is_for_now(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

tcp_stream::received tcp_stream::receive(std::span<char> room) {
  if (!problem_.empty()) return {};
  const auto count = recv(socket_.number(), room.data(), room.size(), 0);
  if (count > 0) return {{room.data(), static_cast<std::size_t>(count)}, false};
  if (count == 0) return {{}, true};
  if (!is_for_now(errno)) fail(errno);
  return {};
}

void tcp_stream::send(std::string_view text) {
  if (!problem_.empty()) return;
  if (waiting() + text.size() > queue_limit) {
    problem_ = "it does not read: " + std::to_string(waiting()) + " bytes wait for it";
    return;
  }
  queue_ += text;
  flush();
}

void tcp_stream::flush() {
  while (problem_.empty() && waiting() != 0) {
    const auto count = ::send(socket_.number(), queue_.data() + written_, waiting(), MSG_NOSIGNAL);
    if (count < 0) {
      if (!is_for_now(errno)) fail(errno);
      break;
    }
    written_ += static_cast<std::size_t>(count);
  }
  if (waiting() == 0) {
    queue_.clear();
    written_ = 0;
  } else if (written_ > queue_limit / 2) {
    queue_.erase(0, written_);
    written_ = 0;
  }
}

void tcp_stream::fail(int error) {
  peer_is_gone_ = error == EPIPE || error == ECONNRESET;
  problem_ = peer_is_gone_ ? "it closed the connection"
                           : std::string{"the connection broke: "} + std::strerror(error);
}

}  // namespace canstage::transports

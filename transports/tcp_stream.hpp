// One TCP connection that never blocks. Used by one thread at a time.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "transports/descriptor.hpp"

namespace canstage::transports {

class tcp_stream {
 public:
  /// Characters that may wait until the peer reads; who does not read for longer is given up.
  static constexpr std::size_t queue_limit = 1 << 20;

  tcp_stream() = default;
  /// Takes over a connected descriptor that does not block.
  explicit tcp_stream(descriptor open) : socket_(std::move(open)) {}

  // Observers.
  bool is_open() const { return socket_.is_open(); }
  int number() const { return socket_.number(); }  ///< of the descriptor, for who waits for it
  std::size_t waiting() const { return queue_.size() - written_; }

  /// Why nothing can be sent or received any more, without a full stop; empty while all is well.
  const std::string& problem() const { return problem_; }
  /// That is the problem: the peer has closed the connection, with or without having read everything.
  bool peer_is_gone() const { return peer_is_gone_; }

  struct received {
    std::string_view bytes;  ///< lie in the room that was given
    bool ended = false;      ///< the peer sends no more
  };
  /// What is there, as much as there is room for. Nothing: nothing is there for now, or see `problem`.
  received receive(std::span<char> room);

  /// Writes what the kernel takes; the rest waits for `flush`. More than `queue_limit` is a problem, and
  /// so is a broken connection.
  void send(std::string_view text);
  void flush();

  void close() { socket_.close(); }

 private:
  void fail(int error);

  descriptor socket_;
  std::string queue_;
  std::size_t written_ = 0;  ///< of `queue_`
  std::string problem_;
  bool peer_is_gone_ = false;
};

}  // namespace canstage::transports

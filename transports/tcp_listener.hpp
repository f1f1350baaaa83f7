// Waits for TCP connections at an address of this machine.
#pragma once

#include <optional>
#include <string>

#include "transports/descriptor.hpp"
#include "transports/tcp_address.hpp"

namespace canstage::transports {

/// Used by one thread at a time.
class tcp_listener {
 public:
  /// Binds and listens; port 0 is any that is free. False: `problem` is a sentence without a full stop.
  bool open(const tcp_address& at, std::string& problem);
  void close() { socket_.close(); }

  // Observers.
  bool is_open() const { return socket_.is_open(); }
  int number() const { return socket_.number(); }  ///< of the descriptor, for who waits for it
  /// As it was asked for, with the port that is open.
  const tcp_address& address() const { return address_; }

  struct connection {
    descriptor socket;  ///< does not block; what is written is sent at once; not open: see `turned_away`
    std::string peer;   ///< "127.0.0.1:40112"
    bool turned_away = false;  ///< the process has no descriptors left, so it was closed again
  };
  /// The next connection; nothing if there is none for now.
  std::optional<connection> accept();

 private:
  std::optional<connection> turn_away();

  descriptor socket_;
  descriptor spare_;  ///< given back when there are no more, so that a connection can be closed
  tcp_address address_;
};

}  // namespace canstage::transports

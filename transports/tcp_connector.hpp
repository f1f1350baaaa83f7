// Connects to a host without blocking: to one of its addresses after the other, until one answers.
#pragma once

#include <string>
#include <vector>

#include "protocols/time.hpp"
#include "transports/descriptor.hpp"
#include "transports/tcp_address.hpp"
#include "transports/tcp_resolve.hpp"

namespace canstage::transports {

/// Used by one thread at a time.
class tcp_connector {
 public:
  /// Looks the host up (which blocks if it is a name) and begins.
  explicit tcp_connector(tcp_address to);

  /// What to wait for until something can be written, or an error comes; then call `on_ready`. The
  /// descriptor may be another one after that.
  int number() const { return socket_.number(); }
  void on_ready();

  bool is_connected() const { return connected_; }
  /// Why no address answered, a sentence without a full stop; empty while there is hope.
  const std::string& problem() const { return problem_; }

  /// Once it is connected: does not block, what is written is sent at once, and a host that has vanished is
  /// noticed after some 10 s.
  descriptor take() { return std::move(socket_); }

 private:
  void try_next();
  void fail(int error);

  tcp_address to_;
  std::vector<socket_address> candidates_;
  std::size_t next_ = 0;
  descriptor socket_;
  bool connected_ = false;
  std::string problem_;
};

/// Waits until something can be read, or written if `to_write`, or there is an error. False: there was
/// nothing for so long (a minute at most).
bool wait_until_ready(int number, bool to_write, duration patience);

/// Connects and waits for it, that long at each address. Not open: `problem` is a sentence.
descriptor connect_within(const tcp_address& to, duration patience, std::string& problem);

}  // namespace canstage::transports

// The TCP side of an actor that is a client: connects until it is connected, reads, writes, and connects
// again when the connection was lost.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "actors/tcp_ready.hpp"
#include "actors/timekeeper.hpp"
#include "protocols/time.hpp"
#include "transports/one_shot_set.hpp"
#include "transports/tcp_connector.hpp"
#include "transports/tcp_stream.hpp"

namespace canstage::actors {

struct tcp_link_spec {
  transports::tcp_address server;
  std::shared_ptr<transports::one_shot_set> sockets;  ///< of all links of a stage
  /// The connection was lost, or is back: one sentence without a full stop. May be null.
  std::function<void(instant, const std::string&)> report;
};

/// What an actor knows about its connection.
class tcp_link_owner {
 public:
  virtual void on_connected() = 0;
  virtual void on_bytes(std::string_view input) = 0;
  /// Everything was written that was to be written.
  virtual void on_written() = 0;
  /// There is no connection any more, or there was none: it will be tried again.
  virtual void on_lost() = 0;

 protected:
  ~tcp_link_owner() = default;
};

/// Part of an actor. The calls to the owner are made within `on_ready`, `on_time`, `wait` and `give_up` only.
class tcp_link {
 public:
  /// How long after a failure it is tried again: at first, and at most; twice as long each time.
  static constexpr duration first_pause = std::chrono::milliseconds{200};
  static constexpr duration longest_pause = std::chrono::seconds{5};
  /// How long one attempt may take.
  static constexpr duration patience = std::chrono::seconds{5};

  /// Nothing happens before the first `on_time`. `ready` is called on the reader's thread with what
  /// `on_ready` wants, and must not keep the actor alive.
  tcp_link(tcp_link_owner& owner, tcp_link_spec spec, std::function<void(tcp_socket_id)> ready);
  ~tcp_link() { close(); }
  tcp_link(const tcp_link&) = delete;
  tcp_link& operator=(const tcp_link&) = delete;

  // Observers.
  instant deadline() const { return act_at_; }
  bool is_connected() const { return stream_.is_open(); }
  bool all_written() const { return stream_.waiting() == 0; }
  /// It was lost, and is not back yet. In the beginning it is not lost.
  bool is_lost() const { return lost_; }

  // Inputs.
  void on_ready(instant now, tcp_socket_id attempt);
  void on_time(instant now);

  // For the owner.
  void write(std::string_view text);
  /// The connection is good for what it is for: the next failure is the first one.
  void is_useful(instant now);
  /// Blocks until the socket is ready, or until then, and does what is to be done: for actors that do not
  /// play yet.
  void wait(const timekeeper& clock, instant until);
  /// Closes the connection; it is not made again before `join`.
  void leave();
  void join(instant now);
  /// The connection is good for nothing. `why`: without a full stop, "what it says is not socketcand".
  void give_up(instant now, const std::string& why);
  /// For good.
  void close();

 private:
  void watch(int number);
  void forget();
  void proceed(instant now);
  void receive(instant now);
  void await();
  void fail(instant now, const std::string& sentence);
  void report(instant now, const std::string& sentence) const;

  tcp_link_owner& owner_;
  tcp_link_spec spec_;
  std::function<void(tcp_socket_id)> ready_;
  std::optional<transports::tcp_connector> connector_;
  transports::tcp_stream stream_;
  tcp_socket_id attempt_ = 0;
  duration pause_ = first_pause;
  instant act_at_{};  ///< connect, or give an attempt up
  bool reading_ = false;
  bool lost_ = false;
};

}  // namespace canstage::actors

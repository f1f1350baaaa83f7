// The other end: a client that opens a bus of a socketcand server in raw mode.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/bracket_splitter.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/socketcand/message.hpp"
#include "protocols/time.hpp"

namespace canstage::socketcand {

/// Goes to the server.
struct say {
  std::string text;
};
/// The bus is open: frames come, and can be sent with `append_send`.
struct opened {};
/// A CAN FD frame was on the bus; it is not carried. (Newer servers tell them when they are asked to.)
struct fd_frame {};
/// A controller of the server's machine reports an error: CAN_ERR_* of its class.
struct controller_error {
  std::uint32_t classes = 0;
};
/// The connection is of no use.
struct give_up {
  std::string reason;  ///< without a full stop: "it has no bus can7"
};

using client_event = std::variant<say, opened, received_frame, fd_frame, controller_error, give_up>;

/// A machine: give it one input, then poll until nothing comes.
class client {
 public:
  /// How long the server may take for the handshake.
  static constexpr duration patience = std::chrono::seconds{5};

  /// The connection is there as of `now`.
  client(instant now, std::string bus);

  // Observers.
  bool is_open() const { return state_ == state::open; }
  instant deadline() const { return answer_until_; }

  // Inputs.
  void on_bytes(std::string_view input);
  void on_time(instant now);

  std::optional<client_event> poll();

 private:
  enum class state : std::uint8_t { greeting, opening, changing_mode, open, ended };

  void on_text(const std::vector<std::string_view>& words);
  void on_answer(std::string_view word);
  void on_error(const std::vector<std::string_view>& words);
  void end(std::string reason);

  std::string bus_;
  bracket_splitter splitter_{longest_text};
  state state_ = state::greeting;
  std::deque<client_event> events_;
  instant answer_until_;
};

}  // namespace canstage::socketcand

// A client of a socketcand server, as the server sees it: handshake, modes, frames.
//
//   server  < hi >
//   client  < open can0 >     server  < ok >, or < error could not open bus > and the end
//   client  < rawmode >       server  < ok >, and from now on every frame of the bus
//   client  < echo >          server  < echo >
//
// Between `open` and `rawmode` a client of socketcand is in the mode of the broadcast manager; of that
// mode there are `send`, `subscribe` and `unsubscribe`.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/bracket_splitter.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"

namespace canstage::socketcand {

/// Goes to the client, at once and not together with what follows: python-can wants an answer to be
/// all that it reads.
struct write_text {
  std::string text;
};
/// The client joins that bus.
struct join_bus {
  std::size_t bus = 0;
};
/// The client sends a frame.
struct transmit_frame {
  can::frame content;
};
/// The connection ends.
struct hang_up {
  std::string reason;  ///< without a full stop: "what it sends is not socketcand"
};
/// The client said what has no effect.
struct remark {
  std::string text;
};

using server_event = std::variant<write_text, join_bus, transmit_frame, hang_up, remark>;

/// A machine: give it one input, then poll until nothing comes.
class server {
 public:
  /// How long half a command may wait for its other half.
  static constexpr duration patience = std::chrono::seconds{10};

  /// Frames are held back for this long after the < ok > of raw mode, or until the client says
  /// something: the client has to read the answer alone.
  static constexpr duration hold = std::chrono::milliseconds{100};

  /// `buses`: the names that may be opened.
  explicit server(std::shared_ptr<const std::vector<std::string>> buses);

  // Observers.
  std::optional<std::size_t> bus() const { return bus_; }  ///< that the client has joined
  instant deadline() const;

  // Inputs.
  void on_bytes(instant now, std::string_view input);
  /// A frame of the client's bus that is not its own and can be carried.
  void on_frame(const can::frame& f, duration since_1970);
  void on_time(instant now);

  std::optional<server_event> poll();

 private:
  enum class mode : std::uint8_t { no_bus, broadcast_manager, raw, ended };

  void on_command(instant now, std::string_view text);
  void on_command_without_bus(const std::vector<std::string_view>& words);
  void on_mode(instant now, mode wanted);
  void on_subscription(const std::vector<std::string_view>& words);
  void refuse(std::string_view command);
  void say(std::string_view text);
  void end(std::string reason);
  void release_frames();

  std::shared_ptr<const std::vector<std::string>> buses_;
  bracket_splitter splitter_;
  mode mode_ = mode::no_bus;
  std::optional<std::size_t> bus_;
  std::set<std::uint32_t> subscribed_;  ///< raw identifiers, in the mode of the broadcast manager
  std::deque<server_event> events_;
  std::string frames_;          ///< that are to be written
  bool answered_ = true;        ///< no frame was written since the client's last command
  instant hold_until_ = never;  ///< never: nothing is held back
  instant unfinished_until_ = never;
};

}  // namespace canstage::socketcand

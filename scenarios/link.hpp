// What carries a bus, or a single connection, and how that is written: "virtual", "socketcan:vcan0",
// "isotp:vcan0?fallback=no", "socketcand:127.0.0.1:29536/can0", "isotpserver:127.0.0.1:7000".
//
// A bus is carried by what carries frames, or by kernel ISO-TP, which then carries each of its connections.
// A single connection (of an ECU or endpoint) may be carried by something else than its bus.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace canstage::scenarios {

struct link {
  enum class kind : std::uint8_t { virtual_bus, socketcan, isotp, socketcand, isotpserver };

  kind what = kind::virtual_bus;
  std::string where;       ///< the CAN interface, or the host
  std::uint16_t port = 0;  ///< of TCP
  std::string bus;         ///< socketcand: its name at the server
  bool fallback = true;    ///< kernel ISO-TP: our own in its place where it cannot do something

  /// Whether it is inside the process, so that its time can be virtual.
  bool is_virtual() const { return what == kind::virtual_bus; }
  /// Frames, and so any number of connections; otherwise N_SDUs.
  bool carries_frames() const { return what != kind::isotp && what != kind::isotpserver; }
  /// Also those of CAN FD, and remote frames.
  bool carries_all_frames() const { return carries_frames() && what != kind::socketcand; }

  friend bool operator==(const link&, const link&) = default;
};

/// How a link is written.
std::string to_string(const link& what);

/// What a link is for: not every link can carry either.
enum class link_use : std::uint8_t { bus, connection };

/// What can be written, for messages.
std::string_view link_wish(link_use use);

/// Nothing if that is no such link; `problem` says what is wrong, beside not being one of `link_wish`.
std::optional<link> parse_link(std::string_view text, link_use use, std::string& problem);

}  // namespace canstage::scenarios

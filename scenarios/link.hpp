// What carries the frames of a bus, and how that is written: "virtual", "socketcan:vcan0".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace canstage::scenarios {

struct link {
  enum class kind : std::uint8_t { virtual_bus, socketcan };

  kind what = kind::virtual_bus;
  std::string where;  ///< SocketCAN: the interface

  /// Whether it is inside the process, so that its time can be virtual.
  bool is_virtual() const { return what == kind::virtual_bus; }

  friend bool operator==(const link&, const link&) = default;
};

/// How a link is written.
std::string to_string(const link& what);

/// What can be written, for messages.
inline constexpr std::string_view link_wish = "virtual or socketcan:INTERFACE";

/// Nothing if that is no link; `problem` says what is wrong, beside not being one of `link_wish`.
std::optional<link> parse_link(std::string_view text, std::string& problem);

}  // namespace canstage::scenarios

// What other programs can join over TCP, and how that is written:
// "powertrain=socketcand:127.0.0.1:29536/can0".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/position.hpp"
#include "transports/tcp_address.hpp"

namespace canstage::scenarios {

struct scenario;

struct exposure {
  enum class protocol : std::uint8_t { socketcand, isotpserver };
  enum class kind : std::uint8_t { bus, ecu, endpoint };

  protocol as = protocol::socketcand;  ///< buses speak socketcand, the others isotpserver
  kind what = kind::bus;
  std::uint32_t index = 0;  ///< of the bus, ECU or endpoint
  std::string bus_name;     ///< socketcand: what clients open
  transports::tcp_address listen;
  position where{};  ///< in the file, if it is from there
};

/// Whether both are buses at one address, which clients tell apart by their names.
bool share_listener(const exposure& a, const exposure& b);

/// With the port that is open: NAME=socketcand:HOST:PORT/BUS or NAME=isotpserver:HOST:PORT.
std::string to_string(const exposure& what, const scenario& play, std::uint16_t port);

/// What `--expose` wants, for messages.
inline constexpr std::string_view exposure_wish =
    "BUS=socketcand:HOST:PORT or ECU_OR_ENDPOINT=isotpserver:HOST:PORT";

/// Reads what `to_string` writes; HOST: can be left out (this machine only), and so can /BUS (the name of
/// the bus). Nothing: `problem` says what is wrong.
std::optional<exposure> parse_exposure(std::string_view text, const scenario& play, std::string& problem);

/// Why exposure number `index` of a scenario cannot be, beside those before it; empty: it can.
std::string obstacle(const scenario& play, std::size_t index);

/// Whether TCP clients are the user of that endpoint, so that nobody here is.
bool is_exposed(const scenario& play, std::uint32_t endpoint);

}  // namespace canstage::scenarios

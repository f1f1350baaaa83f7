// What other programs can join over TCP, and how that is written:
// "powertrain=socketcand:127.0.0.1:29536/can0".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/model.hpp"
#include "transports/tcp_address.hpp"

namespace canstage::transports {
class tcp_listener;
}

namespace canstage::scenarios {

struct exposure {
  enum class protocol : std::uint8_t { socketcand, isotpserver };
  enum class kind : std::uint8_t { bus, ecu, endpoint };

  protocol as = protocol::socketcand;  ///< buses speak socketcand, the others isotpserver
  kind what = kind::bus;
  std::uint32_t index = 0;  ///< of the bus, ECU or endpoint
  std::string bus_name;     ///< socketcand: what clients open
  transports::tcp_address listen;
};

/// With the port that is open: NAME=socketcand:HOST:PORT/BUS or NAME=isotpserver:HOST:PORT.
std::string to_string(const exposure& what, const scenario& play, std::uint16_t port);

/// What `--expose` wants, for messages.
inline constexpr std::string_view exposure_wish =
    "BUS=socketcand:HOST:PORT or ECU_OR_ENDPOINT=isotpserver:HOST:PORT";

/// Reads what `to_string` writes; HOST: can be left out (this machine only), and so can /BUS (the name of
/// the bus). Nothing: `problem` says what is wrong.
std::optional<exposure> parse_exposure(std::string_view text, const scenario& play, std::string& problem);

/// Why this cannot be exposed beside the others; empty: it can.
std::string obstacle(const exposure& what, const scenario& play, const std::vector<exposure>& others);

/// An open listener for each exposure. Those of socketcand with one address share theirs.
using listener_list = std::vector<std::shared_ptr<transports::tcp_listener>>;

/// Nothing: `problem` is a sentence without a full stop.
std::optional<listener_list> open_listeners(const std::vector<exposure>& all, std::string& problem);

}  // namespace canstage::scenarios

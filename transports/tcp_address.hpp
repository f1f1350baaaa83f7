// Where a TCP connection goes, or comes from: "127.0.0.1:29536", "[::1]:29536", "gateway.local:29536".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace canstage::transports {

struct tcp_address {
  std::string host;  ///< name or number, IPv6 without brackets
  std::uint16_t port = 0;

  friend bool operator==(const tcp_address&, const tcp_address&) = default;
};

/// How it is written; IPv6 in brackets.
std::string to_string(const tcp_address& address);

/// HOST:PORT. Nothing for anything else.
std::optional<tcp_address> parse_tcp_address(std::string_view text);

/// Where to listen: HOST:PORT, or :PORT or PORT for this machine only.
std::optional<tcp_address> parse_listen_address(std::string_view text);

}  // namespace canstage::transports

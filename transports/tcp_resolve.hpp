// From the name of a host to addresses of the operating system.
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

#include "transports/tcp_address.hpp"

namespace canstage::transports {

struct socket_address {
  sockaddr_storage content{};
  socklen_t size = 0;

  int family() const { return content.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&content); }
};

/// In the order in which they are to be tried, for listening those of IPv4 first. Asks a name server if the
/// host is a name, and blocks until that has answered. None: `problem` is a sentence without a full stop.
std::vector<socket_address> resolve(const tcp_address& address, bool to_listen, std::string& problem);

/// As numbers: "127.0.0.1:40112".
tcp_address numbers_of(const socket_address& address);

}  // namespace canstage::transports

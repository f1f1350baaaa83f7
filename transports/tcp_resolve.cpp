#include "transports/tcp_resolve.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace canstage::transports {

std::vector<socket_address> resolve(const tcp_address& address, bool to_listen, std::string& problem) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | (to_listen ? AI_PASSIVE : 0);
  addrinfo* list = nullptr;
  const int error = getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &list);
  if (error != 0) {
    const bool unknown = error == EAI_NONAME || error == EAI_NODATA;
    problem = unknown ? "there is no host " + address.host
                      : "the host " + address.host + " cannot be looked up: " + gai_strerror(error);
    return {};
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner{list, freeaddrinfo};
  std::vector<socket_address> found;
  for (const auto* one = list; one != nullptr; one = one->ai_next) {
    socket_address& added = found.emplace_back();
    std::memcpy(&added.content, one->ai_addr, one->ai_addrlen);
    added.size = one->ai_addrlen;
  }
  // Clients of socketcand often know IPv4 only.
  if (to_listen)
    std::ranges::stable_partition(found, [](const auto& one) { return one.family() == AF_INET; });
  return found;
}

tcp_address numbers_of(const socket_address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.family() == AF_INET6) {
    const auto& in = reinterpret_cast<const sockaddr_in6&>(address.content);
    inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
    return {text.data(), ntohs(in.sin6_port)};
  }
  const auto& in = reinterpret_cast<const sockaddr_in&>(address.content);
  inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
  return {text.data(), ntohs(in.sin_port)};
}

}  // namespace canstage::transports

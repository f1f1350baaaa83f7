#include "transports/tcp_address.hpp"

#include <algorithm>
#include <charconv>

namespace canstage::transports {

namespace {

constexpr std::size_t longest_host = 255;

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

bool is_host(std::string_view text, bool in_brackets) {
  return !text.empty() && text.size() <= longest_host && std::ranges::all_of(text, [&](char c) {
    return c > ' ' && c < '\x7F' && c != '/' && c != '[' && c != ']' && (c != ':' || in_brackets);
  });
}

}  // namespace

std::string to_string(const tcp_address& address) {
  const bool brackets = address.host.find(':') != std::string::npos;
  return (brackets ? '[' + address.host + ']' : address.host) + ':' + std::to_string(address.port);
}

std::optional<tcp_address> parse_tcp_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  const auto port = parse_port(text.substr(colon + 1));
  const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);
  if (!port || !is_host(host, brackets)) return std::nullopt;
  return tcp_address{std::string{host}, *port};
}

std::optional<tcp_address> parse_listen_address(std::string_view text) {
  const auto port = parse_port(text.starts_with(':') ? text.substr(1) : text);
  return port ? tcp_address{"127.0.0.1", *port} : parse_tcp_address(text);
}

}  // namespace canstage::transports

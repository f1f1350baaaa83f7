#include "scenarios/link.hpp"

#include <algorithm>
#include <array>

#include "transports/tcp_address.hpp"

namespace canstage::scenarios {

namespace {

/// The names that Linux gives to interfaces have 1 to 15 characters.
constexpr std::size_t longest_interface = 15;

bool is_interface_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_interface && name != "." && name != ".." &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c != '/' && c != ':' && c != '\x7F'; });
}

/// HOST:PORT, also [::1]:7000.
bool read_address(std::string_view text, link& out) {
  const auto address = transports::parse_tcp_address(text);
  if (!address || address->port == 0) return false;
  out.where = address->host;
  out.port = address->port;
  return true;
}

/// HOST:PORT/BUS
bool read_socketcand(std::string_view text, link& out) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  out.bus = text.substr(slash + 1);
  return is_interface_name(out.bus) && read_address(text.substr(0, slash), out);
}

bool read_socketcan(std::string_view text, link& out) {
  out.where = text;
  return is_interface_name(text);
}

bool read_isotp(std::string_view text, link& out) {
  const auto name = text.substr(0, text.find('?'));
  const auto option = text.substr(name.size());
  out.where = name;
  out.fallback = option != "?fallback=no";
  return is_interface_name(name) && (option.empty() || option == "?fallback=no" || option == "?fallback=yes");
}

struct link_kind {
  link::kind what;
  std::string_view begin;
  bool (*read)(std::string_view behind, link& out);
  std::string_view behind;  ///< what is expected there
  bool bus;                 ///< can carry one
};

constexpr std::array kinds = std::to_array<link_kind>({
    {link::kind::socketcan, "socketcan:", &read_socketcan,
     "the name of an interface was expected, as in socketcan:vcan0", true},
    {link::kind::isotp, "isotp:", &read_isotp,
     "the name of an interface was expected, as in isotp:vcan0 or isotp:vcan0?fallback=no", true},
    {link::kind::socketcand, "socketcand:", &read_socketcand,
     "HOST:PORT/BUS was expected, as in socketcand:127.0.0.1:29536/can0", true},
    {link::kind::isotpserver, "isotpserver:", &read_address,
     "HOST:PORT was expected, as in isotpserver:127.0.0.1:7000", false},
});

}  // namespace

std::string to_string(const link& what) {
  if (what.is_virtual()) return "virtual";
  const auto* const kind = std::ranges::find(kinds, what.what, &link_kind::what);
  std::string text{kind->begin};
  if (what.port == 0) return text + what.where + (what.fallback ? "" : "?fallback=no");
  text += to_string(transports::tcp_address{what.where, what.port});
  return what.bus.empty() ? text : text + '/' + what.bus;
}

std::string_view link_wish(link_use use) {
  return use == link_use::bus
             ? "virtual, socketcan:INTERFACE, isotp:INTERFACE or socketcand:HOST:PORT/BUS"
             : "socketcan:INTERFACE, isotp:INTERFACE, socketcand:HOST:PORT/BUS or isotpserver:HOST:PORT";
}

std::optional<link> parse_link(std::string_view text, link_use use, std::string& problem) {
  problem.clear();
  if (text == "virtual") {
    if (use == link_use::bus) return link{};
    problem = "without a link of its own a connection is on its bus";
    return std::nullopt;
  }
  for (const auto& kind : kinds) {
    if (!text.starts_with(kind.begin)) continue;
    link made;
    made.what = kind.what;
    if (!kind.read(text.substr(kind.begin.size()), made)) {
      problem = "after '" + std::string{kind.begin} + "' " + std::string{kind.behind};
    } else if (use == link_use::bus && !kind.bus) {
      problem = "that carries a single connection, see --link and 'link' of an ECU";
    } else {
      return made;
    }
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace canstage::scenarios

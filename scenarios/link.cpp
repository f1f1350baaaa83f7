#include "scenarios/link.hpp"

#include <algorithm>
#include <array>
#include <charconv>

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
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  auto host = text.substr(0, colon);
  const auto port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return false;
  }
  const bool plain = std::ranges::all_of(host, [](char c) { return c > ' ' && c != '/' && c != '\x7F'; });
  const auto* const end = port.data() + port.size();
  const auto [rest, problem] = std::from_chars(port.data(), end, out.port);
  out.where = host;
  return !host.empty() && plain && problem == std::errc{} && rest == end && out.port != 0;
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
    {link::kind::isotpserver, "isotpserver:", &read_address,
     "HOST:PORT was expected, as in isotpserver:127.0.0.1:7000", false},
});

/// What the format has, but this version does not.
constexpr std::string_view later = "socketcand:";

}  // namespace

std::string to_string(const link& what) {
  if (what.is_virtual()) return "virtual";
  const auto* const kind = std::ranges::find(kinds, what.what, &link_kind::what);
  std::string text{kind->begin};
  if (what.port == 0) return text + what.where + (what.fallback ? "" : "?fallback=no");
  const bool is_ipv6 = what.where.find(':') != std::string::npos;
  return text + (is_ipv6 ? '[' + what.where + ']' : what.where) + ':' + std::to_string(what.port);
}

std::string_view link_wish(link_use use) {
  return use == link_use::bus ? "virtual, socketcan:INTERFACE or isotp:INTERFACE"
                              : "socketcan:INTERFACE, isotp:INTERFACE or isotpserver:HOST:PORT";
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
  if (text.starts_with(later)) problem = "this version does not have it yet";
  return std::nullopt;
}

}  // namespace canstage::scenarios

#include "scenarios/link.hpp"

#include <algorithm>
#include <array>

namespace canstage::scenarios {

namespace {

constexpr std::string_view socketcan = "socketcan:";

/// What the format has, but this version does not.
constexpr std::array<std::string_view, 3> later_links = {"isotp:", "isotpserver:", "socketcand:"};

/// The names that Linux gives to interfaces have 1 to 15 characters.
constexpr std::size_t longest_interface = 15;

bool is_interface_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_interface && name != "." && name != ".." &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c != '/' && c != ':' && c != '\x7F'; });
}

}  // namespace

std::string to_string(const link& what) {
  return what.is_virtual() ? "virtual" : std::string{socketcan} + what.where;
}

std::optional<link> parse_link(std::string_view text, std::string& problem) {
  if (text == "virtual") return link{};
  if (text.starts_with(socketcan)) {
    const auto name = text.substr(socketcan.size());
    if (is_interface_name(name)) return link{link::kind::socketcan, std::string{name}};
    problem = "after 'socketcan:' the name of an interface was expected, as in socketcan:vcan0";
    return std::nullopt;
  }
  const bool later = std::ranges::any_of(later_links, [&](auto begin) { return text.starts_with(begin); });
  problem = later ? "this version does not have it yet" : "";
  return std::nullopt;
}

}  // namespace canstage::scenarios

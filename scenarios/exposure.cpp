#include "scenarios/exposure.hpp"

#include <algorithm>

#include "scenarios/model.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::string_view socketcand = "socketcand:";
constexpr std::string_view isotpserver = "isotpserver:";

const std::string& name_of(const exposure& what, const scenario& play) {
  if (what.what == exposure::kind::bus) return play.buses[what.index].name;
  return what.what == exposure::kind::ecu ? play.ecus[what.index].name : play.endpoints[what.index].name;
}

template <class List>
std::optional<std::uint32_t> find(const List& all, std::string_view name) {
  const auto found = std::ranges::find_if(all, [&](const auto& one) { return one.name == name; });
  if (found == all.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - all.begin());
}

bool find_target(std::string_view name, const scenario& play, exposure& made, std::string& problem) {
  if (made.as == exposure::protocol::socketcand) {
    made.what = exposure::kind::bus;
    if (const auto bus = find(play.buses, name))
      made.index = *bus;
    else
      problem = play.file + " has no bus " + std::string{name};
    return problem.empty();
  }
  if (const auto ecu = find(play.ecus, name)) {
    made.what = exposure::kind::ecu;
    made.index = *ecu;
  } else if (const auto endpoint = find(play.endpoints, name)) {
    made.what = exposure::kind::endpoint;
    made.index = *endpoint;
  } else {
    problem = play.file + " has no ECU or endpoint " + std::string{name};
  }
  return problem.empty();
}

/// Whether a step sends in the name of that endpoint.
bool speaks(const step_list& steps, endpoint_index index) {
  return std::ranges::any_of(steps, [&](const step& one) {
    if (const auto* request = std::get_if<request_step>(&one.what))
      return request->from.what == party::kind::endpoint && request->from.index == index;
    if (const auto* wait = std::get_if<wait_answer_step>(&one.what))
      return wait->ask.from.what == party::kind::endpoint && wait->ask.from.index == index;
    if (const auto* repeat = std::get_if<repeat_step>(&one.what)) return speaks(repeat->steps, index);
    if (const auto* each = std::get_if<for_each_step>(&one.what))
      return std::ranges::any_of(each->rounds, [&](const auto& round) { return speaks(round, index); });
    const auto* parallel = std::get_if<parallel_step>(&one.what);
    return parallel != nullptr &&
           std::ranges::any_of(parallel->branches, [&](const auto& branch) { return speaks(branch, index); });
  });
}

/// What stands in its way without the others.
std::string obstacle_alone(const exposure& what, const scenario& play) {
  if (what.what == exposure::kind::bus) {
    constexpr std::size_t longest_bus_name = 15;
    const auto& name = what.bus_name;
    const bool fine = !name.empty() && name.size() <= longest_bus_name &&
                      std::ranges::all_of(name, [](char c) { return c > ' ' && c != '<' && c != '>'; });
    return fine ? "" : "clients of socketcand open buses by names of 1 to 15 characters without blanks";
  }
  const bool is_ecu = what.what == exposure::kind::ecu;
  const auto& carrier = is_ecu ? play.ecus[what.index].carrier : play.endpoints[what.index].carrier;
  if (carrier)
    return name_of(what, play) + " is on " + to_string(*carrier) + ", where TCP clients do not come";
  if (is_ecu) return {};
  const auto& who = play.endpoints[what.index];
  if (who.what != endpoint::behaviour::none)
    return "an endpoint is exposed with 'do: none' only: its TCP client decides what it does";
  if (who.real) return who.name + " is real: somebody else is this endpoint";
  return speaks(play.steps, what.index) ? "steps send in the name of this endpoint, so that no TCP client can"
                                        : "";
}

}  // namespace

bool share_listener(const exposure& a, const exposure& b) {
  return a.listen == b.listen && a.listen.port != 0 && a.as == exposure::protocol::socketcand &&
         b.as == exposure::protocol::socketcand;
}

std::string to_string(const exposure& what, const scenario& play, std::uint16_t port) {
  const bool bus = what.what == exposure::kind::bus;
  return name_of(what, play) + '=' + std::string{bus ? socketcand : isotpserver} +
         to_string(transports::tcp_address{what.listen.host, port}) + (bus ? '/' + what.bus_name : "");
}

std::optional<exposure> parse_exposure(std::string_view text, const scenario& play, std::string& problem) {
  const auto sign = text.find('=');
  auto place = sign == std::string_view::npos ? std::string_view{} : text.substr(sign + 1);
  exposure made;
  if (place.starts_with(isotpserver)) {
    made.as = exposure::protocol::isotpserver;
    place.remove_prefix(isotpserver.size());
  } else if (place.starts_with(socketcand)) {
    place.remove_prefix(socketcand.size());
    const auto slash = place.find('/');
    made.bus_name = slash == std::string_view::npos ? text.substr(0, sign) : place.substr(slash + 1);
    place = place.substr(0, slash);
  } else {
    problem = std::string{exposure_wish} + " was expected";
    return std::nullopt;
  }
  const auto listen = transports::parse_listen_address(place);
  if (!listen) {
    problem = "where to listen was expected, as in 127.0.0.1:29536";
    return std::nullopt;
  }
  made.listen = *listen;
  if (!find_target(text.substr(0, sign), play, made, problem)) return std::nullopt;
  return made;
}

std::string obstacle(const scenario& play, std::size_t index) {
  const auto& what = play.exposures[index];
  if (auto why = obstacle_alone(what, play); !why.empty()) return why;
  for (std::size_t i = 0; i < index; ++i) {
    const auto& other = play.exposures[i];
    if (other.listen == what.listen && what.listen.port != 0 && !share_listener(other, what))
      return to_string(what.listen) + " is where " + name_of(other, play) + " listens";
    if (share_listener(other, what) && other.bus_name == what.bus_name)
      return "there is a bus " + what.bus_name + " at " + to_string(what.listen) + " already";
    if (other.what == exposure::kind::endpoint && what.what == other.what && what.index == other.index)
      return "this endpoint is exposed already, and has one user";
  }
  return {};
}

bool is_exposed(const scenario& play, endpoint_index endpoint) {
  return std::ranges::any_of(play.exposures, [=](const exposure& one) {
    return one.what == exposure::kind::endpoint && one.index == endpoint;
  });
}

}  // namespace canstage::scenarios

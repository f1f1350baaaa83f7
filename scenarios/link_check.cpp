#include "scenarios/link_check.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "protocols/isotpserver/pdu_text.hpp"

namespace canstage::scenarios {

namespace {

/// Whether two links may be one wire: both outside of the process, or the same.
bool may_meet(const link& a, const link& b) { return a == b || (!a.is_virtual() && !b.is_virtual()); }

/// Whether what is sent on one is heard on the other, too.
bool same_wire(const link& a, const link& b) {
  const auto is_interface = [](const link& one) {
    return one.what == link::kind::socketcan || one.what == link::kind::isotp;
  };
  return a == b || (is_interface(a) && is_interface(b) && a.where == b.where);
}

/// The bus of a step about frames; nothing for others.
std::optional<bus_index> bus_of_frames(const step& one) {
  if (const auto* send = std::get_if<send_frame_step>(&one.what)) return send->bus;
  if (const auto* expect = std::get_if<expect_frame_step>(&one.what)) return expect->which.bus;
  if (const auto* silence = std::get_if<expect_silence_step>(&one.what)) return silence->which.bus;
  if (const auto* bus = std::get_if<expect_bus_step>(&one.what)) return bus->which.bus;
  return std::nullopt;
}

/// Calls `use` for every step that is no list of others.
template <class Use>
void for_each_single(const step_list& steps, const Use& use) {
  for (const auto& one : steps) {
    if (const auto* loop = std::get_if<repeat_step>(&one.what)) {
      for_each_single(loop->steps, use);
    } else if (const auto* fork = std::get_if<parallel_step>(&one.what)) {
      for (const auto& branch : fork->branches) for_each_single(branch, use);
    } else if (const auto* each = std::get_if<for_each_step>(&one.what)) {
      for (const auto& round : each->rounds) for_each_single(round, use);
    } else {
      use(one);
    }
  }
}

/// Whether something is about frames of that bus.
bool has_frames(const scenario& play, bus_index on) {
  bool found = std::ranges::any_of(play.cyclic, [on](const cyclic_frame& one) { return one.bus == on; });
  for_each_single(play.steps, [&](const step& one) { found = found || bus_of_frames(one) == on; });
  return found;
}

class link_check {
 public:
  explicit link_check(const scenario& play) : play_(play) {}

  std::vector<uncarried> all(const link_purpose& purpose) {
    for (const auto& bus : play_.buses) {
      if (purpose.trace && is_strict(bus.carrier))
        found_.push_back({bus.where, "there is no trace of bus " + bus.name + ": " + no_frames(bus.carrier)});
      if (bus.rates && bus.rates->data != 0)
        need_all(bus.carrier, bus.where, "bus " + bus.name + " has CAN FD");
    }
    for (const auto& who : play_.testers) check_length(play_.buses[who.bus].carrier, who);
    for (const auto& who : play_.gateways)
      for (const auto bus : {who.near, who.far})
        if (is_strict(play_.buses[bus].carrier))
          found_.push_back(
              {who.where, who.name + " forwards frames, and " + no_frames(play_.buses[bus].carrier)});
    for (const auto& who : play_.ecus) look_at(who);
    for (const auto& who : play_.endpoints) {
      look_at(who);
      if (who.real && who.carrier)
        found_.push_back(
            {who.where, who.name + " is real: the link of an endpoint carries one that is here"});
    }
    for (const auto& one : play_.cyclic) {
      const auto& carrier = play_.buses[one.bus].carrier;
      if (is_strict(carrier)) found_.push_back({one.where, no_frames(carrier)});
      check_frame(carrier, one.where, one.settings.content);
    }
    for (const auto& one : play_.faults) look_at(one);
    if (purpose.steps) for_each_single(play_.steps, [this](const step& one) { look_at(one); });
    return std::move(found_);
  }

 private:
  static bool is_strict(const link& carrier) {
    return carrier.what == link::kind::isotp && !carrier.fallback;
  }

  static std::string no_frames(const link& carrier) { return to_string(carrier) + " carries no frames"; }

  /// For what some links that carry frames do not carry.
  void need_all(const link& carrier, position where, const std::string& what) {
    if (carrier.carries_frames() && !carrier.carries_all_frames())
      found_.push_back({where, what + ", and " + to_string(carrier) + " carries classic data frames only"});
  }

  void check_frame(const link& carrier, position where, const can::frame& sent) {
    if (sent.flags.fd) need_all(carrier, where, "this is a frame of CAN FD");
    if (sent.flags.remote) need_all(carrier, where, "this is a remote frame");
  }

  template <class Node>
  void check_length(const link& carrier, const Node& who) {
    if (who.isotp->tx_dl > can::max_classic_length)
      need_all(carrier, who.where, who.name + " has a tx_dl of " + std::to_string(who.isotp->tx_dl));
  }

  template <class Node>
  const link& carrier_of(const Node& who) const {
    return who.carrier ? *who.carrier : play_.buses[who.bus].carrier;
  }

  template <class Node>
  void look_at(const Node& who) {
    check_length(carrier_of(who), who);
    if (!who.carrier || who.carrier->carries_frames()) return;
    const auto text = to_string(*who.carrier);
    if (who.carrier->what != link::kind::isotpserver) return;
    if (who.faults)
      found_.push_back({who.where, who.name + " has faults, but " + text + " has an ISO-TP of its own"});
    const auto [first, alone] = taken_.try_emplace(text, who.name);
    if (!alone)
      found_.push_back(
          {who.where, first->second + " and " + who.name + " are both on " + text + ", which carries one"});
  }

  /// What goes wrong with frames, or keeps them from a bus, is up to the bus.
  void look_at(const fault& one) {
    const bool of_bus = one.what == fault::level::traffic || one.frame.has_value() ||
                        (one.what == fault::level::life_cycle && one.action == life_action::bus_off);
    const auto& bus = play_.buses[one.bus];
    if (of_bus && !bus.carrier.is_virtual())
      found_.push_back({one.where, "'" + one.text + "' is a fault of a virtual bus, and bus " + bus.name +
                                       " is " + to_string(bus.carrier)});
  }

  void look_at(const step& one) {
    if (const auto bus = bus_of_frames(one); bus && is_strict(play_.buses[*bus].carrier))
      found_.push_back({one.where, no_frames(play_.buses[*bus].carrier)});
    if (const auto* send = std::get_if<send_frame_step>(&one.what))
      check_frame(play_.buses[send->bus].carrier, one.where, send->frame);
    if (const auto* functional = std::get_if<functional_step>(&one.what)) look_at(one, *functional);
    if (const auto* change = std::get_if<change_parameter_step>(&one.what)) look_at(one, *change);
    if (const auto* request = std::get_if<request_step>(&one.what)) look_at(one, *request);
    if (const auto* wait = std::get_if<wait_answer_step>(&one.what)) look_at(one, wait->ask);
    if (const auto* procedure = std::get_if<procedure_step>(&one.what))
      check_reached(one, play_.testers[procedure->from], play_.ecus[procedure->to]);
  }

  void look_at(const step& one, const change_parameter_step& what) {
    const link& carrier = what.at.what == party::kind::ecu ? carrier_of(play_.ecus[what.at.index])
                                                           : carrier_of(play_.endpoints[what.at.index]);
    if (carrier.what == link::kind::isotpserver || carrier.what == link::kind::isotp)
      found_.push_back(
          {one.where, to_string(carrier) + " has an ISO-TP of its own, which takes its parameters once"});
  }

  void look_at(const step& one, const functional_step& what) {
    const auto& from = play_.testers[what.from];
    for (const auto index : from.ecus) {
      const auto& to = play_.ecus[index];
      if (!to.carrier || !to.address.functional_rx) continue;
      if (!to.real) {
        check_reached(one, from, to);
        if (to.carrier->what == link::kind::isotpserver)
          report(one, to.name, from.name,
                 to.name + " is behind " + to_string(*to.carrier) +
                     ", which brings no functional requests (unless its 'functional' is none)");
      } else if (!same_wire(*to.carrier, play_.buses[from.bus].carrier)) {
        report(one, to.name, from.name,
               to.name + " is behind " + to_string(*to.carrier) +
                   ", and a functional request is sent on bus " + play_.buses[from.bus].name + " only");
      }
    }
  }

  /// isotpserver tells nothing but messages, and has room for 6000 bytes.
  void check_service(const step& one, const request_step& what) {
    const bool from_endpoint = what.from.what == party::kind::endpoint;
    const auto& to = what.to;
    const auto* carrier = from_endpoint                    ? &carrier_of(play_.endpoints[what.from.index])
                          : play_.ecus[what.to.index].real ? &carrier_of(play_.ecus[to.index])
                                                           : nullptr;
    if (carrier == nullptr || carrier->what != link::kind::isotpserver) return;
    const bool known = what.request.names().empty() && !what.request.uses_request();
    const auto length = known ? what.request.fill({}, {}).size() : 0;
    if (length > isotpserver::longest_message)
      found_.push_back({one.where, to_string(*carrier) + " carries messages up to " +
                                       std::to_string(isotpserver::longest_message) +
                                       " bytes, this one has " + std::to_string(length)});
    if (what.expect && what.expect->what == responder_expectation::kind::break_off)
      found_.push_back({one.where, to_string(*carrier) + " does not tell how a message ends"});
  }

  void look_at(const step& one, const request_step& what) {
    check_service(one, what);
    if (what.from.what == party::kind::tester)
      return check_reached(one, play_.testers[what.from.index], play_.ecus[what.to.index]);
    const auto& from = play_.endpoints[what.from.index];
    const auto& to = play_.endpoints[what.to.index];
    if (to.real) return;
    if (may_meet(carrier_of(from), carrier_of(to))) return;
    const auto& moved = from.carrier ? from : to;
    report_away(one, moved.name, *moved.carrier, moved.bus, (from.carrier ? to : from).name);
  }

  void check_reached(const step& one, const tester& from, const ecu& to) {
    // Of a real one the link carries the tester's end.
    if (to.carrier && !to.real && !may_meet(play_.buses[to.bus].carrier, *to.carrier))
      report_away(one, to.name, *to.carrier, to.bus, from.name);
  }

  void report_away(const step& one, const std::string& moved, const link& carrier, bus_index bus,
                   const std::string& partner) {
    report(one, moved, partner,
           moved + " is simulated here, and " + to_string(carrier) + " takes it away from bus " +
               play_.buses[bus].name + ", which is virtual: " + partner + " does not reach it there");
  }

  /// Once for each pair: a script asks the same ECU many times.
  void report(const step& one, const std::string& who, const std::string& partner, std::string why) {
    if (reported_.emplace(who, partner).second) found_.push_back({one.where, std::move(why)});
  }

  const scenario& play_;
  std::vector<uncarried> found_;
  std::map<std::string, std::string> taken_;  ///< links that carry one connection, and whose it is
  std::set<std::pair<std::string, std::string>> reported_;
};

}  // namespace

std::vector<uncarried> find_uncarried(const scenario& play, const link_purpose& purpose) {
  return link_check{play}.all(purpose);
}

std::vector<std::string> detours(const scenario& play, const link_purpose& purpose) {
  std::vector<std::string> found;
  for (bus_index i = 0; i < play.buses.size(); ++i) {
    const auto& bus = play.buses[i];
    if (bus.carrier.what != link::kind::isotp) continue;
    if (!bus.carrier.fallback) {
      const auto listens = [&](const tester& who) { return who.bus == i && !who.listen.empty(); };
      if (std::ranges::any_of(play.testers, listens))
        found.push_back("bus " + bus.name + ": who answers without being known is not heard on " +
                        to_string(bus.carrier));
      continue;
    }
    if (purpose.trace || has_frames(play, i))
      found.push_back("bus " + bus.name + ": frames of steps and of --trace go over CAN_RAW on " +
                      bus.carrier.where + ", because kernel ISO-TP carries messages only");
  }
  return found;
}

}  // namespace canstage::scenarios

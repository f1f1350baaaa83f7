#include "scenarios/builder_plan.hpp"

#include <unordered_map>

#include "actors/socket_bus.hpp"
#include "protocols/can/arbiter.hpp"
#include "scenarios/active_faults.hpp"
#include "scenarios/address_range.hpp"
#include "scenarios/lua/lua_script.hpp"

namespace canstage::scenarios {

namespace {

template <class Node>
const link* own_link(const Node& who) {
  return who.carrier ? &*who.carrier : nullptr;
}

class planning {
 public:
  planning(const scenario& play, const run_draws& draws, const script_error& on_script_error)
      : play_(play), draws_(draws), seed_(draws.seed), on_script_error_(on_script_error) {
    plan_.buses.resize(play.buses.size());
    for (std::uint32_t i = 0; i < play.faults.size(); ++i)
      if (play.faults[i].answer)
        answer_faults_[play.faults[i].ecu].push_back({*play.faults[i].answer, draw_of(i, draws)});
  }

  cast_plan all() {
    for (ecu_index i = 0; i < play_.ecus.size(); ++i) add_ecu(i);
    for (endpoint_index i = 0; i < play_.endpoints.size(); ++i) add_endpoint(i);
    for (const auto& who : play_.testers) plan_.testers.push_back(tester_of(who));
    return std::move(plan_);
  }

 private:
  /// `spec` is without what depends on where it is: port and burst.
  template <class Node>
  planned_connection& add(const Node& whose, std::string title, actors::connection_spec spec,
                          actors::hosted_user user, const link* own = nullptr) {
    auto& connections = plan_.buses[whose.bus].connections;
    const auto& where = play_.buses[whose.bus];
    const auto& carrier = own != nullptr ? *own : where.carrier;
    spec.port = static_cast<actors::port_id>(connections.size());
    spec.burst = carrier.is_virtual() ? can::arbiter{where.rates}.burst() : actors::socket_bus::burst;
    return connections.emplace_back(
        planned_connection{std::move(title), {spec, std::move(user)}, whose.where, own});
  }

  /// The connection of an ECU or endpoint.
  template <class Node>
  actors::connection_spec spec_of(const Node& who) const {
    return {.address = who.address,
            .settings = who.isotp,
            .faults = active_misbehaviour(who.faults, who.name, draws_, [this](std::uint32_t fault) {
              return is_active_at_begin(play_.faults[fault]);
            })};
  }

  std::vector<uds::drawn_answer_fault> answer_faults_of(ecu_index index) {
    const auto found = answer_faults_.find(index);
    return found == answer_faults_.end() ? std::vector<uds::drawn_answer_fault>{} : std::move(found->second);
  }

  static actors::port_id port_of(const planned_connection& one) { return one.node.connection.port; }

  std::shared_ptr<uds::script> script_of(const ecu& who) const {
    if (who.script == nullptr) return nullptr;
    return std::make_shared<lua_script>(
        who.script, who.name, random_stream{seed_, "script " + who.name},
        [report = on_script_error_, name = who.name](instant at, const std::string& text) {
          if (report) report(at, name, text);
        });
  }

  void add_ecu(ecu_index index) {
    const auto& who = play_.ecus[index];
    if (who.real) return;
    const auto& made = add(
        who, "ecu " + who.name, spec_of(who),
        actors::hosted_server{
            who.uds, random_stream{seed_, "ecu " + who.name}, script_of(who), {}, answer_faults_of(index)},
        own_link(who));
    const auto port = port_of(made);
    if (is_kernel(made, who.bus)) places_.emplace(index, port);
    plan_.buses[who.bus].ecus.emplace_back(index, port);
    for (const auto& own : who.testers) {
      auto spec = spec_of(who);
      spec.address = own.ids;
      add(who, "ecu " + who.name + " for " + own.tester, spec, actors::hosted_for_tester{port},
          own_link(who));
    }
  }

  void add_endpoint(endpoint_index index) {
    const auto& who = play_.endpoints[index];
    if (who.real || is_exposed(play_, index)) return;
    actors::hosted_user user = actors::external_user{};
    if (who.what == endpoint::behaviour::echo) user = actors::hosted_echo{};
    if (who.what == endpoint::behaviour::swallow) user = actors::hosted_swallow{};
    auto& made = add(who, "endpoint " + who.name, spec_of(who), std::move(user), own_link(who));
    plan_.buses[who.bus].all_endpoints.emplace_back(index, port_of(made));
    if (who.what == endpoint::behaviour::none)
      plan_.buses[who.bus].endpoints.emplace_back(index, port_of(made));
    if (!is_kernel(made, who.bus)) return;
    for (const auto& other : play_.endpoints)
      if (other.bus == who.bus && other.address.tx == who.address.rx && other.address.rx == who.address.tx)
        made.peer_tx_dl.push_back(other.isotp->tx_dl);
  }

  bool is_kernel(const planned_connection& one, bus_index bus) const {
    const auto& carrier = one.own != nullptr ? *one.own : play_.buses[bus].carrier;
    return carrier.what == link::kind::isotp;
  }

  /// Each of the two learns what the other one sends.
  void introduce(planned_connection& to_ecu, const tester& from, ecu_index index) {
    if (is_kernel(to_ecu, from.bus)) to_ecu.peer_tx_dl.push_back(play_.ecus[index].isotp->tx_dl);
    const auto place = places_.find(index);
    if (place == places_.end()) return;
    auto& of_ecu = plan_.buses[play_.ecus[index].bus].connections[place->second];
    of_ecu.peer_tx_dl.push_back(from.isotp->tx_dl);
  }

  /// Of ECUs whose connections are not on the bus, where nobody would know what they answer.
  std::vector<can::identifier> known_beside(const tester& who) const {
    const bool kernel = play_.buses[who.bus].carrier.what == link::kind::isotp;
    std::vector<can::identifier> found;
    for (const auto& one : play_.ecus)
      if (one.bus == who.bus && (kernel || one.carrier)) found.push_back(one.address.tx);
    for (const auto index : who.ecus)
      if (kernel && play_.ecus[index].bus != who.bus) found.push_back(play_.ecus[index].address.tx);
    return found;
  }

  actors::tester_spec tester_of(const tester& who) {
    actors::tester_spec spec;
    for (const auto index : who.ecus) {
      const auto& partner = play_.ecus[index];
      auto& made = add(who, "tester " + who.name + " to " + partner.name,
                       {.address = mirrored(address_for(partner, who.name)), .settings = who.isotp},
                       actors::external_user{}, partner.real ? own_link(partner) : nullptr);
      introduce(made, who, index);
      spec.peers.push_back({{}, port_of(made)});
    }
    if (who.functional) {
      const isotp::addressing to_all{.rx = *who.functional,
                                     .tx = *who.functional,
                                     .functional_rx = {},
                                     .functional_tx = who.functional,
                                     .tx_address_byte = who.functional_address_byte,
                                     .functional_tx_address_byte = who.functional_address_byte};
      const auto& made =
          add(who, "tester " + who.name + " to all",
              {.address = to_all, .settings = who.isotp, .hears = false}, actors::external_user{});
      spec.to_all = {{}, port_of(made)};
    }
    // Without our own ISO-TP there is none for those whom nobody knows.
    if (play_.buses[who.bus].carrier.fallback && !who.listen.empty()) {
      const auto known = known_beside(who);
      for (const auto& range : who.listen) append_filters_except(range, known, spec.listen);
    }
    spec.settings = who.isotp;
    return spec;
  }

  const scenario& play_;
  const run_draws& draws_;
  std::uint64_t seed_;
  const script_error& on_script_error_;
  cast_plan plan_;
  std::unordered_map<ecu_index, std::vector<uds::drawn_answer_fault>> answer_faults_;
  std::unordered_map<ecu_index, actors::port_id> places_;  ///< of the ECUs that the kernel plays here
};

}  // namespace

fault_draw draw_of(std::uint32_t fault, const run_draws& draws) {
  fault_draw made{random_stream{draws.seed, "fault " + std::to_string(fault)}, nullptr};
  if (!draws.selection) return made;
  const auto chosen = draws.selection->find(fault);
  made.only = std::make_shared<const fault_schedule>(chosen == draws.selection->end() ? fault_schedule{}
                                                                                      : chosen->second);
  return made;
}

cast_plan plan_cast(const scenario& play, const run_draws& draws, const script_error& on_script_error) {
  return planning{play, draws, on_script_error}.all();
}

}  // namespace canstage::scenarios

#include "scenarios/fault_director.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/active_faults.hpp"

namespace canstage::scenarios {

namespace {

using level = fault::level;

/// Whether it happens by itself, and not because of a frame or a request.
bool is_planned(const fault& what) {
  return what.what == level::traffic || (what.what == level::life_cycle && !what.frame);
}

}  // namespace

fault_director::fault_director(caf::actor_config& config, actors::stage& home, std::string title,
                               const scenario& play, cast players, fault_log& log,
                               std::function<void(instant, const std::string&)> report)
    : stage_actor(config, home, std::move(title)),
      play_(play),
      players_(std::move(players)),
      log_(log),
      report_(std::move(report)),
      alarm_(make_alarm(actors::phase::script)) {
  home.observe_incidents(actors::incident_observer_actor{this});
  for (std::uint32_t i = 0; i < play_.faults.size(); ++i) {
    const fault& one = play_.faults[i];
    active_.push_back(one.what == level::n_pdu && is_active_at_begin(one));
    if (!one.during.empty()) continue;
    if (is_planned(one) || (one.what == level::n_pdu && !active_.back())) plan(one.begin, i, task::happens);
    if (one.what == level::n_pdu && one.end != never) plan(one.end, i, task::ends);
  }
}

fault_director_actor::behavior_type fault_director::make_behavior() {
  return {
      [this](const actors::incident_report& told) {
        if (const auto* bus = std::get_if<actors::bus_incident>(&told)) return on_bus(*bus);
        on_node(std::get<actors::node_incident>(told));
      },
      [this](const step_change& step) { on_step(step); },
      [this](const actors::wake_up&) { on_wake(); },
  };
}

void fault_director::on_bus(const actors::bus_incident& told) {
  const can::incident& what = told.what;
  const auto& bus = play_.buses[told.bus].name;
  const std::string node = node_at(told.bus, what.node);
  if (what.what == can::incident::kind::state && report_)
    report_(what.at, "bus " + bus + ": " + state_text(what, node));
  if (what.what != can::incident::kind::fault) return;
  log_.add({what.at, what.fault, what.occasion, frame_text(what, node)});
  if (play_.faults[what.fault].what == level::life_cycle) act_on_ecu(what.fault);
}

void fault_director::on_node(const actors::node_incident& told) {
  log_.add({told.at, told.fault, told.occasion, {}});
}

void fault_director::on_step(const step_change& step) {
  for (std::uint32_t i = 0; i < play_.faults.size(); ++i) {
    if (play_.faults[i].during != step.name) continue;
    if (!is_planned(play_.faults[i])) {
      arm(i, step.begins);
    } else if (step.begins && now() >= play_.faults[i].begin && now() < play_.faults[i].end) {
      happen(i);
    } else if (!step.begins && play_.faults[i].what == level::traffic) {
      end(i);
    }
  }
}

void fault_director::on_wake() {
  alarm_.woke();
  while (!tasks_.empty() && tasks_.begin()->first <= now()) {
    const auto [number, what] = tasks_.begin()->second;
    tasks_.erase(tasks_.begin());
    if (what == task::happens) {
      happen(number);
    } else {
      end(number);
    }
  }
  alarm_.arm(tasks_.empty() ? never : tasks_.begin()->first);
}

void fault_director::plan(instant at, std::uint32_t number, task what) {
  tasks_.emplace(at, std::pair{number, what});
  alarm_.arm(tasks_.begin()->first);
}

/// A fault happens that nothing but time or a step brings about.
void fault_director::happen(std::uint32_t number) {
  if (play_.faults[number].what == level::n_pdu) return set_active(number, true);
  const std::uint32_t occasion = ++happened_[number];
  const auto* only = players_.selection.get();
  if (only != nullptr) {
    const auto chosen = only->find(number);
    if (chosen == only->end() || !std::ranges::count(chosen->second, occasion)) return;
  }
  const fault& what = play_.faults[number];
  home().report_incident(actors::node_incident{number, occasion, now()});
  if (what.what == level::life_cycle) return act_on_ecu(number);
  switch_traffic(number, true);
  if (what.end != never && what.during.empty()) plan(what.end, number, task::ends);
}

void fault_director::end(std::uint32_t number) {
  const fault& what = play_.faults[number];
  if (what.what == level::n_pdu) return set_active(number, false);
  if (what.what == level::traffic) return switch_traffic(number, false);
  switch_power(what, true);
}

void fault_director::act_on_ecu(std::uint32_t number) {
  const fault& what = play_.faults[number];
  const auto& who = players_.ecus[what.ecu];
  if (!who.host) return;  // it is real
  switch (what.action) {
    case life_action::reset:
      return switch_power(what, true);
    case life_action::power_loss:
    case life_action::late_boot:
      switch_power(what, false);
      return plan(now() + what.off, number, task::ends);
    case life_action::bus_off:
      send(players_.buses[what.bus], actors::force_bus_off{who.id, what.off});
  }
}

void fault_director::switch_power(const fault& what, bool on) {
  const auto& who = players_.ecus[what.ecu];
  if (who.host) send(who.host, actors::power_cycle{who.id, !on});
}

void fault_director::switch_traffic(std::uint32_t number, bool on) {
  const auto& place = players_.traffic.at(number);
  send(place.host, actors::switch_cyclic{place.index, on});
}

void fault_director::arm(std::uint32_t number, bool on) {
  const fault& what = play_.faults[number];
  if (what.what == level::n_pdu) return set_active(number, on && now() >= what.begin && now() < what.end);
  if (what.frame) return send(players_.buses[what.bus], actors::arm_fault{number, on});
  const auto& who = players_.ecus[what.ecu];
  if (what.answer && who.host) send(who.host, actors::ecu_stimulus{who.id, uds::fault_switch{number, on}});
}

/// The node is told all that it does wrong from now on.
void fault_director::set_active(std::uint32_t number, bool on) {
  if (active_[number] == on) return;
  active_[number] = on;
  const auto& [what, index] = play_.faults[number].node;
  const bool is_ecu = what == party::kind::ecu;
  const auto& all = is_ecu ? play_.ecus[index].faults : play_.endpoints[index].faults;
  const auto& name = is_ecu ? play_.ecus[index].name : play_.endpoints[index].name;
  const auto how = active_misbehaviour(all, name, {players_.seed, players_.selection},
                                       [this](std::uint32_t fault) { return active_[fault]; });
  for (const auto& one : (is_ecu ? players_.ecu_connections : players_.endpoint_connections)[index])
    send(one.host, actors::misbehave_request{one.id, how});
}

std::string fault_director::node_at(bus_index bus, can::node_id node) const {
  const auto& names = players_.nodes.at(bus);
  return node < names.size() ? names[node] : players_.name_of_port(node);
}

fault_director_actor raise_director(actors::stage& home, const scenario& play, const cast& players,
                                    fault_log& log,
                                    const std::function<void(instant, const std::string&)>& report) {
  if (play.faults.empty()) return {};
  return home.spawn<fault_director>("faults", play, players, log, report);
}

}  // namespace canstage::scenarios

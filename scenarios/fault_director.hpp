// Brings about the faults that no bus and no ECU knows of: power, bus off and foreign traffic, at their time,
// during their steps or because of frames; arms those of steps; and keeps the book of all faults.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "actors/stage_actor.hpp"
#include "scenarios/builder.hpp"
#include "scenarios/fault_log.hpp"
#include "scenarios/model.hpp"

namespace canstage::scenarios {

/// A step of that name begins or ends.
struct step_change {
  std::string name;
  bool begins = true;
};

using fault_director_actor =
    actors::incident_observer_actor::extend<caf::reacts_to<step_change>,       // the script gets on
                                            caf::reacts_to<actors::wake_up>>;  // it is time for a fault

class fault_director final : public actors::stage_actor<fault_director_actor> {
 public:
  /// `play` and `log` outlive the stage. `report` is told what becomes of nodes, a sentence each, as of
  /// buses.
  fault_director(caf::actor_config& config, actors::stage& home, std::string title, const scenario& play,
                 cast players, fault_log& log, std::function<void(instant, const std::string&)> report);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override { players_ = {}; }

 private:
  enum class task : std::uint8_t { happens, ends };

  void on_bus(const actors::bus_incident& told);
  void on_node(const actors::node_incident& told);
  void on_step(const step_change& step);
  void on_wake();
  void plan(instant at, std::uint32_t number, task what);
  void happen(std::uint32_t number);
  void end(std::uint32_t number);
  void act_on_ecu(std::uint32_t number);
  void switch_power(const fault& what, bool on);
  void switch_traffic(std::uint32_t number, bool on);
  void arm(std::uint32_t number, bool on);
  void set_active(std::uint32_t number, bool on);
  std::string node_at(bus_index bus, can::node_id node) const;

  const scenario& play_;
  cast players_;
  fault_log& log_;
  std::function<void(instant, const std::string&)> report_;
  std::multimap<instant, std::pair<std::uint32_t, task>> tasks_;
  std::map<std::uint32_t, std::uint32_t> happened_;  ///< occasions of faults that frames do not bring about
  std::vector<bool> active_;                         ///< faults of ISO-TP that are there now
  actors::alarm alarm_;
};

/// Puts one on the stage if there are faults; null otherwise.
fault_director_actor raise_director(actors::stage& home, const scenario& play, const cast& players,
                                    fault_log& log,
                                    const std::function<void(instant, const std::string&)>& report);

}  // namespace canstage::scenarios

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::scenarios::step_change)

// An ISO-TP connection as an actor: an endpoint between a bus and one user.
#pragma once

#include <memory>

#include "actors/misdeeds.hpp"
#include "actors/stage_actor.hpp"
#include "protocols/isotp/endpoint.hpp"
#include "protocols/isotp/misbehaviour.hpp"

namespace canstage::actors {

/// What a connection needs to know, besides its bus.
struct connection_spec {
  port_id port = 0;
  isotp::addressing address;
  std::shared_ptr<const isotp::parameters> settings;
  unsigned burst = 1;                                      ///< frames that the bus takes at once
  bool hears = true;                                       ///< false: sends only, as for functional requests
  std::shared_ptr<const isotp::misbehaviour> faults = {};  ///< null: it behaves
};

class connection final : public stage_actor<connection_actor> {
 public:
  connection(caf::actor_config& config, stage& home, std::string title, const connection_spec& spec,
             bus_actor bus);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  struct outlet;

  void attach();
  template <class Input>
  void input(Input&& what);

  isotp::endpoint machine_;
  alarm alarm_;
  bus_actor bus_;
  connection_user_actor user_;
  const isotp::parameters* settings_;  ///< the endpoint keeps them
  port_id port_;
  bool hears_;
  misdeeds done_;
};

}  // namespace canstage::actors

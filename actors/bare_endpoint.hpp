// The user of a bare ISO-TP connection that has no UDS behind it: echoes what comes, or swallows it.
#pragma once

#include "actors/stage_actor.hpp"

namespace canstage::actors {

class bare_endpoint final : public stage_actor<endpoint_actor> {
 public:
  bare_endpoint(caf::actor_config& config, stage& home, std::string title, bool echoes,
                const connection_handle& connection);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override { host_ = nullptr; }

 private:
  bool echoes_;
  connection_host_actor host_;
  connection_id connection_;
};

}  // namespace canstage::actors
